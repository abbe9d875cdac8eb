import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeAll, expect, test } from 'vitest';
import type { Pool } from '../../src/db/pool.ts';
import { AppError } from '../../src/errors.ts';
import { testDatabase } from '../support/postgres.ts';
import { anOrderDesk, only, type OrderDesk } from './order-desk.ts';
import { aWireLine } from './wire-order.ts';

let pool: Pool;
beforeAll(async () => {
  ({ pool } = await testDatabase());
});

const booked = async (): Promise<OrderDesk> => {
  const desk = await anOrderDesk(pool);
  await desk.look();
  await desk.book();
  await desk.tell();
  return desk;
};

const change = (desk: OrderDesk, body: object): ReturnType<OrderDesk['command']> =>
  new MockActivityEnvironment().run(() => desk.command('change', { n: 1, body }));

test.each<[string, object, RegExp]>([
  ['by a service that there is not', { service: { service: 'PO9999' } }, /service unknown/],
  ['by a service that does not go to its country', { service: { service: 'PO2351' } }, /service country not served/],
  ['in a parcel that is too heavy', { parcels: [{ weightGrams: 900_000 }] }, /service weight exceeded/],
  ['with an add-on that excludes another', { service: { service: 'PO2103', addons: ['NOSUCH'] } }, /addon not allowed/],
  ['to a postcode that is none', { address: { postcode: '12' } }, /postcode invalid/],
])('a booked shipment that could not be booked %s is not changed', async (_name, body, reason) => {
  const desk = await booked();
  const before = only(await desk.look());
  const { outcome, state } = await change(desk, body);
  expect(outcome).toEqual({ outcome: 'refused', reason: expect.stringMatching(reason) });
  expect(only(state)).toEqual(before);
  expect(only(await desk.look())).toEqual(before);
  expect(await desk.attempts()).toMatchObject([{ state: 'live', watch: null }]);
});

test('a refused change says nothing of the receiver', async () => {
  const desk = await booked();
  const { outcome } = await change(desk, { address: { postcode: '12', street1: 'Salainen kuja 9' } });
  expect(outcome.reason).not.toMatch(/Salainen|12/);
});

test('a change that cannot be booked asks nobody for the label', async () => {
  const desk = await booked();
  await desk.handOut();
  const { outcome, state } = await change(desk, { address: { postcode: '12' } });
  expect(outcome.outcome).toBe('refused');
  expect(only(state).attention).toBeNull();
});

test('a change to a pickup point that Posti does not have is refused, booked or not', async () => {
  const desk = await anOrderDesk(pool);
  const asked: string[] = [];
  const pickupPoint = (country: string, id: string) => Promise.resolve(void asked.push(`${country}/${id}`));
  Object.assign(desk.carrier, { pickupPoint });
  await desk.look();
  const body = { pickupPointId: '009999999' };
  expect((await change(desk, body)).outcome).toMatchObject({
    outcome: 'refused',
    reason: expect.stringContaining('009999999'),
  });
  await desk.book();
  expect((await change(desk, body)).outcome.outcome).toBe('refused');
  expect(asked).toEqual(['FI/009999999', 'FI/009999999']);
  expect(await desk.attempts()).toMatchObject([{ state: 'live' }]);
});

test('a change to a parcel locker is refused for goods that fit into none, and to a counter it is not', async () => {
  const desk = await anOrderDesk(pool, { settings: { defaultService: { service: 'PO2103' } } });
  desk.shop.wire = { ...desk.shop.wire, lines: [aWireLine({ width: '90', height: '50', depth: '40' })] };
  await desk.measureIn('Centimeters');
  Object.assign(desk.carrier, {
    pickupPoint: (_country: string, id: string) => Promise.resolve({ id, locker: id.endsWith('1') }),
  });
  await desk.look();
  expect((await change(desk, { pickupPointId: '001003231' })).outcome).toEqual({
    outcome: 'refused',
    reason: expect.stringContaining('001003231 is a parcel locker'),
  });
  expect((await change(desk, { pickupPointId: '001003230' })).outcome).toEqual({ outcome: 'done' });
});

test('a change does not wait for a Posti that says nothing of its pickup points', async () => {
  const desk = await booked();
  const down = new AppError('Posti is out of order.', { kind: 'retryable', code: 'posti_unavailable' });
  Object.assign(desk.carrier, { pickupPoint: () => Promise.reject(down) });
  const body = { pickupPointId: '001003230', service: { service: 'PO2103' } };
  expect((await change(desk, body)).outcome).toEqual({ outcome: 'done' });
});

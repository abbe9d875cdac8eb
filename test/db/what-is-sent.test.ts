import { beforeAll, expect, test } from 'vitest';
import type { Pool } from '../../src/db/pool.ts';
import { testDatabase } from '../support/postgres.ts';
import { anOrderDesk, only } from './order-desk.ts';

let pool: Pool;
beforeAll(async () => {
  ({ pool } = await testDatabase());
});

const mariehamn = { country_iso2: 'AX', country: 'Åland Islands', zip: '22100', city: 'Mariehamn' };

async function aDeskTo(address: object, settings: Record<string, unknown> = {}) {
  const desk = await anOrderDesk(pool, { settings });
  const { addresses, ...order } = desk.shop.wire;
  desk.shop.wire = { ...order, addresses: addresses.map((each) => ({ ...each, ...address })) };
  return desk;
}

test('a parcel to Åland waits for the word of a person, and is booked by it once, without customs data', async () => {
  const desk = await aDeskTo(mariehamn);
  expect(only(await desk.look())).toMatchObject({
    phase: 'planned',
    attention: { code: 'customs_data_missing', commands: ['resolve', 'change', 'cancel'] },
  });
  await desk.book();
  expect(desk.carrier.booked).toEqual([]);

  const { outcome } = await desk.command('resolve', { n: 1 });
  expect(outcome).toEqual({ outcome: 'done' });
  // Nothing is booked by the plan that could not be booked: the next look makes it anew.
  await desk.book();
  expect(desk.carrier.booked).toEqual([]);
  expect(only(await desk.look())).toMatchObject({ phase: 'planned', attention: null, bookable: true });
  expect(only(await desk.look())).toMatchObject({ attention: null, bookable: true });
  expect(only(await desk.book())).toMatchObject({ phase: 'booked' });
  expect(desk.carrier.booked).toMatchObject([{ receiver: { country: 'AX' } }]);
  expect((await desk.timeline()).map(({ words }) => words).join('\n')).toContain(
    'booked without customs data, by the word of a person',
  );
});

test('what a person accepted for one destination is asked again for another', async () => {
  const desk = await aDeskTo(mariehamn, { defaultService: { service: 'ITPR' } });
  await desk.look();
  await desk.command('resolve', { n: 1 });
  const { addresses, ...order } = desk.shop.wire;
  const oslo = { country_iso2: 'NO', country: 'Norway', zip: '0150', city: 'Oslo' };
  desk.shop.wire = { ...order, addresses: addresses.map((each) => ({ ...each, ...oslo })) };
  expect(only(await desk.look()).attention?.code).toBe('customs_data_missing');
});

test('a label that is out is not replaced by one over a border that nobody has accepted, and the way there works', async () => {
  const desk = await aDeskTo({});
  await desk.look();
  await desk.book();
  const { outcome } = await desk.command('change', {
    n: 1,
    body: { address: { country: 'AX', postcode: '22100', city: 'Mariehamn' } },
  });
  expect(outcome).toEqual({ outcome: 'refused', reason: expect.stringContaining('"resolve"') });

  const { addresses, ...order } = desk.shop.wire;
  desk.shop.wire = { ...order, addresses: addresses.map((each) => ({ ...each, ...mariehamn })) };
  await desk.command('cancel', { n: 1 });
  await desk.withdraw();
  await desk.command('book');
  const asked = (await desk.look()).shipments.find(({ phase }) => phase === 'planned');
  expect(asked?.attention?.code).toBe('customs_data_missing');
  await desk.command('resolve', { n: asked!.n });
  await desk.look();
  expect((await desk.book(asked!.n)).shipments.find(({ n }) => n === asked!.n)?.phase).toBe('booked');
});

test('a store whose papers are made elsewhere is not asked', async () => {
  const desk = await aDeskTo(mariehamn, { customs: { papersElsewhere: ['aland'] } });
  await desk.look();
  expect(only(await desk.book()).phase).toBe('booked');
});

test('what was put right on the way to the label stands in the timeline, without a word of the order', async () => {
  const desk = await aDeskTo({
    first_name: 'Maximiliana Aleksandra Wilhelmiina',
    last_name: 'Kuvitteellinen',
    street_1: 'Mets&auml;katu 1',
  });
  await desk.look();
  const [planned] = (await desk.timeline()).filter(({ what }) => what === 'planned');
  expect(planned?.words).toContain('first names are initials on the label');
  expect(planned?.words).toContain('HTML entities');
  expect(planned?.words).not.toMatch(/Kuvitteellinen|Mets/);
});

test('a plan from before phone and mobile were apart is booked with its mobile number', async () => {
  const desk = await aDeskTo({});
  await desk.look();
  await pool.query(
    `update lahetti.plan_revisions r set recipient = recipient - 'mobile' - 'state'
       from lahetti.shipments s join lahetti.orders o on o.id = s.order_pk
      where r.shipment_id = s.id and o.order_id = $1`,
    [desk.ref.orderId],
  );
  await desk.book();
  expect(desk.carrier.booked).toMatchObject([{ receiver: { phone: '+358401234567', mobile: '+358401234567' } }]);
});

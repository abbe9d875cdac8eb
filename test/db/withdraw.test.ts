import { beforeAll, expect, test } from 'vitest';
import type { Pool } from '../../src/db/pool.ts';
import { AppError } from '../../src/errors.ts';
import { testDatabase } from '../support/postgres.ts';
import { anOrderDesk, only, type OrderDesk } from './order-desk.ts';

let pool: Pool;
beforeAll(async () => {
  ({ pool } = await testDatabase());
});

const booked = async (): Promise<OrderDesk> => {
  const desk = await anOrderDesk(pool);
  await desk.look();
  await desk.book();
  return desk;
};

test('taking a shipment back deletes its record, puts the status back and watches its number', async () => {
  const desk = await booked();
  const number = only(await desk.tell()).trackingNumbers[0];
  expect(desk.shop.wire.order.status_id).toBe(2);
  await desk.command('cancel', { n: 1 });
  expect(only(await desk.withdraw())).toMatchObject({ phase: 'cancelled', told: 'withdrawn', cancelling: false });
  expect(desk.shop.shipments).toEqual([]);
  expect(desk.shop.wire.order.status_id).toBe(11);
  expect(await desk.attempts()).toMatchObject([{ state: 'withdrawn', watch: 'superseded', numbers: [number] }]);
  expect(await desk.look()).toMatchObject({ phase: 'cancelled', unshipped: { cancelled_by_a_person: 1 } });
});

test('taking it back twice does no more than once', async () => {
  const desk = await booked();
  await desk.tell();
  await desk.command('cancel', { n: 1 });
  await desk.withdraw();
  const before = await desk.timeline();
  await desk.withdraw();
  expect(await desk.timeline()).toEqual(before);
  expect(desk.shop.statusesSet).toEqual([11]);
});

test('a shipment that the shop was never told of ends without asking the shop', async () => {
  const desk = await booked();
  await desk.command('cancel', { n: 1 });
  desk.shop.listShipments = () => Promise.reject(new Error('nobody should ask'));
  expect(only(await desk.withdraw())).toMatchObject({ phase: 'cancelled', told: 'not_yet' });
});

test('a status that the merchant set is left as it is', async () => {
  const desk = await booked();
  await desk.tell();
  desk.shop.setStatus(10);
  await desk.command('cancel', { n: 1 });
  await desk.withdraw();
  expect(desk.shop.statusesSet).toEqual([]);
});

/** To two addresses, and so two shipments; both booked, and the shop told of both, with a look between. */
async function twoTold(): Promise<OrderDesk> {
  const desk = await anOrderDesk(pool);
  const { wire } = desk.shop;
  desk.shop.wire = {
    ...wire,
    addresses: [wire.addresses[0]!, { ...wire.addresses[0]!, id: 8, city: 'Espoo' }],
    lines: [wire.lines[0]!, { ...wire.lines[0]!, id: 2, order_address_id: 8 }],
  };
  await desk.look();
  for (const n of [1, 2]) {
    await desk.book(n);
    await desk.tell(n);
    await desk.look();
  }
  return desk;
}

test('the order is Partially Shipped while another shipment of ours is told', async () => {
  const desk = await twoTold();
  await desk.command('cancel', { n: 2 });
  const state = await desk.withdraw(2);
  expect(state.shipments.map((s) => s.told)).toEqual(['told', 'withdrawn']);
  expect(desk.shop.shipments).toHaveLength(1);
  expect(desk.shop.wire.order.status_id).toBe(3);
  expect(await desk.look()).toMatchObject({ unshipped: { cancelled_by_a_person: 1 } });
});

test('it stays Shipped where what is left is all that there is to ship', async () => {
  const desk = await twoTold();
  const { wire } = desk.shop;
  desk.shop.wire = {
    ...wire,
    lines: wire.lines.map((l) => (l.id === 2 ? { ...l, quantity_refunded: l.quantity } : l)),
  };
  await desk.look();
  await desk.command('cancel', { n: 2 });
  await desk.withdraw(2);
  expect(desk.shop.shipments).toHaveLength(1);
  expect(desk.shop.statusesSet).toEqual([]);
});

test('two that are taken back at once put the status back that was there before both', async () => {
  const desk = await twoTold();
  for (const n of [1, 2]) await desk.command('cancel', { n });
  // Both have seen that the other one is told before either of them ends.
  let arrived = 0;
  let goOn = () => {};
  const bothAreThere = new Promise<void>((resolve) => (goOn = resolve));
  desk.shop.getOrder = async () => {
    if (++arrived === 2) goOn();
    await bothAreThere;
    return desk.shop.wire;
  };
  await Promise.all([desk.withdraw(1), desk.withdraw(2)]);
  expect(desk.shop.shipments).toEqual([]);
  expect(desk.shop.wire.order.status_id).toBe(11);
});

test.each([
  [1, 2],
  [2, 1],
])(
  'the last of two that is taken back puts the status back that was there before both (%i, then %i)',
  async (...ns) => {
    const desk = await twoTold();
    expect(desk.shop.wire.order.status_id).toBe(2);
    for (const n of ns) {
      await desk.command('cancel', { n });
      await desk.withdraw(n);
    }
    expect(desk.shop.shipments).toEqual([]);
    expect(desk.shop.wire.order.status_id).toBe(11);
  },
);

test('a record whose creation nobody could tell of is found by its number and deleted', async () => {
  const desk = await booked();
  const lost = new AppError('No answer.', { kind: 'outcome_unknown', code: 'timeout' });
  desk.shop.nextCreate = (save) => {
    save();
    return Promise.reject(lost);
  };
  await expect(desk.tell()).rejects.toThrow('No answer');
  expect(desk.shop.shipments).toHaveLength(1);
  await desk.command('cancel', { n: 1 });
  expect(only(await desk.withdraw()).phase).toBe('cancelled');
  expect(desk.shop.shipments).toEqual([]);
});

test('a record of an unknown outcome that was taken back no longer counts: the last of the others puts the status back', async () => {
  const desk = await twoTold();
  // Another number of the second one is told, and nobody can say whether the shop took it.
  await desk.command('change', { n: 2, body: { parcels: [{ weightGrams: 900 }] } });
  await desk.look();
  await pool.query(
    `update lahetti.write_backs w set state = 'unknown', at = now() - interval '1 hour' from lahetti.shipments s, lahetti.orders o
      where s.id = w.shipment_id and s.n = 2 and o.id = s.order_pk and o.store_id = $1`,
    [desk.store.id],
  );
  for (const n of [2, 1]) {
    await desk.command('cancel', { n });
    await desk.withdraw(n);
  }
  expect(desk.shop.shipments).toEqual([]);
  expect(desk.shop.wire.order.status_id).toBe(11);
});

test('a record that may still arrive is waited for', async () => {
  const desk = await booked();
  desk.shop.nextCreate = () => Promise.reject(new AppError('No answer.', { kind: 'outcome_unknown', code: 'timeout' }));
  await expect(desk.tell()).rejects.toThrow('No answer');
  await desk.command('cancel', { n: 1 });
  await expect(desk.withdraw()).rejects.toMatchObject({ code: 'write_back_unresolved' });
});

test('a parcel that Posti scanned meanwhile stays, and needs a person', async () => {
  const desk = await booked();
  await desk.tell();
  await desk.command('cancel', { n: 1 });
  await desk.scan();
  expect(only(await desk.withdraw())).toMatchObject({
    phase: 'booked',
    cancelling: false,
    attention: { code: 'cancelled_after_hand_over' },
  });
  const { rows } = await pool.query<{ words: string }>(
    `select s.people_problem->'problems'->0->>'problem' as words
       from lahetti.shipments s join lahetti.orders o on o.id = s.order_pk where o.order_id = $1`,
    [desk.ref.orderId],
  );
  // A person took it back here: that the shop cancelled the order would be a guess.
  expect(rows).toEqual([{ words: expect.not.stringContaining('in the shop') as string }]);
  expect(desk.shop.shipments).toHaveLength(1);
});

test('a changed shipment that is cancelled before it is booked anew takes its record along', async () => {
  const desk = await booked();
  await desk.tell();
  await desk.command('change', { n: 1, body: { parcels: [{ weightGrams: 900 }] } });
  await desk.look();
  const { state } = await desk.command('cancel', { n: 1 });
  expect(only(state)).toMatchObject({ phase: 'planned', cancelling: true });
  expect(only(await desk.withdraw()).phase).toBe('cancelled');
  expect(desk.shop.shipments).toEqual([]);
  expect(desk.shop.wire.order.status_id).toBe(11);
});

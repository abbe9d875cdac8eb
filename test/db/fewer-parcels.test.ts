import { beforeAll, expect, test } from 'vitest';
import type { Pool } from '../../src/db/pool.ts';
import { AppError } from '../../src/errors.ts';
import { testDatabase } from '../support/postgres.ts';
import { anOrderDesk, only, type OrderDesk } from './order-desk.ts';

let pool: Pool;
beforeAll(async () => {
  ({ pool } = await testDatabase());
});

/** Three heavy units, each in a parcel of its own with a record of its own; the shop has been told. */
async function threeRecords(): Promise<OrderDesk> {
  const desk = await anOrderDesk(pool, { settings: { writeBack: { severalParcels: 'record_per_parcel' } } });
  const { wire } = desk.shop;
  desk.shop.wire = { ...wire, lines: wire.lines.map((line) => ({ ...line, quantity: 3, weight: '20000' })) };
  await desk.look();
  await desk.book();
  expect(only(await desk.tell()).trackingNumbers).toHaveLength(3);
  expect(desk.shop.shipments).toHaveLength(3);
  return desk;
}

const changed = async (desk: OrderDesk, body: object) => {
  expect((await desk.command('change', { n: 1, body })).outcome).toEqual({ outcome: 'done' });
  await desk.look();
  await desk.book();
};

const numbers = (desk: OrderDesk) => desk.shop.shipments.map((s) => s.tracking_number);
const units = (desk: OrderDesk) => desk.shop.shipments.flatMap((s) => s.items).reduce((sum, i) => sum + i.quantity, 0);

test('a change to one parcel leaves one record, with all units', async () => {
  const desk = await threeRecords();
  await changed(desk, { parcels: [{ weightGrams: 30_000 }] });
  const state = only(await desk.tell());
  expect(state.told).toBe('told');
  expect(numbers(desk)).toEqual(state.trackingNumbers);
  expect(units(desk)).toBe(3);
});

test('what others recorded in the shop stays', async () => {
  const desk = await threeRecords();
  const [ours] = desk.shop.shipments;
  desk.shop.shipments.push({ ...ours!, id: 99, tracking_number: 'OMA-1', items: [] });
  await changed(desk, { parcels: [{ weightGrams: 30_000 }] });
  const { trackingNumbers } = only(await desk.tell());
  expect(numbers(desk)).toEqual(['OMA-1', ...trackingNumbers]);
});

test('a worker that died between two deletions leaves nothing undone', async () => {
  const desk = await threeRecords();
  await changed(desk, { parcels: [{ weightGrams: 30_000 }] });
  const { deleteShipment } = desk.shop;
  const down = new AppError('The shop is down.', { kind: 'retryable', code: 'bigcommerce_unavailable' });
  let left = 1;
  desk.shop.deleteShipment = (...given) => (left-- > 0 ? deleteShipment(...given) : Promise.reject(down));
  await expect(desk.tell()).rejects.toBe(down);
  expect(desk.shop.shipments).toHaveLength(2);
  desk.shop.deleteShipment = deleteShipment;
  const { trackingNumbers } = only(await desk.tell());
  expect(numbers(desk)).toEqual(trackingNumbers);
  await desk.tell();
  expect(numbers(desk)).toEqual(trackingNumbers);
});

test('a change back to several parcels splits the one record again', async () => {
  const desk = await threeRecords();
  await changed(desk, { parcels: [{ weightGrams: 30_000 }] });
  await desk.tell();
  await pool.query(
    `update lahetti.shipments set people_override = null where order_pk in (select id from lahetti.orders where store_id = $1)`,
    [desk.store.id],
  );
  await changed(desk, { address: { street1: 'Uusi katu 3' } });
  const { trackingNumbers } = only(await desk.tell());
  expect(trackingNumbers).toHaveLength(3);
  expect(numbers(desk)).toEqual(trackingNumbers);
  expect(units(desk)).toBe(3);
});

test('the status from before our first record is put back when the shipment is cancelled after all', async () => {
  const desk = await threeRecords();
  await desk.look();
  await changed(desk, { parcels: [{ weightGrams: 30_000 }] });
  await desk.tell();
  await desk.command('cancel', { n: 1 });
  expect(only(await desk.withdraw()).phase).toBe('cancelled');
  expect(desk.shop.shipments).toEqual([]);
  expect(desk.shop.wire.order.status_id).toBe(11);
});

test('a record whose parcel has other units now is made anew', async () => {
  const desk = await threeRecords();
  // Two of them fit into one parcel now.
  const { wire } = desk.shop;
  desk.shop.wire = { ...wire, lines: wire.lines.map((line) => ({ ...line, weight: '12000' })) };
  await changed(desk, { address: { street1: 'Uusi katu 3' } });
  const { trackingNumbers } = only(await desk.tell());
  expect(trackingNumbers).toHaveLength(2);
  expect(numbers(desk).sort()).toEqual([...trackingNumbers].sort());
  expect(
    desk.shop.shipments
      .flatMap((s) => s.items)
      .map((i) => i.quantity)
      .sort(),
  ).toEqual([1, 2]);
});

test('parcels whose line the shop replaced are one record of the line that it has, with all numbers', async () => {
  const settings = { writeBack: { severalParcels: 'record_per_parcel' } };
  const desk = await anOrderDesk(pool, { settings });
  const { wire } = desk.shop;
  desk.shop.wire = { ...wire, lines: wire.lines.map((line) => ({ ...line, quantity: 2, weight: '20000' })) };
  await desk.look();
  await desk.book();
  desk.shop.wire = { ...desk.shop.wire, lines: desk.shop.wire.lines.map((line) => ({ ...line, id: 2 })) };
  await desk.look();
  await desk.command('resolve', { n: 1 });
  await desk.look();
  const { told, trackingNumbers } = only(await desk.tell());
  expect(told).toBe('told');
  expect(desk.shop.shipments.map(({ items }) => items)).toEqual([[{ order_product_id: 2, quantity: 2 }]]);
  expect(desk.shop.shipments[0]!.comments).toBe(`Parcels: ${trackingNumbers.join(', ')}`);
  expect(trackingNumbers).toHaveLength(2);
});

import { expect, test } from 'vitest';
import { closeAttempt, openAttempt } from '../../src/booking/attempts.sql.ts';
import { adoptFoundBooking, supersedeBooking, withdrawBooking } from '../../src/booking/replaced-attempts.sql.ts';
import { inTransaction } from '../../src/db/pool.ts';
import { lockShipment } from '../../src/shipments/shipments.sql.ts';
import { askToCancel } from '../../src/shipments/transitions.sql.ts';
import {
  closeWriteBack,
  forgetWriteBack,
  openWriteBack,
  setTold,
  shipmentWithRecords,
} from '../../src/write-back/write-backs.sql.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import { testDatabase } from '../support/postgres.ts';
import { anOrderDesk, created, only } from './order-desk.ts';

// What statements leave alone though a step asks: steps come late, twice, and after others have been there.

const { pool } = await testDatabase();

async function booked() {
  const desk = await anOrderDesk(pool);
  await desk.look();
  await desk.book();
  return desk;
}

test.each(['delivered', 'returned', 'cancelled'])('a shipment that was %s is not cancelled any more', async (phase) => {
  const desk = await booked();
  const { orderPk } = await inTransaction(pool, (tx) => lockShipment(tx, desk.shipment(1)));
  await pool.query(`update lahetti.shipments set phase = $2 where order_pk = $1`, [orderPk, phase]);
  const before = await loadOrderState(pool, desk.ref);
  await inTransaction(pool, (tx) => askToCancel(tx, orderPk, 1));
  expect(await loadOrderState(pool, desk.ref)).toEqual(before);
  expect(only(before!)).toMatchObject({ phase, cancelling: false });
});

test.each(['delivered', 'returned', 'cancelled'])(
  'a shipment that was %s is neither planned again nor called cancelled by a step that comes late',
  async (phase) => {
    const desk = await booked();
    const { id } = await inTransaction(pool, (tx) => lockShipment(tx, desk.shipment(1)));
    await pool.query(`update lahetti.shipments set phase = $2, told = 'told' where id = $1`, [id, phase]);
    const before = only((await loadOrderState(pool, desk.ref))!);
    await inTransaction(pool, (tx) => supersedeBooking(tx, id));
    expect(only((await loadOrderState(pool, desk.ref))!)).toMatchObject({ phase, told: 'told' });
    await inTransaction(pool, (tx) => withdrawBooking(tx, id, true));
    const after = only((await loadOrderState(pool, desk.ref))!);
    expect(after).toMatchObject({ phase, told: 'told', transition: before.transition });
  },
);

test('a late try that never reached the shop does not forget the record that another gives a new number', async () => {
  const desk = await booked();
  const { shipment } = await shipmentWithRecords(pool, desk.shipment(1));
  const open = (number: string, fenceMs: number) => openWriteBack(pool, shipment.id, 0, number, 11, fenceMs);
  await open('JJFI1', 60_000);
  await closeWriteBack(pool, shipment.id, 0, 'done', 5);
  await open('JJFI2', 0);
  await forgetWriteBack(pool, shipment.id, 0);
  expect((await shipmentWithRecords(pool, desk.shipment(1))).records).toMatchObject([{ state: 'sent', recordId: 5 }]);
});

test.each(['sent', 'unknown'] as const)(
  'a write that is %s is not made again while it may still arrive, and is afterwards',
  async (state) => {
    const desk = await booked();
    const { shipment } = await shipmentWithRecords(pool, desk.shipment(1));
    const open = (fenceMs: number) => openWriteBack(pool, shipment.id, 0, 'JJFI1', 11, fenceMs);
    expect(await open(60_000)).toBe(true);
    if (state === 'unknown') await closeWriteBack(pool, shipment.id, 0, 'unknown', null);
    expect(await open(60_000)).toBe(false);
    expect(await open(0)).toBe(true);
  },
);

test('what the shop was told of a booking that was replaced meanwhile is not said of the next', async () => {
  const desk = await booked();
  const { trackingNumbers } = await shipmentWithRecords(pool, desk.shipment(1));
  await desk.command('change', { n: 1, body: { parcels: [{ weightGrams: 900 }] } });
  await desk.look();
  await desk.book();
  const said = await inTransaction(pool, (tx) => setTold(tx, desk.shipment(1), trackingNumbers, 'told'));
  expect(said).toBeUndefined();
  expect(only((await loadOrderState(pool, desk.ref))!)).toMatchObject({ phase: 'booked', told: 'not_yet' });
});

test('taking a booking back leaves the attempts before it as they are', async () => {
  const desk = await booked();
  await desk.command('change', { n: 1, body: { parcels: [{ weightGrams: 900 }] } });
  await desk.look();
  await desk.book();
  await desk.command('cancel', { n: 1 });
  await desk.withdraw();
  expect((await desk.attempts()).map(({ state }) => state)).toEqual(['superseded', 'withdrawn']);
});

test.each(['is out', 'was booked'])(
  'a booking that a person found is not taken for ours while the attempt after it %s',
  async (next) => {
    const desk = await anOrderDesk(pool);
    await desk.look();
    desk.carrier.answers.push(() => ({ outcome: 'unknown', code: 'timeout', trackingNumbers: [] }));
    await desk.book();
    const opened = await openAttempt(pool, desk.shipment(1), { takeOverAfterMs: 60_000 });
    if (opened.open !== 'opened') throw new Error(`The second attempt is ${opened.open}.`);
    if (next === 'was booked') {
      await closeAttempt(pool, desk.shipment(1), opened.attempt, created(opened.booking), 60_000);
    }
    const before = await desk.attempts();
    expect(before).toMatchObject([{ state: 'unknown' }, { state: next === 'is out' ? 'sent' : 'live' }]);

    const { id } = await inTransaction(pool, (tx) => lockShipment(tx, desk.shipment(1)));
    const found = { trackingNumbers: [`JJFI${desk.ref.orderId}FOUND`], label: Buffer.from('its label') };
    expect(await inTransaction(pool, (tx) => adoptFoundBooking(tx, id, found))).toBe('none_unknown');
    expect(await desk.attempts()).toEqual(before);
  },
);

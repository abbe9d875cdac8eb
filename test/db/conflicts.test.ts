import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { inTransaction, transactionOn } from '../../src/db/pool.ts';
import { lockShipment } from '../../src/shipments/shipments.sql.ts';
import { planAnewInStore } from '../../src/orders/waiting.sql.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { anOrderDesk, only } from './order-desk.ts';

/** Transactions that want the same rows at once. */
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});

const unitsChanged = { what: 'store_units_changed', words: 'The shop’s unit of weight is kg now.' };

const waiting = async () =>
  (await db.pool.query(`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`))
    .rowCount;

test('a store whose units change and a booking that is written down do not wait for each other', async () => {
  const desk = await anOrderDesk(db.pool);
  await desk.look();
  const booking = await db.pool.connect();
  onTestFinished(() => booking.release());

  // As closing an attempt begins: with the order's lock, and the shipment's after it.
  const { closed, changed } = await transactionOn(booking, async (tx) => {
    await tx.query('select from lahetti.orders where store_id = $1 and order_id = $2 for update', [
      desk.store.id,
      desk.ref.orderId,
    ]);
    const change = inTransaction(db.pool, (other) => planAnewInStore(other, desk.store.id, unitsChanged));
    change.catch(() => {});
    await expect.poll(waiting, { timeout: 10_000 }).toBe(1);
    return { closed: await lockShipment(tx, desk.shipment(1)), changed: change };
  });
  expect(closed.phase).toBe('planned');
  expect(await changed).toBe(1);
  expect((await desk.timeline()).map(({ what }) => what)).toContain(unitsChanged.what);
});

/** The database takes this many of the next bookings back, as it does with one of two that wait for each other. */
async function takeBack(times: number, sqlState: string): Promise<void> {
  await db.pool.query(
    `create sequence conflicts;
     create function conflict() returns trigger language plpgsql as $$ begin
       if nextval('conflicts') <= ${times} then raise exception 'deadlock detected' using errcode = '${sqlState}'; end if;
       return new;
     end $$;
     create trigger conflict before insert on lahetti.parcels for each row execute function conflict()`,
  );
  onTestFinished(async () => {
    await db.pool.query('drop function conflict cascade; drop sequence conflicts');
  });
}

test.each(['40P01', '40001'])(
  'an answer of Posti that the database takes back for the sake of another transaction (%s) is written down again',
  async (sqlState) => {
    const desk = await anOrderDesk(db.pool);
    await desk.look();
    await takeBack(2, sqlState);
    expect(only(await desk.book())).toMatchObject({ phase: 'booked', labelKept: true });
    expect(await desk.attempts()).toEqual([{ attempt: 1, state: 'live', watch: null, numbers: [] }]);
    expect(desk.carrier.booked).toHaveLength(1);
    expect((await desk.timeline()).filter(({ what }) => what === 'booked')).toHaveLength(1);
  },
);

test('an answer that the database never takes is tried a few times, and the attempt stays out', async () => {
  const desk = await anOrderDesk(db.pool);
  await desk.look();
  await takeBack(1_000, '40P01');
  await expect(desk.book()).rejects.toMatchObject({ code: '40P01' });
  expect(await desk.attempts()).toMatchObject([{ attempt: 1, state: 'sent' }]);
  expect(desk.carrier.booked).toHaveLength(1);
  const { rows } = await db.pool.query<{ tries: number }>('select last_value as tries from conflicts');
  expect(rows[0]?.tries).toBe(5);
});

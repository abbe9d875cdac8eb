import { expect, test } from 'vitest';
import { newestState } from '../../src/domain/newest-state.ts';
import { testDatabase } from '../support/postgres.ts';
import { anOrderDesk, only } from './order-desk.ts';

// A projection that comes late is told from a newer one by the version of each shipment: it has to grow with every change
// that the order's workflow is told of, whichever statement makes it.

const { pool } = await testDatabase();

/** Each column that travels, changed from what a shipment begins with. */
const travels: Record<string, string> = {
  phase: `'booked'`,
  since: `s.since + interval '1 second'`,
  revision: 's.revision + 1',
  blocked: `'on_hold'`,
  attention: `'{"code":"address_incomplete","commands":[],"since":"2026-01-01T00:00:00.000Z"}'`,
  cancelling: 'true',
  look_again: 'true',
  kept_back: 'true',
  told: `'told'`,
  delivery_status: `'in_transit'`,
};

const staysHere: Record<string, string> = {
  people_problem: `'{"problems":[]}'`,
  people_override: `'{}'`,
  concern: `'plan/1'`,
  accepted: `'{plan/1}'`,
  last_scan_at: 'now()',
  booked_at: 'now()',
};

const never = ['id', 'order_pk', 'n', 'address_id', 'transition'];

async function planned() {
  const desk = await anOrderDesk(pool);
  const { transition } = only(await desk.look());
  const set = async (list: string): Promise<number> => {
    const { rows } = await pool.query<{ transition: number }>(
      `update lahetti.shipments s set ${list} from lahetti.orders o
        where o.id = s.order_pk and o.order_id = $1 and o.store_id = $2 returning s.transition`,
      [desk.ref.orderId, desk.store.id],
    );
    return rows[0]!.transition;
  };
  return { desk, transition, set };
}

test.each(Object.entries(travels))('the version of a shipment grows by one with a new %s', async (column, value) => {
  const { transition, set } = await planned();
  expect(await set(`${column} = ${value}`)).toBe(transition + 1);
});

test.each(Object.entries(staysHere))(
  'the version of a shipment stays with a new %s, which no workflow is told of',
  async (column, value) => {
    const { transition, set } = await planned();
    expect(await set(`${column} = ${value}`)).toBe(transition);
  },
);

test('the version of a shipment grows once for a statement that changes several columns, and not for one that changes none', async () => {
  const { transition, set } = await planned();
  expect(await set(`look_again = true, cancelling = true`)).toBe(transition + 1);
  expect(await set(`look_again = true, cancelling = true`)).toBe(transition + 1);
});

test('each column of a shipment is known to count for its version or not to', async () => {
  const { rows } = await pool.query<{ name: string }>(
    `select column_name as name from information_schema.columns where table_schema = 'lahetti' and table_name = 'shipments'`,
  );
  const known = [...Object.keys(travels), ...Object.keys(staysHere), ...never];
  expect(rows.map(({ name }) => name).sort()).toEqual(known.sort());
});

test('a "book" command after a "cancel" is not overwritten by a projection from before it', async () => {
  const { desk } = await planned();
  const { state: before } = await desk.command('cancel', { n: 1 });
  const { state: after } = await desk.command('book');
  expect(only(before)).toMatchObject({ keptBack: true });
  expect(only(newestState(after!, before!))).toMatchObject({ keptBack: false });
});

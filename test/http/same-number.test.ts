import { afterAll, beforeAll, expect, test } from 'vitest';
import { createToken } from '../../src/auth/tokens.ts';
import { anOrderDesk, type OrderDesk } from '../db/order-desk.ts';
import { labelsOfOrders } from '../../src/labels/stack.sql.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { serveApp, type ServedApp } from './served-app.ts';

// Every BigCommerce store numbers its orders from 100: what is asked of one store must have nothing of another in it.

const orderId = 100;
let db: TestDatabase;
let app: ServedApp;
let token: string;
let desks: readonly OrderDesk[];

beforeAll(async () => {
  db = await testDatabase();
  app = await serveApp(db.pool);
  token = (await createToken(db.pool, 'looker', 'operator')).token;
  desks = [await anOrderDesk(db.pool, { orderId }), await anOrderDesk(db.pool, { orderId })];
  for (const desk of desks) {
    await desk.look();
    await desk.book();
    await desk.command('hold');
    await nameItsStore(desk);
  }
});
afterAll(() => app.close());

/** Rows that name their store by a word, so that it is seen in an answer from whom they are. */
async function nameItsStore({ store, ref }: OrderDesk): Promise<void> {
  const { storeHash } = ref;
  const write = (statement: string, ...values: unknown[]) => db.pool.query(statement, [storeHash, ...values]);
  const shipments = `(select s.id from lahetti.shipments s join lahetti.orders o on o.id = s.order_pk where o.store_id = $2)`;
  await write(`update lahetti.booking_attempts set code = $1 where shipment_id in ${shipments}`, store.id);
  await write(`update lahetti.labels set media = $1 where shipment_id in ${shipments}`, store.id);
  await write(
    `update lahetti.shipments set attention = jsonb_build_object('code', 'posti_refused', 'since', now(), 'commands', '[]'::jsonb),
            people_problem = jsonb_build_object('problems', jsonb_build_array(jsonb_build_object('code', 'x', 'field', 'x', 'problem', $1::text, 'remedy', 'x')))
      where id in ${shipments}`,
    store.id,
  );
  await write(
    `insert into lahetti.timeline (order_pk, what, words) select id, 'noted', $1 from lahetti.orders where store_id = $2`,
    store.id,
  );
  await write(
    `insert into lahetti.exchanges (at, system, account, store_hash, order_id, purpose, method, path, duration_ms)
     values (now(), 'posti', 'a', $1, $2, 'book', 'POST', '/orders/' || $1, 5)`,
    orderId,
  );
  await write(
    `insert into lahetti.runs (store_id, kind, ended_at, failure) values ($2, 'sweep', now(), $1::text)`,
    store.id,
  );
  await write(
    `insert into lahetti.unread_orders (store_id, order_id, attention)
     select id, 101, '{"code": "order_unreadable", "since": "2026-01-01T00:00:00Z", "commands": []}' from lahetti.stores where store_hash = $1`,
  );
}

const get = async (path: string) => {
  const answer = await fetch(`${app.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, text: await answer.text() };
};

test.each([
  ...['/orders/:store/100', '/orders/:store/100/timeline', '/orders/:store/100/exchanges', '/orders/:store/100/labels'],
  ...['/orders?store=:store', '/orders?store=:store&number=100', '/orders?store=:store&attention=posti_refused'],
  ...[
    '/attention?store=:store',
    '/attention/counts?store=:store',
    '/attention/counts?store=:store&reason=order_unreadable',
  ],
  ...['/runs?store=:store', '/exchanges?store=:store', '/stores/:store'],
])('%s has what is of that store, and nothing of another with the same order number', async (path) => {
  for (const { ref } of desks) {
    const { status, text } = await get(path.replace(':store', ref.storeHash));
    const [another] = desks.filter((desk) => desk.ref.storeHash !== ref.storeHash);
    expect([path, status, text]).toEqual([path, 200, expect.stringContaining(ref.storeHash)]);
    expect(text).not.toContain(another!.ref.storeHash);
  }
});

test('the labels of orders that are to be printed are those of their stores', async () => {
  const labels = await labelsOfOrders(
    db.pool,
    desks.map(({ ref }) => ref),
  );
  const { rows } = await db.pool.query<{ id: number; media: string }>(`select id, media from lahetti.labels`);
  expect(labels).toEqual(
    desks.map(({ ref }) => rows.filter(({ media }) => media === ref.storeHash).map(({ id }) => id)),
  );
});

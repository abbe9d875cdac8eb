import { beforeAll, expect, test } from 'vitest';
import type { Pool } from '../../src/db/pool.ts';
import { createHintKeeper } from '../../src/inbox/keep-hints.ts';
import type { Store } from '../../src/stores/store.ts';
import { testDatabase } from '../support/postgres.ts';
import { aHint, aStore } from './inbox-rows.ts';

let pool: Pool;
let store: Store;

beforeAll(async () => {
  ({ pool } = await testDatabase());
  store = await aStore(pool);
});

/** A pool that counts the statements it is given. */
function counted(): { pool: Pool; statements: () => number } {
  let statements = 0;
  const query = (...args: Parameters<Pool['query']>) => {
    statements += 1;
    return pool.query(...args);
  };
  return { pool: { query } as unknown as Pool, statements: () => statements };
}

const keptOrders = async (from: number): Promise<number[]> =>
  (
    await pool.query<{ order_id: number }>(
      'select order_id from lahetti.inbox where order_id >= $1 order by order_id',
      [from],
    )
  ).rows.map((row) => row.order_id);

test('a flood of deliveries is kept whole, in a few statements', async () => {
  const { pool, statements } = counted();
  const keep = createHintKeeper({ pool });
  const kept = await Promise.all(Array.from({ length: 300 }, (_, i) => keep(aHint(store, 1_000 + i))));
  expect(kept.every(Boolean)).toBe(true);
  expect(await keptOrders(1_000)).toHaveLength(300);
  expect(statements()).toBeLessThan(10);
});

test('a delivery that comes twice at once is new once', async () => {
  const keep = createHintKeeper({ pool, lanes: 1 });
  const hint = aHint(store, 7);
  const kept = await Promise.all([keep(aHint(store, 8)), keep(hint), keep(hint)]);
  expect(kept).toEqual([true, true, false]);
  expect(await keep(hint)).toBe(false);
});

test('one that the database cannot keep takes none of the others along', async () => {
  const keep = createHintKeeper({ pool, lanes: 1 });
  const outcomes = await Promise.allSettled([
    keep(aHint(store, 2_000)),
    keep(aHint(store, 2_001)),
    keep(aHint(store, 2_002, { deliveryKey: 'no\u0000key' })),
    keep(aHint(store, 2_003)),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(await keptOrders(2_000)).toEqual([2_000, 2_001, 2_003]);
});

test('without a database each is told so, and nothing waits for ever', async () => {
  const away = () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
  const keep = createHintKeeper({ pool: { query: away } as unknown as Pool });
  const outcomes = await Promise.allSettled([1, 2, 3, 4, 5].map((orderId) => keep(aHint(store, orderId))));
  expect(outcomes.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
});

test('while the database hangs only so many wait, and one more is refused at once', async () => {
  const hangs = () => new Promise<never>(() => undefined);
  const keep = createHintKeeper({ pool: { query: hangs } as unknown as Pool, lanes: 1, waitingLimit: 2 });
  // One is under way, two wait.
  for (const orderId of [1, 2, 3]) void keep(aHint(store, orderId));
  await expect(keep(aHint(store, 4))).rejects.toThrow('Too many hints wait');
});

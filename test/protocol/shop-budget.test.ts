import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/start.ts';
import { createBigCommerce } from '../../src/bigcommerce/client.ts';
import type { Pool } from '../../src/db/pool.ts';
import { isAppError } from '../../src/errors.ts';
import type { Urgency } from '../../src/exchanges/exchange.ts';
import { createShopBudget } from '../../src/stores/shop-budget.ts';
import { leaseRequests } from '../../src/stores/shop-budget.sql.ts';
import { createHttpSender } from '../../src/http-client/sender.ts';
import { control } from '../clients/control.ts';
import { testDatabase } from '../support/postgres.ts';
import { eventually } from '../support/wait.ts';

const sender = createHttpSender();
let pool: Pool;
let sandbox: Awaited<ReturnType<typeof startSandbox>>;

beforeAll(async () => {
  [{ pool }, sandbox] = await Promise.all([testDatabase(), startSandbox()]);
});
afterAll(async () => {
  await sandbox.close();
  await sender.close();
});

interface Requests {
  readonly total: number;
  readonly throttled: number;
  readonly mostAtOnce: number;
  readonly busiestWindow: number;
}

/** A store with a quota in windows of a second and a half, the processes that call it, and what it saw of them. */
async function aStore(quota: number, quotaWindowMs = 1_500) {
  const storeHash = `b${randomUUID().slice(0, 8)}`;
  const store = { storeHash, accessToken: 'token' };
  await control(sandbox.bigcommerce, 'POST', '/stores', {
    ...{ hash: storeHash, token: 'token', clientId: 'app', clientSecret: 'none', quota, quotaWindowMs },
  });
  let statements = 0;
  const counting = {
    query: (...asked: Parameters<Pool['query']>) => ((statements += 1), pool.query(...asked)),
  } as Pool;
  const startProcess = ({ waitMs = 2_000 } = {}) => {
    const api = createBigCommerce({
      ...{ baseUrl: sandbox.bigcommerce, sender, log: () => {}, clock: { now: () => new Date() } },
      budget: createShopBudget({ pool: counting, leftToOthers: 0.2, waitMs }),
    });
    return (urgency: Urgency = 'urgent') => api.getTime(store, { about: {}, urgency });
  };
  const seen = async (): Promise<Requests> =>
    (await control<{ requests: Requests }>(sandbox.bigcommerce, 'GET', `/stores/${storeHash}/books`)).requests;
  /** Another app of the same store, which knows nothing of ours. */
  const another = () =>
    fetch(`${sandbox.bigcommerce}/stores/${storeHash}/v2/time`, { headers: { 'x-auth-token': 'token' } });
  return { storeHash, startProcess, seen, another, statements: () => statements };
}

/** As the engine does: comes back when it is told to, but sooner, since the windows are short. */
async function untilAnswered(ask: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (!isAppError(error) || error.kind !== 'paused') throw error;
      await delay(Math.min(error.retryAfterMs ?? 100, 300 + Math.random() * 300));
    }
  }
}

test('four processes with much to ask stay within four fifths of the quota, and few are there at once', async () => {
  const { storeHash, startProcess, seen } = await aStore(30);
  const slow = { kind: 'slow', ms: 20, times: -1, path: storeHash };
  await control(sandbox.bigcommerce, 'POST', '/faults', slow);
  const processes = [startProcess(), startProcess(), startProcess(), startProcess()];
  await Promise.all(processes.flatMap((ask) => Array.from({ length: 22 }, () => untilAnswered(ask))));
  const { total, throttled, mostAtOnce, busiestWindow } = await seen();
  expect({ total, throttled }).toEqual({ total: 88, throttled: 0 });
  // 24 of the 30; one of each process may be on its way while a window ends.
  expect(busiestWindow).toBeLessThanOrEqual(28);
  expect(mostAtOnce).toBeLessThanOrEqual(8);
});

test('a store with nothing to do waits for nobody, and a lease is for many requests', async () => {
  const { startProcess, seen, statements } = await aStore(150, 30_000);
  const ask = startProcess();
  for (let i = 0; i < 40; i++) await ask();
  expect(await seen()).toMatchObject({ total: 40, throttled: 0 });
  expect(statements()).toBeLessThanOrEqual(8);
});

test('what somebody waits for comes before a sweep, and finds some of the quota left by it', async () => {
  const { startProcess, seen } = await aStore(40, 30_000);
  const [sweeps, another] = [startProcess({ waitMs: 500 }), startProcess({ waitMs: 500 })];
  let swept = 0;
  for (;;) {
    const went = await sweeps('background').then(
      () => true,
      () => false,
    );
    if (!went) break;
    swept += 1;
  }
  expect(swept).toBeGreaterThanOrEqual(20);
  expect(swept).toBeLessThanOrEqual(26);
  // The same window: a person's command, here and in another process.
  await sweeps('urgent');
  await another('urgent');
  await expect(another('background')).rejects.toMatchObject({ code: 'bigcommerce_quota_used_up' });
  expect((await seen()).throttled).toBe(0);
});

test('a process that dies with a lease keeps it from the others until the window ends, and no longer', async () => {
  const { startProcess, seen } = await aStore(30);
  await startProcess()();
  const others = startProcess();
  await Promise.all(Array.from({ length: 60 }, () => untilAnswered(others)));
  expect(await seen()).toMatchObject({ total: 61, throttled: 0 });
});

test('what another app of the store uses is not used by us, and the caller hears when to come back', async () => {
  const { startProcess, seen, another } = await aStore(50, 30_000);
  const ask = startProcess({ waitMs: 500 });
  await ask();
  for (let i = 0; i < 39; i++) await another();
  await ask();
  const before = (await seen()).total;
  await expect(Promise.all([ask(), ask(), ask()])).rejects.toMatchObject({
    kind: 'paused',
    code: 'bigcommerce_quota_used_up',
  });
  expect((await seen()).total).toBe(before);
  await expect(ask()).rejects.toSatisfy((error) => isAppError(error) && error.retryAfterMs! > 10_000);
});

test('a shop whose answers hang has few requests of each process at once, and the others are told to come back', async () => {
  const { startProcess, seen } = await aStore(150, 30_000);
  const ask = startProcess({ waitMs: 300 });
  await ask();
  await control(sandbox.bigcommerce, 'POST', '/faults', { kind: 'slow', ms: 1_000, times: -1, path: '/v2/time' });
  const asked = await Promise.allSettled(Array.from({ length: 22 }, () => ask()));
  await control(sandbox.bigcommerce, 'DELETE', '/faults');
  expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
  expect((await seen()).mostAtOnce).toBeLessThanOrEqual(4);
});

test('two processes that lease at the same moment share what is left, and never have it twice', async () => {
  const lease = (db: Pick<Pool, 'query'>, process: string, wanted: number, left: number | null = null) =>
    leaseRequests(db, {
      ...{ storeHash, process, wanted, leftToOthers: 0.2, keptForUrgent: 0 },
      seen: left === null ? null : { quota: 30, left, resetsInMs: 60_000 },
    });
  const storeHash = `b${randomUUID().slice(0, 8)}`;
  await lease(pool, 'one', 0, 30);
  const one = await pool.connect();
  try {
    await one.query('begin');
    expect((await lease(one, 'one', 20)).granted).toBe(20);
    const other = lease(pool, 'other', 20);
    await eventually(async () => {
      const { rows } = await pool.query(
        `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      );
      return rows.length === 1;
    });
    await one.query('commit');
    expect((await other).granted).toBe(4);
  } finally {
    one.release();
  }
});

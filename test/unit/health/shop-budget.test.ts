import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Turn } from '../../../src/bigcommerce/requests.ts';
import type { Pool } from '../../../src/db/pool.ts';
import type { Urgency } from '../../../src/exchanges/exchange.ts';
import { createShopBudget } from '../../../src/stores/shop-budget.ts';
import type { Lease } from '../../../src/stores/shop-budget.sql.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settled = () => vi.advanceTimersByTimeAsync(0);

/** A budget whose leases are these, the last one again and again; what was asked for, and who has a turn. */
function aBudget(...leases: (Partial<Lease> | Error)[]) {
  const asked: { wanted: number; keptForUrgent: number }[] = [];
  const query = (_sql: string, args: readonly unknown[]) => {
    asked.push({ wanted: Number(args[2]), keptForUrgent: Number(args[4]) });
    const lease = leases.length > 1 ? leases.shift()! : leases[0]!;
    if (lease instanceof Error) return Promise.reject(lease);
    return Promise.resolve({ rows: [{ granted: 25, quota: 150, endsInMs: 30_000, processes: 1, ...lease }] });
  };
  const budget = createShopBudget({ pool: { query } as unknown as Pool, leftToOthers: 0.2, waitMs: 1_000 });
  const turns: { name: string; turn: Turn }[] = [];
  const refused: { name: string; error: { code?: string; retryAfterMs?: number } }[] = [];
  const take = (name: string, urgency: Urgency = 'urgent') =>
    void budget.take('abc', urgency).then(
      (turn) => turns.push({ name, turn }),
      (error: unknown) => refused.push({ name, error: error as { code?: string } }),
    );
  const started = () => turns.map(({ name }) => name);
  return { asked, turns, refused, take, started };
}
const many = (count: number) => Array.from({ length: count }, (_, n) => `r${n}`);

describe('a lease', () => {
  test.each([
    [null, 1],
    [12, 1],
    [150, 10],
    [450, 25],
    [20_000, 25],
  ])('a lease of a quota of %s is then for %i requests', async (quota, wanted) => {
    const { asked, turns, take } = aBudget({ granted: 1, quota });
    take('first');
    await settled();
    turns[0]!.turn.end(undefined);
    // Without headers the smallest of all plans is supposed.
    take('second');
    await settled();
    expect(asked.map((lease) => lease.wanted)).toEqual([1, quota === null ? 10 : wanted]);
  });

  test('a lease for a sweep leaves a quarter of the quota to urgent requests', async () => {
    const { asked, take } = aBudget({ granted: 1 });
    take('sweep', 'background');
    await settled();
    take('order');
    await settled();
    expect(asked.map(({ keptForUrgent }) => keptForUrgent)).toEqual([0.25, 0]);
  });

  test('a lease that fails is reported to all requests that wait for it', async () => {
    const { refused, take } = aBudget(new Error('database away'));
    for (const name of many(3)) take(name);
    await settled();
    expect(refused.map(({ name }) => name)).toEqual(many(3));
  });

  test('a lease is over when its window is', async () => {
    const { asked, take, turns } = aBudget({ granted: 5, endsInMs: 30_000 });
    take('first');
    await settled();
    turns[0]!.turn.end(undefined);
    await vi.advanceTimersByTimeAsync(29_999);
    take('second');
    await settled();
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    take('third');
    await settled();
    expect(asked).toHaveLength(2);
  });
});

test('one request at a time is sent before a quota is known', async () => {
  const { take, turns, started } = aBudget({ granted: 1, quota: null });
  take('first');
  take('second');
  await settled();
  expect(started()).toEqual(['first']);
  turns[0]!.turn.end(undefined);
  await settled();
  expect(started()).toEqual(['first', 'second']);
});

test.each([
  [150, 1, 4],
  [400, 1, 10],
  [20_000, 1, 32],
  [400, 2, 5],
  [150, 8, 1],
])('a quota of %i, shared by %i processes, has %i requests out at a time', async (quota, processes, parallel) => {
  const { take, turns, started } = aBudget({ granted: 100, quota, processes });
  for (const name of many(40)) take(name);
  await settled();
  expect(started()).toHaveLength(parallel);
  turns[0]!.turn.end(undefined);
  await settled();
  expect(started()).toHaveLength(parallel + 1);
});

test('an urgent request starts before a sweep', async () => {
  const { take, turns, started } = aBudget({ granted: 25, quota: 40, processes: 4 });
  take('first');
  await settled();
  take('sweep', 'background');
  take('order');
  turns[0]!.turn.end(undefined);
  await settled();
  expect(started()).toEqual(['first', 'order']);
});

test('a part of the quota that the shop says others have used is not used', async () => {
  const { asked, take, turns, started } = aBudget({ granted: 10, quota: 100 });
  take('first');
  await settled();
  // Of 100 a fifth is for others; two are left to us.
  const seenAt = new Date();
  const resetsAt = new Date(seenAt.getTime() + 20_000);
  turns[0]!.turn.end({ requestsQuota: 100, requestsLeft: 22, resetsAt, seenAt });
  for (const name of many(3)) take(name);
  await settled();
  expect(asked).toHaveLength(2);
  expect(started()).toHaveLength(4);
});

describe('where the window is used up', () => {
  test('a request is sent back until the used-up window ends, and not all to one moment', async () => {
    const { take, refused } = aBudget({ granted: 0, endsInMs: 10_000 });
    take('first');
    take('second');
    await settled();
    expect(refused.map(({ error }) => error.code)).toEqual(Array(2).fill('bigcommerce_quota_used_up'));
    for (const { error } of refused) {
      expect(error.retryAfterMs).toBeGreaterThanOrEqual(10_000);
      expect(error.retryAfterMs).toBeLessThanOrEqual(12_001);
    }
  });

  test('requests that do not fit into the next window are sent to the one after it, and none further than two', async () => {
    const { take, refused } = aBudget({ granted: 0, endsInMs: 10_000, quota: 10 });
    for (const name of many(40)) take(name);
    await settled();
    const windows = refused.map(({ error }) => Math.floor((error.retryAfterMs! - 10_000) / 30_000));
    // Eight fit, as two of ten are for others.
    expect([windows[6], windows[7], windows[14], windows[15], windows[39]]).toEqual([0, 1, 1, 2, 2]);
  });

  test('an urgent request still leases its own part where the window is used up for sweeps', async () => {
    const { take, asked, started, refused } = aBudget({ granted: 0 }, { granted: 5 });
    take('sweep', 'background');
    await settled();
    take('order');
    await settled();
    expect([started(), refused.map(({ name }) => name)]).toEqual([['order'], ['sweep']]);
    expect(asked).toHaveLength(2);
  });

  test('a sweep leases nothing where the window is used up for urgent requests', async () => {
    const { take, asked, refused } = aBudget({ granted: 0 });
    take('order');
    await settled();
    take('sweep', 'background');
    await settled();
    expect([asked.length, refused.length]).toEqual([1, 2]);
  });
});

test('a request that gets no turn in time is told to retry soon, and takes no turn later', async () => {
  const { take, turns, started, refused } = aBudget({ granted: 25, quota: 40, processes: 4 });
  take('first');
  take('second');
  await vi.advanceTimersByTimeAsync(999);
  expect(refused).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(refused.map(({ name }) => name)).toEqual(['second']);
  expect(refused[0]!.error.retryAfterMs).toBeGreaterThanOrEqual(500);
  expect(refused[0]!.error.retryAfterMs).toBeLessThanOrEqual(1_500);
  turns[0]!.turn.end(undefined);
  await settled();
  expect(started()).toEqual(['first']);
});

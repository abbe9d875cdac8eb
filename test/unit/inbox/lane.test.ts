import { describe, expect, test } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import type { Incident } from '../../../src/inbox/incident.ts';
import { createLane } from '../../../src/inbox/lane.ts';

interface Trouble extends Incident {
  readonly failures: unknown[];
}
const noTrouble = (most = Infinity): Trouble => {
  const failures: unknown[] = [];
  return {
    failures,
    failed: (error) => void failures.push(error),
    over: () => {},
    allowed: (fitting) => Math.min(fitting, most),
    state: () => null,
  };
};
/** Lets all that can go on without a clock do so. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

function aLane(items: number[], trouble: { database?: Trouble; engine?: Trouble } = {}) {
  const asked: number[] = [];
  const givenBack: number[] = [];
  const ends = new Map<number, { resolve: () => void; reject: (error: unknown) => void }>();
  const database = trouble.database ?? noTrouble();
  const engine = trouble.engine ?? noTrouble();
  const lane = createLane<number>({
    concurrency: 3,
    database,
    engine,
    lease: (limit) => {
      asked.push(limit);
      return Promise.resolve(items.splice(0, limit));
    },
    dispatch: (item) => new Promise<void>((resolve, reject) => ends.set(item, { resolve, reject })),
    giveBack: (item) => {
      givenBack.push(item);
      return Promise.reject(new Error('the lease ends by itself'));
    },
  });
  return { lane, asked, givenBack, ends, database, engine };
}

describe('a lane', () => {
  test('a lane leases nothing before it is open', async () => {
    const { lane, asked } = aLane([1]);
    lane.look();
    await settled();
    expect(asked).toEqual([]);
  });

  test('a lane leases as many hints as fit, and as many more as have ended', async () => {
    const { lane, asked, ends } = aLane([1, 2, 3, 4, 5]);
    lane.open();
    lane.look();
    await settled();
    expect([asked, lane.inFlight()]).toEqual([[3], 3]);
    lane.look();
    await settled();
    expect(asked).toEqual([3]);
    ends.get(2)!.resolve();
    await settled();
    expect([asked, lane.inFlight()]).toEqual([[3, 1], 3]);
  });

  test('a lane looks again for hints that were announced while it leased', async () => {
    const items: number[] = [];
    const { lane, asked } = aLane(items);
    lane.open();
    lane.look();
    lane.look();
    items.push(7);
    await settled();
    expect(asked).toEqual([3, 3]);
    expect(lane.inFlight()).toBe(1);
  });

  test('a lane tries no more than the incidents of both systems allow', async () => {
    const { lane, asked } = aLane([1, 2, 3], { engine: noTrouble(1) });
    lane.open();
    lane.look();
    await settled();
    expect(asked).toEqual([1]);
    const other = aLane([1], { database: noTrouble(0) });
    other.lane.open();
    other.lane.look();
    await settled();
    expect(other.asked).toEqual([]);
  });

  test('a lane notes a database that fails, and looks again when asked to', async () => {
    let isAway = true;
    const database = noTrouble();
    const dispatched: number[] = [];
    const lane = createLane<number>({
      ...{ concurrency: 3, database, engine: noTrouble() },
      lease: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(dispatched.length === 0 ? [7] : [])),
      dispatch: (item) => Promise.resolve(void dispatched.push(item)),
      giveBack: () => Promise.resolve(),
    });
    lane.open();
    lane.look();
    await settled();
    expect([database.failures, lane.inFlight()]).toEqual([[new Error('away')], 0]);
    isAway = false;
    lane.look();
    await settled();
    expect([database.failures.length, dispatched]).toEqual([1, [7]]);
  });

  test('a lane gives back what failed, and only an unavailable engine counts as an incident', async () => {
    const { lane, ends, givenBack, engine } = aLane([1, 3, 2]);
    lane.open();
    lane.look();
    await settled();
    ends.get(1)!.reject(new Error('not this one'));
    ends.get(3)!.reject(new AppError('Too much at once.', { kind: 'retryable', code: 'engine_busy' }));
    await settled();
    expect([givenBack, engine.failures]).toEqual([[1, 3], []]);
    const away = new AppError('The engine is away.', { kind: 'retryable', code: 'engine_away' });
    ends.get(2)!.reject(away);
    await settled();
    expect([givenBack, engine.failures, lane.inFlight()]).toEqual([[1, 3, 2], [away], 0]);
  });

  test('a lane that closes leases nothing more, and waits for work in progress', async () => {
    const { lane, asked, ends } = aLane([1, 2, 3, 4]);
    lane.open();
    lane.look();
    await settled();
    let closed = false;
    const closing = lane.close(60_000).then(() => (closed = true));
    ends.get(1)!.resolve();
    ends.get(2)!.resolve();
    await settled();
    expect([closed, asked]).toEqual([false, [3]]);
    ends.get(3)!.resolve();
    await closing;
    expect(lane.inFlight()).toBe(0);
  });

  test('a lane that closes does not wait for ever', async () => {
    const { lane } = aLane([1]);
    lane.open();
    lane.look();
    await settled();
    await lane.close(1);
    expect(lane.inFlight()).toBe(1);
  });
});

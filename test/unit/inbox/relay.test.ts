import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Pool } from '../../../src/db/pool.ts';
import { createRelay, type Relay, type RelayDeps } from '../../../src/inbox/relay.ts';

/** When the relay looks for hints, without the database: what it asks there is counted, and answered from here. */
const inbox = vi.hoisted(() => ({
  looks: 0,
  asksForTheEndOfAWait: 0,
  gatheredInMs: null as number | null,
  heard: () => {},
}));
vi.mock('../../../src/inbox/inbox.sql.ts', () => ({
  countWaiting: () => Promise.resolve(0),
  leaseHints: () => Promise.resolve([]).finally(() => (inbox.looks += 1)),
  nextGatheredIn: () => Promise.resolve(inbox.gatheredInMs).finally(() => (inbox.asksForTheEndOfAWait += 1)),
  closeHints: () => Promise.resolve(1),
  releaseHints: () => Promise.resolve(),
}));
vi.mock('../../../src/inbox/commands.sql.ts', () => ({ leaseCommands: () => Promise.resolve([]) }));
vi.mock('../../../src/health/retry-now.sql.ts', () => ({ leaseRetries: () => Promise.resolve([]) }));
vi.mock('../../../src/inbox/listen.ts', () => ({
  listenForInserts: ({ heard }: { heard: () => void }) => {
    inbox.heard = heard;
    return { stop: () => Promise.resolve() };
  },
}));

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(inbox, { looks: 0, asksForTheEndOfAWait: 0, gatheredInMs: null });
});
afterEach(() => void vi.useRealTimers());

const unused = () => Promise.reject(new Error('There is nothing to hand over.'));

function aRelayToStart(changes: Partial<RelayDeps> = {}): Relay {
  return createRelay({
    ...{ pool: {} as Pool, databaseUrl: '', pollMs: 60_000, log: { info: () => {}, warn: () => {} } },
    engine: { hintOrder: unused, sendCommand: unused, retrySteps: unused },
    ...changes,
  });
}

async function aRelay(changes: Partial<RelayDeps> = {}): Promise<Relay> {
  const relay = aRelayToStart(changes);
  relay.start();
  await vi.advanceTimersByTimeAsync(0);
  return relay;
}

test('a relay that has nothing to do does not look between its polls', async () => {
  await aRelay();
  expect(inbox.looks).toBe(1);
  await vi.advanceTimersByTimeAsync(59_999);
  expect(inbox.looks).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(inbox.looks).toBe(2);
});

test('hints that come while others are gathered add no looks at the end of the wait: one timer wakes for all', async () => {
  inbox.gatheredInMs = 1_000;
  await aRelay();
  for (let i = 0; i < 5; i++) {
    inbox.heard();
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(inbox).toMatchObject({ looks: 6, asksForTheEndOfAWait: 1 });
  inbox.gatheredInMs = null;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(inbox).toMatchObject({ looks: 7, asksForTheEndOfAWait: 2 });
});

test('the end of a wait is looked for again after each, for what came since', async () => {
  inbox.gatheredInMs = 1_000;
  await aRelay();
  await vi.advanceTimersByTimeAsync(3_500);
  expect(inbox.looks).toBe(4);
});

test('a relay that gathers nothing does not ask for the end of a wait', async () => {
  await aRelay({ gatherMs: 0 });
  expect(inbox).toMatchObject({ looks: 1, asksForTheEndOfAWait: 0 });
});

test('a relay that is stopped looks no more, be it while it waits or while it asks how long to wait', async () => {
  inbox.gatheredInMs = 1_000;
  const waiting = await aRelay();
  await Promise.all([waiting.stop(0), vi.advanceTimersByTimeAsync(0)]);
  const asking = aRelayToStart();
  asking.start();
  await Promise.all([asking.stop(0), vi.advanceTimersByTimeAsync(0)]);
  expect(inbox).toMatchObject({ looks: 2, asksForTheEndOfAWait: 2 });
  expect(vi.getTimerCount()).toBe(0);
});

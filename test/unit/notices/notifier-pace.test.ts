import pino from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Pool } from '../../../src/db/pool.ts';
import { createNotifier } from '../../../src/notices/notifier.ts';

test.each([
  ['every five seconds', 1, 12],
  ['once a second and no oftener on a clock that is a thousand times faster', 1_000, 60],
])('the notifier checks for changes %s', async (_pace, speed, aMinute) => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const connect = vi.fn(() => Promise.reject(new Error('away')));
  const notifier = createNotifier({
    pool: { connect } as unknown as Pool,
    sender: { send: () => Promise.reject(new Error('nobody is told')) },
    log: pino({ level: 'silent' }),
    receiver: null,
    speed,
  });
  notifier.start();
  await vi.advanceTimersByTimeAsync(60_000);
  await notifier.stop();
  // The first comes at once.
  expect(connect.mock.calls.length).toBe(aMinute + 1);
});

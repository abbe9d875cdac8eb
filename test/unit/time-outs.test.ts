import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { timeOutsOf } from '../../src/main/time-outs.ts';

const second = 1_000;

test('each part is given its own time-out: HTTP 30 s, a try of a step 45 s, the take-over of an attempt 60 s', () => {
  const { sender, engine, steps } = timeOutsOf(loadConfig({}));
  expect(sender.timeouts.total).toBe(30 * second);
  expect(engine.timings.tryTimeout).toBe(45 * second);
  expect(steps.limits).toEqual({ httpMs: 30 * second, tryMs: 45 * second, takeOverMs: 60 * second });
});

test.each(['1', '7.5', '30', '120'])(
  'the HTTP time-out of %s seconds ends before that of the engine, and that before another worker takes over',
  (seconds) => {
    const { sender, engine, steps } = timeOutsOf(loadConfig({ LAHETTI_HTTP_TIMEOUT_SECONDS: seconds }));
    expect(sender.timeouts.total).toBe(Number(seconds) * second);
    expect(sender.timeouts.total).toBeLessThan(engine.timings.tryTimeout);
    expect(engine.timings.tryTimeout).toBeLessThan(steps.limits.takeOverMs);
  },
);

test('a call waits for its turn at the shop for less than a request may take, so that both fit into one try', () => {
  for (const seconds of ['1', '30', '120']) {
    const { sender, shopBudget, engine } = timeOutsOf(loadConfig({ LAHETTI_HTTP_TIMEOUT_SECONDS: seconds }));
    expect(shopBudget.waitMs).toBeLessThanOrEqual(2 * second);
    expect(shopBudget.waitMs + sender.timeouts.total).toBeLessThan(engine.timings.tryTimeout);
  }
});

test('a fast demo shortens its waits, and none of these time-outs: the other systems take the time that they take', () => {
  const production = timeOutsOf(loadConfig({}));
  const fast = timeOutsOf({ ...loadConfig({}), speed: 2_000, pollSpeed: 60 });
  expect(fast.sender).toEqual(production.sender);
  expect(fast.steps).toEqual(production.steps);
  expect(fast.engine.timings.tryTimeout).toBe(production.engine.timings.tryTimeout);
  expect(fast.engine.timings.linger).toBeLessThan(production.engine.timings.linger);
  expect(fast.engine.timings.poll).not.toEqual(production.engine.timings.poll);
});

import { expect, test } from 'vitest';
import { openAttempt } from '../../src/booking/attempts.sql.ts';
import { eventually } from '../support/wait.ts';
import { expectExactlyOneLive } from './exactly-one.ts';
import { holdAnswer } from './held-answer.ts';
import type { OrderInHand } from './order.ts';

import { startWorld } from './world.ts';

const world = await startWorld();

const numbersOf = async (order: OrderInHand, attempt: number) =>
  (await order.bookings())
    .filter(({ reference }) => reference === order.reference(attempt))
    .flatMap(({ parcels }) => parcels.map(({ parcelNo }) => parcelNo));

test('a late answer to an attempt that was taken over is a confirmed orphan with its numbers, and its label is not kept', async () => {
  const shop = await world.shop({ httpMs: 700 });
  const order = await shop.order();
  const held = holdAnswer(shop, `"${order.reference(1)}"`);
  const late = order.bookOnce();
  await held.arrived;

  await order.bookToTheEnd();
  expect(await order.attempts()).toMatchObject([
    { state: 'unknown', code: 'answer_never_came', watch: 'possible_orphan', numbers: [] },
    { state: 'live', watch: null },
  ]);

  held.letGo();
  expect((await late).shipments).toMatchObject([{ phase: 'booked', trackingNumbers: await numbersOf(order, 2) }]);
  expect(await order.attempts()).toMatchObject([
    { state: 'unknown', code: 'late_created', watch: 'confirmed_orphan', numbers: await numbersOf(order, 1) },
    { state: 'live' },
  ]);
  expect(await order.keptLabels()).toEqual([2]);
  await expectExactlyOneLive(order, [order.reference(1)]);
});

test('a late answer that says nothing was booked ends the watch of its attempt', async () => {
  const shop = await world.shop({ httpMs: 700 });
  const order = await shop.order();
  await world.posti.harm({
    ...{ kind: 'status', status: 422, body: { message: 'no' } },
    match: `"${order.reference(1)}"`,
  });
  const held = holdAnswer(shop, `"${order.reference(1)}"`);
  const late = order.bookOnce();
  await held.arrived;
  await order.bookToTheEnd();
  held.letGo();
  await late;
  expect(await order.attempts()).toMatchObject([
    { state: 'unknown', code: 'late_refused', watch: 'cleared' },
    { state: 'live' },
  ]);
  expect((await order.only()).attention).toBeNull();
  await expectExactlyOneLive(order);
});

test('two workers that book one shipment at once book it once', async () => {
  const shop = await world.shop();
  const order = await shop.order();
  const tries = await Promise.allSettled([order.bookOnce(), order.bookOnce(shop.startWorker())]);
  for (const one of tries) {
    if (one.status === 'rejected') expect(one.reason).toMatchObject({ kind: 'paused', code: 'attempt_is_out' });
  }
  expect(tries.some(({ status }) => status === 'fulfilled')).toBe(true);
  await order.bookToTheEnd();
  expect(await order.attempts()).toMatchObject([{ attempt: 1, state: 'live' }]);
  expect(await order.bookings()).toHaveLength(1);
  await expectExactlyOneLive(order);
});

test('ten tries at once of a booked shipment book nothing more', async () => {
  const shop = await world.shop();
  const order = await shop.order();
  await order.bookToTheEnd();
  await Promise.all(Array.from({ length: 10 }, () => order.bookOnce()));
  expect(await order.bookings()).toHaveLength(1);
});

test('a try that was killed after it opened an attempt is waited for, and only then called unknown', async () => {
  const shop = await world.shop({ httpMs: 700 });
  const order = await shop.order();
  const { takeOverMs } = shop.limits;
  expect(await openAttempt(world.pool, order.shipment(), { takeOverAfterMs: takeOverMs })).toMatchObject({
    open: 'opened',
  });

  // Before the fence: it says how long, and does nothing else.
  const waiting = await order.bookOnce().catch((error: unknown) => error);
  expect(waiting).toMatchObject({ code: 'attempt_is_out', kind: 'paused' });
  const { retryAfterMs } = waiting as { retryAfterMs: number };
  expect(retryAfterMs).toBeGreaterThan(0);
  expect(retryAfterMs).toBeLessThanOrEqual(takeOverMs + 100);
  expect(await order.bookings()).toEqual([]);
  expect(await order.attempts()).toMatchObject([{ state: 'sent' }]);

  // After it: unknown, and only the try after that books.
  const taken = await eventually(() => order.bookOnce().catch(() => undefined));
  expect(taken.shipments).toMatchObject([{ phase: 'planned', attemptOut: false }]);
  expect(await order.bookings()).toEqual([]);
  expect(await order.attempts()).toMatchObject([{ state: 'unknown', watch: 'possible_orphan' }]);
  await order.bookToTheEnd();
  expect(await order.attempts()).toMatchObject([{ state: 'unknown' }, { state: 'live' }]);
  await expectExactlyOneLive(order);
});

test('a try that was killed after Posti booked leaves a listed orphan beside the one live shipment', async () => {
  const shop = await world.shop({ httpMs: 700 });
  const order = await shop.order();
  const held = holdAnswer(shop, `"${order.reference(1)}"`);
  // As good as killed: its answer lies on the way until all is over.
  const killed = order.bookOnce();
  await held.arrived;
  await order.bookToTheEnd();
  await expectExactlyOneLive(order, [order.reference(1)]);
  await shop.watch();
  expect(await order.attempts()).toMatchObject([
    { watch: 'confirmed_orphan', numbers: await numbersOf(order, 1) },
    { state: 'live' },
  ]);
  held.letGo();
  await killed;
});

test('an order that is cancelled while an unknown attempt is out ends without another booking', async () => {
  const shop = await world.shop({ httpMs: 700 });
  const order = await shop.order();
  await openAttempt(world.pool, order.shipment(), { takeOverAfterMs: shop.limits.takeOverMs });
  expect(await order.command('cancel')).toEqual({ outcome: 'done' });
  await eventually(() => order.bookOnce().catch(() => undefined));
  expect(await order.only()).toMatchObject({ phase: 'cancelled', attemptOut: false });
  await order.bookOnce();
  expect(await order.bookings()).toEqual([]);
  expect(await order.attempts()).toMatchObject([{ state: 'unknown', watch: 'possible_orphan' }]);
});

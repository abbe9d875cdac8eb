import { beforeAll, expect, test } from 'vitest';
import type { OrderRef } from '../../src/domain/order-ref.ts';
import { orderBench, type OrderBench } from './support/order-bench.ts';
import { aShipment } from './support/order-states.ts';

let bench: OrderBench;
beforeAll(async () => {
  bench = await orderBench('order-edited-while-booked');
});

/** An order that is edited in the shop while an attempt is out: the look can plan nothing, and leaves the mark. */
async function editedWhileAnAttemptIsOut(what: { thenComesToNothing: boolean }): Promise<OrderRef> {
  const { world, engine } = bench;
  const ref = world.place();
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  world.before('bookShipment', ref, async () => {
    if (world.callsOf('bookShipment', ref).length > 1) return;
    await released;
    if (what.thenComesToNothing) throw world.comeToNothing(ref, 1);
  });
  await engine.hintOrder(ref);
  await world.tried('bookShipment', ref);
  world.change(ref, 1, { lookAgain: true });
  await engine.hintOrder(ref);
  await world.tried('lookAtOrder', ref, 2);
  // Afterwards nobody hints: what is read again is read because of the mark.
  release();
  return ref;
}

const stepsOf = (ref: OrderRef) =>
  bench.world.calls.filter(({ orderId }) => orderId === ref.orderId).map(({ step }) => step);

test('an edit while an attempt is tried again without booking is read at once, and then it is booked', async () => {
  const ref = await editedWhileAnAttemptIsOut({ thenComesToNothing: true });
  bench.world.scan(ref, 1, 'delivered');
  expect(await bench.result(ref)).toBe('done');
  expect(stepsOf(ref).slice(0, 6)).toEqual([
    ...['lookAtOrder', 'bookShipment', 'lookAtOrder'],
    // Tried again, it books nothing, since what was planned may be stale.
    ...['bookShipment', 'lookAtOrder', 'bookShipment'],
  ]);
});

test('an edit while an attempt is out that books is read again beside the label', async () => {
  const ref = await editedWhileAnAttemptIsOut({ thenComesToNothing: false });
  await bench.world.tried('lookAtOrder', ref, 3);
  bench.world.scan(ref, 1, 'delivered');
  expect(await bench.result(ref)).toBe('done');
  expect(bench.world.callsOf('bookShipment', ref)).toHaveLength(1);
  expect(bench.world.callsOf('lookAtOrder', ref)).toHaveLength(3);
});

test('a run that begins with such an attempt reads the order again once its outcome is known', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [aShipment({ attemptOut: true, attempts: 1, lookAgain: true })] });
  world.fail('bookShipment', ref, 1, () => world.comeToNothing(ref, 1));
  world.scan(ref, 1, 'delivered');
  await engine.hintOrder(ref);
  expect(await bench.result(ref)).toBe('done');
  expect(stepsOf(ref).slice(0, 5)).toEqual([
    ...['lookAtOrder', 'bookShipment', 'bookShipment'],
    ...['lookAtOrder', 'bookShipment'],
  ]);
});

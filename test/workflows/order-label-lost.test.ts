import { beforeAll, expect, test } from 'vitest';
import { orderBench, type OrderBench } from './support/order-bench.ts';

let bench: OrderBench;
beforeAll(async () => {
  bench = await orderBench('order-label-lost');
});

test('a booking whose label is gone is booked anew after a look', async () => {
  const { world, engine } = bench;
  const ref = world.place();
  world.loseLabel(ref, 1);
  world.scan(ref, 1, 'delivered');
  await engine.hintOrder(ref);
  expect(await bench.result(ref)).toBe('done');

  const steps = world.calls.filter((call) => call.orderId === ref.orderId).map(({ step }) => step);
  expect(steps.slice(0, 5)).toEqual(['lookAtOrder', 'bookShipment', 'keepLabel', 'lookAtOrder', 'bookShipment']);
  expect(world.callsOf('bookShipment', ref)).toHaveLength(2);
});

test('a booking whose label is gone is not booked anew when that look finds the order on hold', async () => {
  const { world, engine } = bench;
  const ref = world.place();
  world.loseLabel(ref, 1);
  world.before('lookAtOrder', ref, () => {
    if (world.callsOf('keepLabel', ref).length > 0) world.change(ref, 1, { blocked: 'on_hold' });
  });
  await engine.hintOrder(ref);
  expect(await bench.result(ref)).toBe('waiting');
  expect(world.callsOf('bookShipment', ref)).toHaveLength(1);
});

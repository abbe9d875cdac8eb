import { beforeAll, expect, test } from 'vitest';
import { searchAttributes } from '../../workflows/contract.ts';
import { orderBench, type OrderBench } from './support/order-bench.ts';

let bench: OrderBench;
beforeAll(async () => {
  bench = await orderBench('order');
});

test('an order is looked at, booked, its label kept, the shop told, and followed to its delivery', async () => {
  const { world, engine } = bench;
  const ref = world.place();
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref);
  world.scan(ref, 1, 'delivered');
  expect(await bench.result(ref)).toBe('done');

  const steps = world.calls.filter((call) => call.orderId === ref.orderId && call.ended).map((call) => call.step);
  expect(steps).toEqual(['lookAtOrder', 'bookShipment', 'keepLabel', 'tellShop', 'followParcels']);
});

test('an order costs the engine at most ten actions besides its polls, and three writes of search attributes', async () => {
  const { world, engine } = bench;
  const ref = world.place();
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref);
  world.scan(ref, 1, 'delivered');
  await bench.result(ref);

  const events = await bench.history(ref);
  const upserts = events.filter((e) => e.upsertWorkflowSearchAttributesEventAttributes).length;
  const others = events.filter(
    (e) =>
      e.workflowExecutionStartedEventAttributes ??
      e.workflowExecutionSignaledEventAttributes ??
      e.activityTaskScheduledEventAttributes ??
      e.timerStartedEventAttributes,
  ).length;
  expect(upserts).toBeLessThanOrEqual(3);
  expect(upserts + others).toBeLessThanOrEqual(10);
});

test('support finds an order by its phase and tracking number, and reads what became of it', async () => {
  const { world, engine } = bench;
  const ref = world.place();
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref);
  world.scan(ref, 1, 'delivered');
  await bench.result(ref);

  const number = world.state(ref).shipments[0]?.trackingNumbers[0];
  const { typedSearchAttributes: found } = await bench.handle(ref).describe();
  expect(found.get(searchAttributes.phase)).toBe('done');
  expect(found.get(searchAttributes.tracking)).toBe(number);
  expect(found.get(searchAttributes.attention)).toBeUndefined();
  expect(await bench.details(ref)).toBe(
    `**Order ${ref.orderId}** of store \`kotikauppa1\`. Everything of it has reached its end.\n\n` +
      `- Shipment 1 (${number}): delivered.`,
  );
});

import { beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/wait.ts';
import { impatientServer } from './support/impatient-server.ts';
import { orderBench, type OrderBench } from './support/order-bench.ts';
import { aFollowedShipment, aShipment } from './support/order-states.ts';

let bench: OrderBench;
beforeAll(async () => {
  bench = await orderBench('order-goes-on-anew', await impatientServer(40));
});

test('an order with a long history goes on in a new run, and its parcels are followed to their end', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [aFollowedShipment(), aFollowedShipment({ n: 2 })] });
  await engine.hintOrder(ref);
  const { runId: first } = await bench.handle(ref).describe();
  await hintUntilAnew(ref, first);

  // Of the new run, not of the old one.
  const polls = world.callsOf('followParcels', ref, 1).length;
  await world.tried('followParcels', ref, polls + 4);
  world.scan(ref, 1, 'delivered');
  world.scan(ref, 2, 'delivered');
  expect(await bench.result(ref)).toBe('done');
  const events = await bench.history(ref, first);
  expect(events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes).toBeTruthy();
}, 60_000);

test('a booking that is out when the run goes on anew is answered in the old run, and not booked again', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [aFollowedShipment(), aShipment({ n: 2 })] });
  const booking = world.hold('bookShipment', ref);
  await engine.hintOrder(ref);
  await booking.arrived;
  const { runId: first } = await bench.handle(ref).describe();
  await eventually(
    async () => {
      await engine.hintOrder(ref);
      return (await bench.history(ref, first)).some((e) => e.activityTaskCancelRequestedEventAttributes);
    },
    { within: 20_000, every: 50 },
  );
  expect((await bench.handle(ref).describe()).runId).toBe(first);
  booking.release();
  await eventually(async () => (await bench.handle(ref).describe()).runId !== first, { within: 10_000 });
  world.scan(ref, 1, 'delivered');
  world.scan(ref, 2, 'delivered');
  expect(await bench.result(ref)).toBe('done');
  expect(world.callsOf('bookShipment', ref)).toHaveLength(1);
  expect(world.callsOf('tellShop', ref, 2)).toHaveLength(1);
}, 60_000);

const hintUntilAnew = (ref: { storeHash: string; orderId: number }, first: string) =>
  eventually(
    async () => {
      await bench.engine.hintOrder(ref);
      return (await bench.handle(ref).describe()).runId !== first;
    },
    { within: 20_000, every: 50 },
  );

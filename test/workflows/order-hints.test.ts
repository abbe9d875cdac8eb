import { beforeAll, expect, test } from 'vitest';
import { hint, orderWorkflowId } from '../../workflows/contract.ts';
import { eventually } from '../support/wait.ts';
import { orderBench, type OrderBench } from './support/order-bench.ts';
import { aFollowedShipment } from './support/order-states.ts';

let bench: OrderBench;
beforeAll(async () => {
  bench = await orderBench('order-hints');
});

test('three hundred hints at once are a few looks, and the last of them is looked at', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [aFollowedShipment()] });
  await Promise.all(Array.from({ length: 300 }, () => engine.hintOrder(ref)));
  const lastHint = performance.now();
  await eventually(() => world.callsOf('lookAtOrder', ref).some(({ startedAt }) => startedAt > lastHint), {
    within: 15_000,
  });
  world.scan(ref, 1, 'delivered');
  expect(await bench.result(ref)).toBe('done');
  expect(world.callsOf('lookAtOrder', ref).length).toBeLessThan(100);
}, 60_000);

test('a hint that comes while a run ends is followed by a look, in that run or in the next', async () => {
  const { world, engine } = bench;
  for (let round = 0; round < 25; round += 1) {
    const ref = world.place({ shipments: [aFollowedShipment({ phase: 'delivered' })] });
    await engine.hintOrder(ref);
    // Somewhere between the look and the end of the run, and sometimes after it.
    await eventually(() => world.callsOf('lookAtOrder', ref).length > 0, { every: 1 });
    await new Promise((resolve) => setTimeout(resolve, round * 2));
    const before = performance.now();
    await engine.hintOrder(ref);
    await eventually(() => world.callsOf('lookAtOrder', ref).some(({ startedAt }) => startedAt > before));
  }
}, 60_000);

test('a hint during a look is one more look, since the look may have read before the change', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [aFollowedShipment({ phase: 'delivered' })] });
  const look = world.hold('lookAtOrder', ref);
  await engine.hintOrder(ref);
  await look.arrived;
  await bench.client.workflow.getHandle(orderWorkflowId(ref)).signal(hint);
  look.release();
  await bench.result(ref);
  expect(world.callsOf('lookAtOrder', ref)).toHaveLength(2);
});

test('an edit in the shop is looked at beside the parcel that is followed', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [aFollowedShipment()] });
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref, 2);
  const poll = world.hold('followParcels', ref);
  await poll.arrived;
  await engine.hintOrder(ref);
  await world.tried('lookAtOrder', ref, 2);
  expect(world.callsOf('withdrawShipment', ref)).toHaveLength(0);
  poll.release();
  world.scan(ref, 1, 'delivered');
  expect(await bench.result(ref)).toBe('done');
  const followed = (await bench.history(ref)).filter(
    (e) => e.activityTaskScheduledEventAttributes?.activityType?.name === 'followParcels',
  );
  expect(followed).toHaveLength(1);
});

test('an order that is cancelled in the shop is no longer followed, but withdrawn', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [aFollowedShipment()] });
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref, 2);
  world.change(ref, 1, { cancelling: true });
  await engine.hintOrder(ref);
  expect(await bench.result(ref)).toBe('cancelled');
  expect(world.callsOf('withdrawShipment', ref)).toHaveLength(1);
});

test('news from the carrier that comes while following is being ended is not dropped', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [aFollowedShipment()] });
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref, 2);
  const poll = world.hold('followParcels', ref);
  await poll.arrived;
  world.change(ref, 1, { cancelling: true });
  await engine.hintOrder(ref);
  // The look has told the run to stop following, and the poll is out still.
  await eventually(async () => (await bench.history(ref)).some((e) => e.activityTaskCancelRequestedEventAttributes));
  world.change(ref, 1, { cancelling: false });
  world.scan(ref, 1, 'delivered');
  poll.release();
  expect(await bench.result(ref)).toBe('done');
  expect(world.callsOf('withdrawShipment', ref)).toHaveLength(0);
});

test('one of two shipments goes on to its end while the other waits for a person', async () => {
  const { world, engine } = bench;
  const ref = world.place({
    shipments: [1, 2, 3].map((n) => aFollowedShipment({ n, phase: 'planned', labelKept: false, told: 'not_yet' })),
  });
  world.refuseBooking(ref, 2);
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref, 4);
  world.scan(ref, 1, 'delivered');
  await eventually(() => world.state(ref).shipments[0]?.phase === 'delivered');
  expect((await bench.handle(ref).describe()).status.name).toBe('RUNNING');
  world.scan(ref, 3, 'returned');
  expect(await bench.result(ref)).toBe('needs_attention');
  expect(world.state(ref).shipments.map((s) => s.phase)).toEqual(['delivered', 'planned', 'returned']);
});

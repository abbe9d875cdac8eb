import { beforeAll, expect, test } from 'vitest';
import { CancelledFailure } from '@temporalio/common';
import { eventually } from '../support/wait.ts';
import { orderBench, type OrderBench } from './support/order-bench.ts';
import { aFollowedShipment, aShipment, attention } from './support/order-states.ts';

let bench: OrderBench;
beforeAll(async () => {
  bench = await orderBench('order-cancelled');
});

test('cancelled in the Temporal UI while a booking is out: its answer is kept, then the shipment is taken back', async () => {
  const { world, engine } = bench;
  const ref = world.place();
  const booking = world.hold('bookShipment', ref);
  await engine.hintOrder(ref);
  await booking.arrived;
  await bench.handle(ref).cancel();
  await world.tried('cancelForEngine', ref);
  booking.release();

  expect(await bench.result(ref)).toBe('cancelled');
  expect(world.callsOf('bookShipment', ref)).toHaveLength(1);
  expect(world.callsOf('withdrawShipment', ref)).toHaveLength(1);
  expect(world.callsOf('tellShop', ref)).toHaveLength(0);
  expect(world.state(ref).shipments[0]?.trackingNumbers).toHaveLength(1);
  const events = await bench.history(ref);
  expect(events.filter((e) => e.activityTaskCancelRequestedEventAttributes)).toEqual([]);
  expect((await bench.handle(ref).describe()).status.name).toBe('COMPLETED');
});

test('cancelled between two looks at a parcel: following ends at once, and the shipment is taken back', async () => {
  const { world } = bench;
  const patient = { ...bench.timings, poll: { beforeFirstScan: 60_000, inTransit: 60_000, nearTheEnd: 60_000 } };
  const ref = world.place({ shipments: [aFollowedShipment()] });
  await bench.engineWith({ timings: patient }).hintOrder(ref);
  await world.tried('followParcels', ref);
  await bench.handle(ref).cancel();
  expect(await bench.result(ref)).toBe('cancelled');
  expect(world.callsOf('withdrawShipment', ref)).toHaveLength(1);
});

test('cancelled during a look at a parcel: the look ends, and the shipment is taken back', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [aFollowedShipment()] });
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref, 2);
  const poll = world.hold('followParcels', ref);
  await poll.arrived;
  await bench.handle(ref).cancel();
  await eventually(() => world.callsOf('cancelForEngine', ref)[0]?.ended === true);
  poll.release();
  expect(await bench.result(ref)).toBe('cancelled');
  expect(world.callsOf('withdrawShipment', ref)).toHaveLength(1);
});

test('a parcel that is delivered in the moment of the cancelling is delivered', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [aFollowedShipment()] });
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref, 2);
  const poll = world.hold('followParcels', ref);
  await poll.arrived;
  await bench.handle(ref).cancel();
  await eventually(() => world.callsOf('cancelForEngine', ref)[0]?.ended === true);
  world.scan(ref, 1, 'delivered');
  poll.release();
  expect(await bench.result(ref)).toBe('done');
});

test('cancelled while it waits for a person: nothing is left to wait for', async () => {
  const { world } = bench;
  const ref = world.place({ shipments: [aShipment({ attention: attention() })] });
  await bench.engineWith({ timings: { ...bench.timings, linger: 60_000 } }).hintOrder(ref);
  await eventually(async () => (await bench.details(ref)).includes('Needs a person'));
  await bench.handle(ref).cancel();
  expect(await bench.result(ref)).toBe('cancelled');
});

test('a run whose time is up while its cancelling is carried out does not end before that', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [aShipment({ attention: attention() })] });
  const cancelling = world.hold('cancelForEngine', ref);
  await engine.hintOrder(ref);
  await eventually(async () => (await bench.history(ref)).some((e) => e.timerStartedEventAttributes));
  await bench.handle(ref).cancel();
  await cancelling.arrived;
  await eventually(async () =>
    (await bench.history(ref)).some((e) => e.timerFiredEventAttributes ?? e.timerCanceledEventAttributes),
  );
  cancelling.release();
  expect(await bench.result(ref)).toBe('cancelled');
  expect(world.callsOf('cancelForEngine', ref)).toMatchObject([{ ended: true }]);
});

test('cancelled before its first look is over: it is looked at, and then cancelled', async () => {
  const { world, engine } = bench;
  const ref = world.place();
  const look = world.hold('lookAtOrder', ref);
  await engine.hintOrder(ref);
  await look.arrived;
  await bench.handle(ref).cancel();
  look.release();
  expect(await bench.result(ref).catch((error: unknown) => error)).not.toBeInstanceOf(CancelledFailure);
  expect(world.state(ref).phase).toBe('cancelled');
});

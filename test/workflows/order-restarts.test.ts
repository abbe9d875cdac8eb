import { beforeAll, beforeEach, expect, test } from 'vitest';
import { eventually } from '../support/wait.ts';
import { orderBench, type OrderBench } from './support/order-bench.ts';
import { aFollowedShipment } from './support/order-states.ts';

let bench: OrderBench;
beforeAll(async () => {
  bench = await orderBench('order-restarts');
});
beforeEach(() => bench.startWorkers());

test('a worker that is stopped while a booking is out keeps its answer, and the next one goes on from there', async () => {
  const { world, engine } = bench;
  const ref = world.place();
  const booking = world.hold('bookShipment', ref);
  await engine.hintOrder(ref);
  await booking.arrived;
  const stopped = bench.stopWorkers();
  booking.release();
  await stopped;
  await eventually(() => world.state(ref).shipments[0]?.phase === 'booked');

  await bench.startWorkers();
  await world.tried('followParcels', ref);
  world.scan(ref, 1, 'delivered');
  expect(await bench.result(ref)).toBe('done');
  expect(world.callsOf('bookShipment', ref)).toHaveLength(1);
});

test('a parcel is followed further by the next worker, which knows of the order only what the engine kept', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [aFollowedShipment()] });
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref, 2);
  await bench.stopWorkers();
  world.scan(ref, 1, 'delivered');
  await bench.startWorkers();
  expect(await bench.result(ref)).toBe('done');
  expect(world.callsOf('lookAtOrder', ref)).toHaveLength(1);
});

test('hints and a command that come while no worker runs wait for it, and the command is carried out once', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [aFollowedShipment()] });
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref, 2);
  await bench.stopWorkers();

  const impatient = bench.engineWith({ commandWaitMs: 500 });
  const cancel = { commandId: 'cancel-without-worker', kind: 'cancel', n: 1 } as const;
  expect(await impatient.sendCommand(ref, cancel)).toBeNull();
  await engine.hintOrder(ref);
  expect(world.applied.get(cancel.commandId)).toBeUndefined();

  await bench.startWorkers();
  // The sender asks again until it hears something; by then it may have been carried out.
  await eventually(async () => (await engine.sendCommand(ref, cancel))?.outcome === 'done', { within: 15_000 });
  expect(await bench.result(ref)).toBe('cancelled');
  expect(world.applied.get(cancel.commandId)).toBe(1);
});

test('an order that was terminated goes on from where it was at the next hint', async () => {
  const { world, engine } = bench;
  const ref = world.place();
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref, 2);
  expect(await engine.terminate(ref, 'a test')).toBe(true);
  expect((await bench.handle(ref).describe()).status.name).toBe('TERMINATED');

  await engine.hintOrder(ref);
  await eventually(() => world.callsOf('lookAtOrder', ref).length === 2);
  world.scan(ref, 1, 'delivered');
  expect(await bench.result(ref)).toBe('done');
  for (const step of ['bookShipment', 'keepLabel', 'tellShop'] as const) {
    expect(world.callsOf(step, ref)).toHaveLength(1);
  }
});

test('an order that was reset in the Temporal UI to its first look goes on from where Postgres says it is', async () => {
  const { world, engine } = bench;
  const ref = world.place();
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref, 2);
  const { runId } = await bench.handle(ref).describe();
  const looked = (await bench.history(ref, runId)).find((e) => e.workflowTaskCompletedEventAttributes);
  await bench.client.workflowService.resetWorkflowExecution({
    namespace: bench.client.options.namespace,
    workflowExecution: { workflowId: bench.handle(ref).workflowId, runId },
    reason: 'a test',
    requestId: 'reset-in-a-test',
    workflowTaskFinishEventId: looked?.eventId ?? null,
  });
  await eventually(() => world.callsOf('lookAtOrder', ref).length === 2);
  world.scan(ref, 1, 'delivered');
  expect(await bench.result(ref)).toBe('done');
  expect((await bench.handle(ref).describe()).runId).not.toBe(runId);
  for (const step of ['bookShipment', 'keepLabel', 'tellShop'] as const) {
    expect(world.callsOf(step, ref)).toHaveLength(1);
  }
});

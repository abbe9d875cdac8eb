import { beforeAll, expect, test } from 'vitest';
import type { CommandRef } from '../../workflows/contract.ts';
import type { CommandKind } from '../../src/domain/commands.ts';
import { withCommands } from '../../src/domain/offered-commands.ts';
import { eventually } from '../support/wait.ts';
import { orderBench, type OrderBench } from './support/order-bench.ts';
import { aFollowedShipment, aShipment, attention, type OrderParts } from './support/order-states.ts';

let bench: OrderBench;
beforeAll(async () => {
  bench = await orderBench('order-commands');
});

let commands = 0;
const aCommand = (kind: CommandKind, n: number | null = null): CommandRef => ({
  commandId: `command-${(commands += 1)}`,
  kind,
  n,
});

test('an order whose status is not chosen waits a while, and a later hint brings it back', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [], unshipped: { status_not_chosen: 2 } });
  await engine.hintOrder(ref);
  expect(await bench.result(ref)).toBe('waiting');
  expect(world.callsOf('bookShipment', ref)).toHaveLength(0);

  world.set(ref, { unshipped: {}, shipments: [aShipment()] });
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref);
  world.scan(ref, 1, 'delivered');
  expect(await bench.result(ref)).toBe('done');
});

test('a shipment that needs attention waits a while, and a later hint brings it back', async () => {
  const { world, engine } = bench;
  const ref = world.place();
  world.refuseBooking(ref, 1);
  await engine.hintOrder(ref);
  expect(await bench.result(ref)).toBe('needs_attention');
  expect(world.callsOf('bookShipment', ref)).toHaveLength(1);

  world.change(ref, 1, { attention: null });
  await engine.hintOrder(ref);
  await world.tried('bookShipment', ref, 2);
  world.scan(ref, 1, 'delivered');
  expect(await bench.result(ref)).toBe('done');
});

test('a command wakes an order that waits, also after its run has ended', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [], unshipped: { status_not_chosen: 1 } });
  await engine.hintOrder(ref);
  await bench.result(ref);
  expect(await engine.sendCommand(ref, aCommand('book'))).toEqual({ outcome: 'done' });
  await world.tried('followParcels', ref);
  world.scan(ref, 1, 'delivered');
  expect(await bench.result(ref)).toBe('done');
});

test('a retry books the shipment that was refused, in the run that waits for a person', async () => {
  const { world } = bench;
  const engine = bench.engineWith({ timings: { ...bench.timings, linger: 60_000 } });
  const ref = world.place();
  world.refuseBooking(ref, 1);
  await engine.hintOrder(ref);
  await eventually(async () => (await bench.details(ref)).includes('Needs a person'));
  expect(await engine.sendCommand(ref, aCommand('retry', 1))).toEqual({ outcome: 'done' });
  await world.tried('followParcels', ref);
  world.scan(ref, 1, 'delivered');
  expect(await bench.result(ref)).toBe('done');
  expect(world.callsOf('bookShipment', ref)).toHaveLength(2);
});

test('a shop that waits for the print is told when the label is printed, and not at the next news of the parcel', async () => {
  const { world } = bench;
  const never = { beforeFirstScan: 60_000, inTransit: 60_000, nearTheEnd: 60_000 };
  const engine = bench.engineWith({ timings: { ...bench.timings, poll: never } });
  const ref = world.place({ shipments: [aFollowedShipment({ told: 'waits_for_print' })] });
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref);
  expect(await engine.sendCommand(ref, aCommand('mark_printed', 1))).toEqual({ outcome: 'done' });
  await world.tried('tellShop', ref);
  await world.tried('followParcels', ref, 2);
  await engine.sendCommand(ref, aCommand('cancel', 1));
  await bench.result(ref);
});

test('a command that the order’s state excludes is refused at once, with the reason', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [aFollowedShipment(), aFollowedShipment({ n: 2, phase: 'delivered' })] });
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref);
  expect(await engine.sendCommand(ref, aCommand('cancel', 7))).toEqual({
    outcome: 'refused',
    reason: 'The order has no shipment 7.',
  });
  expect(await engine.sendCommand(ref, aCommand('cancel', 2))).toEqual({
    outcome: 'refused',
    reason: 'Shipment 2 has ended: it is delivered.',
  });
  expect(world.callsOf('applyCommand', ref)).toHaveLength(0);
  await engine.sendCommand(ref, aCommand('cancel', 1));
  await bench.result(ref);
});

test.each<[string, OrderParts]>([
  ['is followed', { shipments: [aFollowedShipment()] }],
  ['is on its way', { shipments: [aFollowedShipment({ deliveryStatus: 'in_transit' })] }],
  ['needs a person', { shipments: [aShipment({ attention: attention() })] }],
  ['cannot be booked as it stands', { shipments: [aShipment({ attention: attention(), bookable: false })] }],
  ['is on hold', { onHold: true, shipments: [aShipment({ blocked: 'on_hold' })] }],
  ['does not ship by its status', { shipments: [aShipment({ blocked: 'status_not_chosen' })] }],
])(
  'an order that %s says which commands apply, and refuses the others before anything is done',
  async (_name, parts) => {
    const { world } = bench;
    const engine = bench.engineWith({ timings: { ...bench.timings, linger: 60_000 } });
    const ref = world.place(parts);
    await engine.hintOrder(ref);
    const state = await eventually(async () => {
      const live = await engine.liveState(ref);
      return live.kind === 'running' ? (live.state ?? undefined) : undefined;
    });
    expect(state).toEqual(withCommands(world.state(ref)));

    for (const kind of allCommands) {
      const offered = state.shipments[0]?.commands.includes(kind) ?? false;
      // What needs a person may be news that this run has not read yet: whether it can be resolved, Postgres says.
      if (offered || kind === 'resolve') continue;
      expect(await engine.sendCommand(ref, aCommand(kind, 1))).toMatchObject({ outcome: 'refused' });
    }
    expect(world.callsOf('applyCommand', ref)).toHaveLength(0);
    await engine.terminate(ref, 'The test is over.');
  },
);

const allCommands: CommandKind[] = ['cancel', 'change', 'retry', 'book', 'mark_printed', 'resolve'];

test('a command that is sent twice at once is carried out once, and both hear what came of it', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [aFollowedShipment()] });
  await engine.hintOrder(ref);
  await world.tried('followParcels', ref);
  const cancel = aCommand('cancel', 1);
  const outcomes = await Promise.all([engine.sendCommand(ref, cancel), engine.sendCommand(ref, cancel)]);
  expect(outcomes).toEqual([{ outcome: 'done' }, { outcome: 'done' }]);
  expect(await bench.result(ref)).toBe('cancelled');
  expect(world.callsOf('applyCommand', ref)).toHaveLength(1);
});

test('a command during the last moments of a run is carried out before the run ends, and looked after once', async () => {
  const { world, engine } = bench;
  const ref = world.place({ shipments: [aFollowedShipment({ phase: 'delivered' })] });
  const command = world.hold('applyCommand', ref);
  const outcome = engine.sendCommand(ref, aCommand('reprocess'));
  await command.arrived;
  const looks = world.callsOf('lookAtOrder', ref).length;
  command.release();
  expect(await outcome).toEqual({ outcome: 'done' });
  expect(await bench.result(ref)).toBe('done');
  expect(looks).toBe(1);
  expect(world.callsOf('lookAtOrder', ref)).toHaveLength(2);
});

test('a step that fails unexpectedly is tried again, and what it said stays out of the history', async () => {
  const { world, engine } = bench;
  const ref = world.place();
  const words = 'Maija Mallikas, Esimerkkikuja 1';
  world.fail('tellShop', ref, 2, () => new TypeError(words));
  world.fail('bookShipment', ref, 1, () => new Error(words));
  await engine.hintOrder(ref);
  await world.tried('tellShop', ref, 2);
  await world.tried('followParcels', ref);
  world.scan(ref, 1, 'delivered');
  expect(await bench.result(ref)).toBe('done');

  expect(world.callsOf('tellShop', ref)).toHaveLength(3);
  const history = await bench.history(ref);
  const failures = history.flatMap((e) => e.activityTaskStartedEventAttributes?.lastFailure ?? []);
  expect(failures.map(({ message }) => message)).toContain(
    'Unexpected TypeError; the log of the worker has its place.',
  );
  expect(JSON.stringify(history)).not.toContain('Mallikas');
  expect(bench.log.join('')).not.toContain('Mallikas');
});

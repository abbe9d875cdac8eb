import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { ScheduleNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SweepActivities } from '../../activities/sweep.ts';
import { openEngineConnection, type EngineConnection } from '../../src/temporal/connection.ts';
import { createScheduleKeeper, ensureSchedules, type ScheduleNeeds } from '../../src/temporal/schedules.ts';
import { scheduleIds } from '../../workflows/contract.ts';
import { testTemporal, type TestTemporal } from '../support/temporal.ts';
import { eventually } from '../support/wait.ts';

let temporal: TestTemporal;
let engine: EngineConnection;
let taskQueue: string;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  temporal = await testTemporal();
  taskQueue = temporal.unique('sweep');
  engine = openEngineConnection({ address: temporal.address, namespace: temporal.namespace, embedded: true, env: {} });
});
afterAll(async () => {
  const ids = [
    scheduleIds.watchman,
    scheduleIds.sweep('kuusi'),
    scheduleIds.sweep('manty'),
    scheduleIds.sweep('koivu'),
  ];
  await Promise.allSettled(ids.map((id) => temporal.client.schedule.getHandle(id).delete()));
  await engine.connection.close();
});

const needs = (rest: Partial<ScheduleNeeds> = {}): ScheduleNeeds => ({
  stores: [
    { storeHash: 'kuusi', state: 'connected' },
    { storeHash: 'manty', state: 'connected' },
  ],
  sweepEverySeconds: 300,
  watchmanEverySeconds: 600,
  taskQueue,
  ...rest,
});

const described = (id: string) => temporal.client.schedule.getHandle(id).describe();

test('many processes that ensure the schedules at once make one of each', async () => {
  await Promise.all(Array.from({ length: 4 }, () => ensureSchedules(engine, needs())));
  expect(await described(scheduleIds.sweep('kuusi'))).toMatchObject({
    spec: { intervals: [{ every: 300_000 }] },
    policies: { overlap: 'SKIP', catchupWindow: 60_000 },
    action: { workflowType: 'sweep', args: [{ storeHash: 'kuusi' }] },
  });
  expect(await described(scheduleIds.watchman)).toMatchObject({ action: { workflowType: 'watchman' } });
});

test('stores are swept at moments of their own, spread over the interval', async () => {
  const hashes = ['kuusi', 'manty', 'koivu'];
  const stores = hashes.map((storeHash) => ({ storeHash, state: 'connected' }) as const);
  await ensureSchedules(engine, needs({ stores }));
  const offsets = await Promise.all(
    hashes.map(async (hash) => (await described(scheduleIds.sweep(hash))).spec.intervals?.[0]?.offset),
  );
  expect(new Set(offsets).size).toBeGreaterThan(1);
  for (const offset of offsets) expect(offset).toBeLessThan(300_000);
});

test('another interval is taken over, what a person paused stays paused, and a disconnected store loses its schedule', async () => {
  await ensureSchedules(engine, needs());
  await temporal.client.schedule.getHandle(scheduleIds.sweep('kuusi')).pause('The shop moves.');
  const stores: ScheduleNeeds['stores'] = [
    { storeHash: 'kuusi', state: 'paused' },
    { storeHash: 'manty', state: 'disconnected' },
  ];
  await ensureSchedules(engine, needs({ stores, sweepEverySeconds: 60 }));
  await ensureSchedules(engine, needs({ stores, sweepEverySeconds: 60 }));

  expect(await described(scheduleIds.sweep('kuusi'))).toMatchObject({
    spec: { intervals: [{ every: 60_000 }] },
    state: { paused: true },
  });
  await expect(described(scheduleIds.sweep('manty'))).rejects.toThrow(ScheduleNotFoundError);
});

test('a worker that looks again leaves alone what is right, and makes again what somebody deleted', async () => {
  await Promise.all(
    [scheduleIds.watchman, scheduleIds.sweep('kuusi'), scheduleIds.sweep('manty')].map((id) =>
      temporal.client.schedule
        .getHandle(id)
        .delete()
        .catch(() => undefined),
    ),
  );
  const keeper = createScheduleKeeper(engine);
  await keeper.keep(needs());
  const sweeps = [scheduleIds.sweep('kuusi'), scheduleIds.sweep('manty')];
  const isListed = async (id: string) => {
    for await (const { scheduleId } of temporal.client.schedule.list()) if (scheduleId === id) return true;
    return false;
  };
  await eventually(() => Promise.all(sweeps.map(isListed)).then((all) => all.every(Boolean)), { within: 15_000 });
  for (let i = 0; i < 3; i++) await keeper.keep(needs());
  for (const id of sweeps) expect((await described(id)).info.lastUpdatedAt).toBeUndefined();

  await temporal.client.schedule.getHandle(scheduleIds.sweep('kuusi')).delete();
  await eventually(() => isListed(scheduleIds.sweep('kuusi')).then((is) => !is), { within: 15_000 });
  await keeper.keep(needs());
  expect(await described(scheduleIds.sweep('kuusi'))).toMatchObject({ spec: { intervals: [{ every: 300_000 }] } });
});

test('a schedule starts the sweep of its store', async () => {
  const swept: string[] = [];
  const activities: SweepActivities = {
    sweepOrders: ({ storeHash }) => {
      swept.push(storeHash);
      return Promise.resolve({ read: 0, differing: 0, unreadable: 0, pages: 1 });
    },
  };
  await ensureSchedules(engine, needs());
  const worker = await Worker.create({
    connection: temporal.nativeConnection,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('../../workflows/sweep.ts', import.meta.url)),
    activities: { ...activities },
  });
  await worker.runUntil(async () => {
    await temporal.client.schedule.getHandle(scheduleIds.sweep('manty')).trigger();
    await eventually(() => swept.includes('manty'), { within: 15_000 });
  });
});

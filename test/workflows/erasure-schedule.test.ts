import { fileURLToPath } from 'node:url';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createErasureActivities } from '../../activities/erasure.ts';
import type { Pool } from '../../src/db/pool.ts';
import { openEngineConnection, type EngineConnection } from '../../src/temporal/connection.ts';
import { ensureSchedules } from '../../src/temporal/schedules.ts';
import { defaultSettings } from '../../src/settings/settings.ts';
import { scheduleIds } from '../../workflows/contract.ts';
import { anOrderOfTheCanary, canary, endedDaysAgo } from '../db/erased-order.ts';
import { columnsThatHold, textOf } from '../support/person-scan.ts';
import { testDatabase } from '../support/postgres.ts';
import { testTemporal, type TestTemporal } from '../support/temporal.ts';
import { eventually } from '../support/wait.ts';

let pool: Pool;
let temporal: TestTemporal;
let engine: EngineConnection;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  [{ pool }, temporal] = await Promise.all([testDatabase(), testTemporal()]);
  engine = openEngineConnection({ address: temporal.address, namespace: temporal.namespace, embedded: true, env: {} });
});
afterAll(async () => {
  await temporal.client.schedule.getHandle(scheduleIds.erasure).delete();
  await engine.connection.close();
});

test('the daily schedule erases what is over, and its history knows nobody', async () => {
  const desk = await anOrderOfTheCanary(pool);
  await endedDaysAgo(pool, desk, 91);
  const taskQueue = temporal.unique('erasure');
  await ensureSchedules(engine, {
    ...{ stores: [], sweepEverySeconds: 300, watchmanEverySeconds: 600, taskQueue },
    eraseEverySeconds: 86_400,
  });
  const schedule = temporal.client.schedule.getHandle(scheduleIds.erasure);
  expect(await schedule.describe()).toMatchObject({
    spec: { intervals: [{ every: 86_400_000 }] },
    policies: { overlap: 'SKIP' },
    action: { workflowType: 'erasure' },
  });

  const activities = createErasureActivities({
    pool,
    stores: {
      list: () => Promise.resolve([desk.store]),
      settings: () => Promise.resolve({ settings: defaultSettings(), version: 1 }),
    },
    log: { info: () => {}, warn: () => {} },
    now: () => new Date(),
  });
  const worker = await Worker.create({
    connection: temporal.nativeConnection,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('../../workflows/erasure.ts', import.meta.url)),
    activities: { ...activities },
  });
  await worker.runUntil(async () => {
    await schedule.trigger();
    const started = await eventually(async () => (await schedule.describe()).info.recentActions.at(-1)?.action, {
      within: 15_000,
    });
    const handle = temporal.client.workflow.getHandle(started.workflow.workflowId);
    await handle.result();
    const history = textOf(await handle.fetchHistory());
    expect(history).toContain('"over":1');
    for (const part of [canary.lastName, canary.street, canary.phone, canary.email])
      expect(history).not.toContain(part);
  });
  expect(await columnsThatHold(pool, canary)).toEqual([]);
});

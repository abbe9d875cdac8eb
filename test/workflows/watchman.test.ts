import { fileURLToPath } from 'node:url';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import pino from 'pino';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import { createWatchmanActivities, resumeAll, type WatchmanActivities } from '../../activities/watchman.ts';
import type { Pool } from '../../src/db/pool.ts';
import { listRuns } from '../../src/stores/runs.sql.ts';
import type { Store } from '../../src/stores/store.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import { aStore, keptOrder } from '../db/inbox-rows.ts';
import { testDatabase } from '../support/postgres.ts';
import { testTemporal, type TestTemporal } from '../support/temporal.ts';

const log = pino({ level: 'silent' });
let pool: Pool;
let temporal: TestTemporal;
let store: Store;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  [{ pool }, temporal] = await Promise.all([testDatabase(), testTemporal()]);
});
beforeEach(async () => {
  await pool.query('truncate lahetti.stores, lahetti.inbox cascade');
  store = await aStore(pool);
  await anOrder(1, 'booked');
  await anOrder(2, 'planned');
  await anOrder(3, 'delivered');
  await anOrder(4, 'planned', 'on_hold');
});

test('the watchman starts what is due and does not run, and nothing else', async () => {
  const counts = await stand(new Set([orderWorkflowId({ storeHash: store.storeHash, orderId: 1 })]));
  expect(counts).toEqual({ due: 2, running: 1, started: 1 });
  expect(await hinted()).toEqual([2]);
  expect(await listRuns(pool, { kind: 'watchman', limit: 1 })).toMatchObject([{ counts, failure: null }]);
});

test('the next round starts again what still does not run', async () => {
  await stand(new Set());
  await stand(new Set());
  expect(await hinted()).toEqual([1, 1, 2, 2]);
});

test('an engine that is away starts nothing and fails the try', async () => {
  const away = createWatchmanActivities({
    pool,
    log,
    engine: { runningOrders: () => Promise.reject(new Error('away')) },
  });
  await expect(new MockActivityEnvironment().run(away.startWhatIsDue)).rejects.toThrow('away');
  expect(await hinted()).toEqual([]);
});

test('resume hints all that is due, whatever runs', async () => {
  expect(await resumeAll({ pool, log })).toEqual({ due: 2, running: 0, started: 2 });
  expect(await hinted()).toEqual([1, 2]);
});

test('the watchman’s workflow tries again until the step succeeds', async () => {
  let tries = 0;
  const activities: WatchmanActivities = {
    startWhatIsDue: () => {
      tries += 1;
      return tries === 1 ? Promise.reject(new Error('away')) : Promise.resolve({ due: 0, running: 0, started: 0 });
    },
  };
  const taskQueue = temporal.unique('watchman');
  const worker = await Worker.create({
    connection: temporal.nativeConnection,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('../../workflows/watchman.ts', import.meta.url)),
    activities: { ...activities },
  });
  await worker.runUntil(temporal.client.workflow.execute('watchman', { taskQueue, workflowId: taskQueue }));
  expect(tries).toBe(2);
});

function stand(running: Set<string>) {
  const { startWhatIsDue } = createWatchmanActivities({
    pool,
    log,
    engine: { runningOrders: () => Promise.resolve(running) },
  });
  return new MockActivityEnvironment().run(startWhatIsDue);
}

async function anOrder(orderId: number, phase: string, blocked: string | null = null): Promise<void> {
  await pool.query(
    `insert into lahetti.shipments (order_pk, n, address_id, phase, blocked) values ($1, 1, 1, $2, $3)`,
    [await keptOrder(pool, store, orderId), phase, blocked],
  );
}

async function hinted(): Promise<number[]> {
  const { rows } = await pool.query<{ order_id: number }>('select order_id from lahetti.inbox order by order_id, id');
  return rows.map((row) => row.order_id);
}

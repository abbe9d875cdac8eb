import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { orderWorkflowId, taskQueues } from '../../workflows/contract.ts';
import { freePorts } from '../../src/embedded/free-port.ts';
import { timingsAt } from '../../src/temporal/timings.ts';
import { startWorkers, type Workers } from '../../src/temporal/worker.ts';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { engineText } from '../../src/metrics/engine-text.ts';
import { deployedMetrics } from '../unit/deploy/deployed.ts';
import { eventually } from '../support/wait.ts';
import { makeNamespace } from './support/namespace.ts';

// A namespace of its own: these workers poll the queues that orders have everywhere.
const namespace = 'engine-metrics';
let connection: Connection;
let workers: Workers;
let text: () => Promise<string>;

beforeAll(async () => {
  const address = inject('temporalAddress');
  connection = await Connection.connect({ address });
  await makeNamespace(connection, namespace);
  const [port] = await freePorts(1);
  const sdkMetricsAddress = `127.0.0.1:${port}`;
  const log = createLog({ level: 'silent' });
  workers = await startWorkers({
    ...{ address, namespace, embedded: true, env: {}, log, sdkMetricsAddress },
    ...{
      shopActivities: { lookAtOrder: () => Promise.reject(new Error('not now')) },
      carrierActivities: { none: () => {} },
    },
    ...{ maxCachedWorkflows: 10, workflowBundle: null, graceMs: 100 },
  });
  const metrics = createMetrics({ log });
  metrics.addText(engineText(sdkMetricsAddress));
  text = () => metrics.text();
}, 60_000);
afterAll(async () => {
  workers.shutdown();
  await workers.done;
  await connection.close();
});

test("a worker's metrics hold every metric of the engine that alerts and dashboard are made of", async () => {
  const ref = { storeHash: 'kauppa1', orderId: 7 };
  const client = new Client({ connection, namespace });
  const handle = await client.workflow.start('order', {
    workflowId: orderWorkflowId(ref),
    taskQueue: taskQueues.orders,
    args: [{ ...ref, timings: timingsAt(1_000) }],
  });
  // A task that fails, as one whose history does not replay: only then is there a count of those.
  const unknown = await client.workflow.start('nobodys', { workflowId: 'nobodys', taskQueue: taskQueues.orders });
  const wanted = deployedMetrics().filter((name) => name.startsWith('temporal_'));
  expect(wanted.length).toBeGreaterThan(0);
  await eventually(
    async () => {
      const served = await text();
      expect(wanted.filter((name) => !served.includes(`\n${name}{`))).toEqual([]);
      return true;
    },
    { within: 15_000, every: 250 },
  );
  expect(await text()).not.toContain('kauppa1');
  expect(await text()).toMatch(/temporal_workflow_task_execution_failed_total\{.*failure_reason="/);
  await handle.terminate('seen');
  await unknown.terminate('seen');
}, 60_000);

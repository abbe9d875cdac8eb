import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { temporal } from '@temporalio/proto';
import pino from 'pino';
import { expect, inject } from 'vitest';
import { createEngine, type Engine, type EngineDeps } from '../../../src/temporal/client.ts';
import { prepareNamespace } from '../../../src/temporal/namespace.ts';
import { startWorkers, type Workers } from '../../../src/temporal/worker.ts';
import { orderWorkflowId, searchAttributes, type Timings } from '../../../workflows/contract.ts';
import type { OrderPhase } from '../../../src/domain/order-state.ts';
import type { OrderRef } from '../../../src/domain/order-ref.ts';
import { recordsTests, recordTests, type PlayedOrder } from '../../replay/record-tests.ts';
import { afterFile } from '../../support/after-file.ts';
import { OrderWorld } from './order-world.ts';

/** Short, and apart enough that a slow machine does not mix them up. */
const shortTimings: Timings = {
  gatherHints: 30,
  linger: 400,
  poll: { beforeFirstScan: 40, inTransit: 40, nearTheEnd: 40 },
  silence: { beforeFirstScan: 60_000, betweenScans: 60_000 },
  retry: { first: 20, longest: 100 },
  tryTimeout: 20_000,
};

/** Real workers, with real workflows, in a namespace of their own: the carrier's queue has the same name everywhere. */
export interface OrderBench {
  readonly world: OrderWorld;
  readonly engine: Engine;
  readonly client: Client;
  readonly timings: Timings;
  /** What a failed step told the worker's log. */
  readonly log: string[];
  engineWith(deps: Partial<EngineDeps>): Engine;
  /** Does nothing where they run. */
  startWorkers(): Promise<void>;
  /** Lets what is under way end, as a deployment would. */
  stopWorkers(): Promise<void>;
  handle(ref: OrderRef): WorkflowHandle;
  /** Waits for the end of the run that is under way, or of the latest. */
  result(ref: OrderRef): Promise<OrderPhase>;
  /** What the Temporal UI shows at the top of the order's page. */
  details(ref: OrderRef): Promise<string>;
  history(ref: OrderRef, runId?: string): Promise<temporal.api.history.v1.IHistoryEvent[]>;
}

/** Call it in a `beforeAll`; workers run, and everything ends after the file's last test. */
export async function orderBench(name: string, address = inject('temporalAddress')): Promise<OrderBench> {
  const namespace = `${name}-${process.pid}`;
  const folder = await mkdtemp(join(tmpdir(), 'lahetti-workflows-'));
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  const workflowBundle = join(folder, 'workflows.cjs');
  const [{ code }] = await Promise.all([
    bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('../../../workflows/index.ts', import.meta.url)),
      logger: new DefaultLogger('ERROR'),
    }),
    makeNamespace(connection, namespace),
  ]);
  await writeFile(workflowBundle, code);

  const world = new OrderWorld();
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  let workers: Workers | undefined;
  const bench: OrderBench = {
    world,
    client,
    timings: shortTimings,
    log: lines,
    engine: createEngine({ connection, namespace, timings: shortTimings }),
    engineWith: (deps) => createEngine({ connection, namespace, timings: shortTimings, ...deps }),
    async startWorkers() {
      workers ??= await startWorkers({
        address,
        namespace,
        embedded: true,
        env: {},
        log,
        shopActivities: world.shopSteps,
        carrierActivities: world.carrierSteps,
        maxCachedWorkflows: 1_000,
        workflowBundle,
        graceMs: 5_000,
      });
    },
    async stopWorkers() {
      workers?.shutdown();
      await workers?.done;
      workers = undefined;
    },
    handle: (ref) => client.workflow.getHandle(orderWorkflowId(ref)),
    result: (ref) => bench.handle(ref).result() as Promise<OrderPhase>,
    async details(ref) {
      const metadata = await bench.handle(ref).query<{ currentDetails: string }>('__temporal_workflow_metadata');
      return metadata.currentDetails;
    },
    async history(ref, runId) {
      const { events } = await client.workflow.getHandle(orderWorkflowId(ref), runId).fetchHistory();
      return events ?? [];
    },
  };
  await bench.startWorkers();
  const played = recordsTests ? namesOfTests(world) : [];
  afterFile(async () => {
    await recordTests(client, name, played);
    await bench.stopWorkers();
    await connection.close();
    await rm(folder, { recursive: true, force: true });
  });
  return bench;
}

/** Which test placed an order, from here on. */
function namesOfTests(world: OrderWorld): readonly PlayedOrder[] {
  const played: PlayedOrder[] = [];
  const place = world.place.bind(world);
  world.place = (parts) => {
    const ref = place(parts);
    played.push({ ref, test: expect.getState().currentTestName ?? 'a test' });
    return ref;
  };
  return played;
}

async function makeNamespace(connection: Connection, namespace: string): Promise<void> {
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  await prepareNamespace(connection, {
    namespace,
    searchAttributes: Object.fromEntries(Object.values(searchAttributes).map(({ name }) => [name, 'Keyword'] as const)),
    embedded: false,
    retentionDays: 1,
  });
}

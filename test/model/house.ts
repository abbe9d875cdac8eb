import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import pino from 'pino';
import { inject } from 'vitest';
import { createEngine } from '../../src/temporal/client.ts';
import { startWorkers, type Workers } from '../../src/temporal/worker.ts';
import type { Timings } from '../../workflows/contract.ts';
import type { OrderRef } from '../../src/domain/order-ref.ts';
import { startWorld, type World } from '../protocol/world.ts';
import { afterFile } from '../support/after-file.ts';
import { makeNamespace } from '../workflows/support/namespace.ts';
import { installChangeLog } from './change-log.ts';
import { OrderInPlay, type StepsOfAnOrder } from './order-in-play.ts';
import type { Setting } from './setting.ts';

const day = 86_400_000;

/** Short where nothing is decided by it. Posti is asked when the model says that time has passed, and not before. */
const timings = (lingerMs: number): Timings => ({
  gatherHints: 0,
  linger: lingerMs,
  poll: { beforeFirstScan: 60, inTransit: 60, nearTheEnd: 60 },
  silence: { beforeFirstScan: 3 * day, betweenScans: 7 * day },
  retry: { first: 20, longest: 100 },
  tryTimeout: 120_000,
});

/** The whole house for one file: a real engine with real workers, real steps, PostgreSQL, and both stand-ins. */
export interface House {
  /** An order of a shop of its own, in both stand-ins; nobody has read it yet. */
  order(setting: Setting): Promise<OrderInPlay>;
}

/** Call it at the top of a test file. */
export async function openHouse(): Promise<House> {
  const world: World = await startWorld();
  await installChangeLog(world.pool);
  const address = inject('temporalAddress');
  const namespace = `model-${process.pid}`;
  const connection = await Connection.connect({ address });
  const folder = await mkdtemp(join(tmpdir(), 'lahetti-model-'));
  const workflowBundle = join(folder, 'workflows.cjs');
  const workflowsPath = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));
  const [{ code }] = await Promise.all([
    bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') }),
    makeNamespace(connection, namespace),
  ]);
  await writeFile(workflowBundle, code);

  const inPlay = new Map<string, OrderInPlay>();
  const steps = stepsByStore(inPlay);
  const workers: Workers = await startWorkers({
    ...{ address, namespace, embedded: true, env: {}, log: pino({ level: 'silent' }), workflowBundle },
    ...{ shopActivities: steps, carrierActivities: steps, maxCachedWorkflows: 100, graceMs: 1_000 },
  });
  afterFile(async () => {
    workers.shutdown();
    await workers.done;
    await connection.close();
    await rm(folder, { recursive: true, force: true });
  });

  const client = new Client({ connection, namespace });
  return {
    async order(setting) {
      const engine = createEngine({ connection, namespace, timings: timings(setting.lingerMs) });
      const order = await OrderInPlay.open({ world, engine, client }, setting);
      inPlay.set(order.ref.storeHash, order);
      return order;
    },
  };
}

/** One set of workers serves the orders of all shops: each step is that of the order's own. */
function stepsByStore(inPlay: ReadonlyMap<string, OrderInPlay>): StepsOfAnOrder {
  const names: readonly (keyof StepsOfAnOrder)[] = [
    ...(['lookAtOrder', 'bookShipment', 'keepLabel', 'tellShop', 'withdrawShipment'] as const),
    ...(['followParcels', 'seeParcels', 'applyCommand', 'cancelForEngine'] as const),
  ];
  const step =
    (name: keyof StepsOfAnOrder) =>
    (ref: OrderRef, ...more: unknown[]) => {
      const order = inPlay.get(ref.storeHash);
      if (!order) throw new Error(`Nobody plays an order of the store ${ref.storeHash}.`);
      return (order.steps[name] as (...args: unknown[]) => Promise<unknown>)(ref, ...more);
    };
  return Object.fromEntries(names.map((name) => [name, step(name)])) as unknown as StepsOfAnOrder;
}

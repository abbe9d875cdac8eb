import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { orderWorkflowId } from '../../workflows/contract.ts';
import type { OrderRef } from '../../src/domain/order-ref.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { eventually } from '../support/wait.ts';
import { orderBench, type OrderBench } from './support/order-bench.ts';
import { aFollowedShipment, aShipment } from './support/order-states.ts';
import { programEnv } from '../support/program-env.ts';

// The program bundles the workflows, which takes seconds.
const slow = 180_000;

let bench: OrderBench;
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
  bench = await orderBench('replay-running');
});

/** `lahetti replay` as a process of its own, against the engine that the orders run on. */
async function replay(...args: string[]): Promise<{ code: number; replayed: number; misfits: string[] }> {
  const cli = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', cli, 'replay', '--json', ...args], {
    env: {
      ...programEnv,
      DATABASE_URL: db.url,
      TEMPORAL_ADDRESS: inject('temporalAddress'),
      TEMPORAL_NAMESPACE: bench.client.options.namespace,
      LAHETTI_SECRET_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [text, trouble] = ['', ''];
  child.stdout.on('data', (more: Buffer) => void (text += more.toString()));
  child.stderr.on('data', (more: Buffer) => void (trouble += more.toString()));
  const [code] = (await once(child, 'close')) as [number];
  // Programs read it: nothing else may be on standard output.
  if (!text.startsWith('{')) throw new Error(`lahetti replay ended with ${code}: ${text}${trouble}`);
  const { replayed, misfits } = JSON.parse(text) as { replayed: number; misfits: { workflowId: string }[] };
  return { code, replayed, misfits: misfits.map(({ workflowId }) => workflowId) };
}

const isListed = (refs: readonly OrderRef[]) =>
  eventually(
    async () => {
      const running = await bench.engine.runningOrders();
      return refs.every((ref) => running.has(orderWorkflowId(ref)));
    },
    { within: 15_000, every: 100 },
  );

test(
  'orders that run on the engine are replayed wherever they stand, and go on undisturbed; one that does not fit is named',
  async () => {
    const { world, engine } = bench;
    const followed = world.place({ shipments: [aFollowedShipment()] });
    const severalOut = world.place({ shipments: [aFollowedShipment(), aShipment({ n: 2 })] });
    const booking = world.place();
    const unseen = world.place();
    const held = world.hold('bookShipment', booking);
    for (const ref of [followed, severalOut, booking]) await engine.hintOrder(ref);
    // Nobody works there: all of its history is that it was started.
    await bench.engineWith({ taskQueue: 'nobody-works-here' }).hintOrder(unseen);
    await held.arrived;
    await world.tried('followParcels', followed, 2);
    await world.tried('tellShop', severalOut);
    await isListed([followed, severalOut, booking, unseen]);

    expect(await replay()).toMatchObject({ code: 0, replayed: 4, misfits: [] });
    expect((await replay('--limit', '2')).replayed).toBe(2);

    const changed = await changedOrder();
    await isListed([changed]);
    expect(await replay()).toMatchObject({ code: 1, replayed: 5, misfits: [orderWorkflowId(changed)] });

    held.release();
    for (const ref of [followed, booking]) world.scan(ref, 1, 'delivered');
    for (const n of [1, 2]) world.scan(severalOut, n, 'delivered');
    for (const ref of [followed, severalOut, booking]) expect(await bench.result(ref)).toBe('done');
    await engine.terminate(unseen, 'seen');
    await engine.terminate(changed, 'seen');
  },
  slow,
);

/** An order that other code has begun: it books before it looks. */
async function changedOrder(): Promise<OrderRef> {
  const ref = bench.world.place();
  const connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  const worker = await Worker.create({
    ...{ connection, namespace: bench.client.options.namespace, taskQueue: 'other-code' },
    workflowsPath: fileURLToPath(new URL('../replay/changed-workflows.ts', import.meta.url)),
  });
  await worker.runUntil(async () => {
    await bench.engineWith({ taskQueue: 'other-code' }).hintOrder(ref);
    await eventually(
      async () => (await bench.history(ref)).some((event) => event.activityTaskScheduledEventAttributes),
      { within: 15_000 },
    );
  });
  await connection.close();
  return ref;
}

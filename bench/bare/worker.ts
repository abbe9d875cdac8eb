/** A process that carries bare workflows, with the pollers and the cache of our own workers (src/temporal/worker.ts). */
import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';

const address = process.env['BARE_TEMPORAL_ADDRESS'];
const connection = await NativeConnection.connect(address ? { address } : {});
const worker = await Worker.create({
  connection,
  namespace: process.env['BARE_TEMPORAL_NAMESPACE'] ?? 'default',
  taskQueue: 'bench-bare',
  workflowsPath: fileURLToPath(new URL('./workflow.ts', import.meta.url)),
  activities: { nothing: () => Promise.resolve() },
  workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: 10 },
  activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 10 },
  maxCachedWorkflows: 500,
});
process.stdout.write('ready\n');
await worker.run();
await connection.close();

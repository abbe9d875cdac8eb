import { Client } from '@temporalio/client';
import { join } from 'node:path';
import { startProgram, type ChildProgram } from '../../harness/child-process.ts';
import type { BenchSystem } from '../system.ts';

export interface BareWorkflows {
  /** Runs one to its end. Gives the milliseconds that it took. */
  run(): Promise<number>;
  stop(): Promise<void>;
}

/** Bare workflows on the same engine, carried by a process of their own. */
export async function startBareWorkflows({ parts, logFolder, stopAsked }: BenchSystem): Promise<BareWorkflows> {
  const worker = await startProgram({
    name: 'bare worker',
    script: 'bench/bare/worker.ts',
    env: {
      ...process.env,
      BARE_TEMPORAL_ADDRESS: parts.temporal.address,
      BARE_TEMPORAL_NAMESPACE: parts.temporal.namespace,
    },
    logFile: join(logFolder, 'bare-worker.log'),
    isReady: (line) => line === 'ready',
  });
  stopAsked.addEventListener('abort', () => void worker.stop());
  const { connection, namespace } = parts.temporal;
  const client = new Client({ connection, namespace });
  let count = 0;
  return {
    async run() {
      const began = performance.now();
      await client.workflow.execute('bare', { taskQueue: 'bench-bare', workflowId: `bare-${++count}`, args: [] });
      return performance.now() - began;
    },
    stop: () => worker.stop(),
  };
}

/** The bare route, in a process of its own. */
export async function startBareRoute(
  { parts, logFolder, stopAsked }: BenchSystem,
  key: string,
): Promise<{ readonly url: string; readonly program: ChildProgram }> {
  const program = await startProgram({
    name: 'bare route',
    script: 'bench/bare/route.ts',
    env: { ...process.env, BARE_DATABASE_URL: parts.databaseUrl, BARE_KEY: key },
    logFile: join(logFolder, 'bare-route.log'),
    isReady: (line) => line.startsWith('ready '),
  });
  stopAsked.addEventListener('abort', () => void program.stop());
  return { url: `http://127.0.0.1:${program.readyLine.split(' ')[1]}/`, program };
}

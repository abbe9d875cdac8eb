import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { delimiter } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Connection, isGrpcServiceError } from '@temporalio/client';
import { shareEngine, type EngineLog } from '../../src/embedded/embedded-process.ts';
import { at, type Blueprint } from './blueprint.ts';
import { kept, type Databases } from './databases.ts';
import type { ServerPrograms } from './server-programs.ts';

export interface EngineNeeds {
  readonly stateDir: string;
  readonly blueprint: Blueprint;
  readonly programs: ServerPrograms;
  readonly databases: Databases;
  readonly namespace: string;
  readonly log: EngineLog;
}

export interface RunningEngine {
  /** host:port */
  readonly address: string;
  stop(): Promise<void>;
}

/** The real Temporal server on PostgreSQL, all its services in one process, on 127.0.0.1 only; its namespace is made. */
export async function startEngine(needs: EngineNeeds): Promise<RunningEngine> {
  const { stateDir, programs, log } = needs;
  await updateSchema(needs);
  const ports = await keptPorts(stateDir);
  const engine = await shareEngine({
    name: 'temporal-server',
    title: 'Temporal',
    portVariables: { port: '--state-dir' },
    stateDir,
    log,
    command: () =>
      Promise.resolve({
        file: programs.server,
        args: ['start'],
        ports: { port: ports[0]! },
        env: serverEnvironment(needs, ports),
      }),
    answers: ({ port }) => serves(`127.0.0.1:${port}`),
    readyLimitMs: 60_000,
    lockLimitMs: 120_000,
    stopSignals: [{ signal: 'SIGTERM', waitMs: 20_000 }],
  });
  const address = `127.0.0.1:${engine.ports.port}`;
  await makeNamespace(address, needs.namespace);
  return { address, stop: () => engine.stop() };
}

/** By the very script that the container runs. */
async function updateSchema({ blueprint, programs, databases }: EngineNeeds): Promise<void> {
  await promisify(execFile)('sh', [at('deploy/compose/temporal-schema.sh')], {
    env: {
      PATH: `${programs.folder}${delimiter}${process.env['PATH'] ?? ''}`,
      POSTGRES_SEEDS: '127.0.0.1',
      POSTGRES_USER: blueprint.environment['POSTGRES_USER'],
      DB_PORT: String(databases.port),
      SECRETS: databases.secretsFolder,
    },
  });
}

/** The container's, but for where things are on this machine. */
function serverEnvironment({ blueprint, databases }: EngineNeeds, ports: readonly number[]): NodeJS.ProcessEnv {
  const names = ['FRONTEND_GRPC_PORT', 'FRONTEND_HTTP_PORT', 'FRONTEND_MEMBERSHIP_PORT', 'HISTORY_GRPC_PORT'];
  names.push('HISTORY_MEMBERSHIP_PORT', 'MATCHING_GRPC_PORT', 'MATCHING_MEMBERSHIP_PORT', 'WORKER_GRPC_PORT');
  names.push('WORKER_MEMBERSHIP_PORT');
  return {
    PATH: process.env['PATH'],
    ...blueprint.environment,
    ...Object.fromEntries(names.map((name, i) => [name, String(ports[i])])),
    PROMETHEUS_ENDPOINT: '',
    LOG_LEVEL: 'warn',
    BIND_ON_IP: '127.0.0.1',
    POSTGRES_SEEDS: '127.0.0.1',
    DB_PORT: String(databases.port),
    POSTGRES_PWD: kept(databases.secretsFolder, 'temporal_database_password'),
    DYNAMIC_CONFIG_FILE_PATH: at('deploy/compose/temporal-limits.yaml'),
  };
}

/** The same at each start: the cluster's members find each other by what its database has down of the last one. */
async function keptPorts(stateDir: string): Promise<number[]> {
  const fresh = await freeSmallPorts(9);
  return JSON.parse(kept(stateDir, 'temporal-server.ports.json', () => JSON.stringify(fresh))) as number[];
}

/** The server keeps its ports in a column of two bytes with a sign: beyond 32767 it does not start. */
async function freeSmallPorts(count: number): Promise<number[]> {
  const found: number[] = [];
  while (found.length < count) {
    const port = randomInt(20_000, 32_000);
    if (!found.includes(port) && (await isFree(port))) found.push(port);
  }
  return found;
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

async function serves(address: string): Promise<boolean> {
  return withConnection(address, ({ healthService }) =>
    healthService.check({ service: 'temporal.api.workflowservice.v1.WorkflowService' }).then(() => true),
  ).catch(() => false);
}

/** As deploy/compose/temporal-namespace.sh does with the CLI; and waits until every part of the server has heard of it. */
async function makeNamespace(address: string, namespace: string): Promise<void> {
  await withConnection(address, async ({ workflowService }) => {
    await workflowService
      .registerNamespace({
        namespace,
        workflowExecutionRetentionPeriod: { seconds: (30 * 86_400) as never },
      })
      .catch((error: unknown) => {
        const alreadyExists = 6;
        if (!isGrpcServiceError(error) || Number(error.code) !== alreadyExists) throw error;
      });
    const deadline = performance.now() + 60_000;
    for (;;) {
      try {
        return void (await workflowService.countWorkflowExecutions({ namespace, query: '' }));
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await delay(200);
      }
    }
  });
}

async function withConnection<T>(address: string, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: 2_000 });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

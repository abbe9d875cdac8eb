import { connect } from 'node:net';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { shareEngine, type EngineLog } from './embedded-process.ts';
import { freePorts } from './free-port.ts';
import { openStateDir } from './state-dir.ts';
import { resolveTemporalCli, type Environment } from './temporal-cli.ts';

export interface EmbeddedTemporalOptions {
  /** Database, log and the record of the running server lie here. Made if missing. */
  stateDir: string;
  env: Environment;
  /** gRPC. Default: that of the last start, or a free one. Without effect where a server runs already. */
  port?: number;
  /** Web UI. The same. */
  uiPort?: number;
  /** Milliseconds between two looks whether the server still runs; it is started again where not. Left out: never. */
  restartEveryMs?: number;
  /** Keep nothing on disk: for tests. */
  inMemory?: boolean;
  log: EngineLog;
}

export interface EmbeddedTemporal {
  /** host:port of the gRPC service. */
  address: string;
  uiUrl: string;
  owned: boolean;
  stop(): Promise<void>;
}

/**
 * A real Temporal dev server with its Web UI, on 127.0.0.1 only. The first process starts it, others of the same state
 * folder join, the last one to stop() ends it (see shareEngine). What it keeps survives, unless `inMemory`.
 */
export async function startEmbeddedTemporal(options: EmbeddedTemporalOptions): Promise<EmbeddedTemporal> {
  const stateDir = openStateDir(options.stateDir);
  let cli: Promise<string> | undefined; // only looked for by a process that has to start the server, and once

  const engine = await shareEngine<{ port: number; uiPort: number }>({
    name: 'temporal',
    title: 'Temporal',
    portVariables: { port: 'LAHETTI_TEMPORAL_PORT', uiPort: 'LAHETTI_TEMPORAL_UI_PORT' },
    stateDir,
    log: options.log,
    ...(options.restartEveryMs === undefined ? {} : { restartEveryMs: options.restartEveryMs }),
    command: async (kept) => {
      cli ??= resolveTemporalCli(options).then(({ path }) => path);
      const [port, uiPort] = (await freePorts(2)) as [number, number];
      const ports = { port: options.port ?? kept?.port ?? port, uiPort: options.uiPort ?? kept?.uiPort ?? uiPort };
      return {
        file: await cli,
        args: serverArguments(ports, options.inMemory ? undefined : join(stateDir, 'temporal.sqlite')),
        ports,
        env: withoutTemporal(options.env),
      };
    },
    answers: ({ port }) => serves(port),
    readyLimitMs: 30_000,
    lockLimitMs: 25 * 60_000, // another process may be building the program
    stopSignals: [{ signal: 'SIGTERM', waitMs: 10_000 }],
  });

  const { port, uiPort } = engine.ports;
  return {
    address: `127.0.0.1:${port}`,
    uiUrl: `http://127.0.0.1:${uiPort}`,
    owned: engine.owned,
    stop: () => engine.stop(),
  };
}

/**
 * Measured (temporal.md 8): the dev server has one shard, whose queues are polled 20 times a second by default, so that
 * every step of a workflow waits up to 50 ms. The other limits are per second and namespace and would stop a burst of
 * orders that one machine can well carry.
 */
const limits = {
  'history.transferProcessorMaxPollRPS': 10_000,
  'history.timerProcessorMaxPollRPS': 10_000,
  'history.visibilityProcessorMaxPollRPS': 10_000,
  'frontend.namespaceRPS': 20_000,
  'frontend.namespaceRPS.visibility': 1_000,
  'frontend.namespaceCount': 5_000, // long polls under way at once
  'matching.rps': 20_000,
  'history.rps': 20_000,
};

function serverArguments(ports: { port: number; uiPort: number }, file: string | undefined): string[] {
  const args = ['server', 'start-dev', '--ip', '127.0.0.1', '--namespace', 'default', '--log-level', 'error'];
  args.push('--port', String(ports.port), '--ui-port', String(ports.uiPort));
  // Without these two a database file costs two thirds of the rate (temporal.md 8).
  if (file) args.push('--db-filename', file, '--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1');
  for (const [name, value] of Object.entries(limits)) args.push('--dynamic-config-value', `${name}=${value}`);
  return args;
}

/** TEMPORAL_ADDRESS and its like are for clients; the CLI would read them too. */
function withoutTemporal(env: Environment): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

async function serves(port: number): Promise<boolean> {
  // A closed port makes a gRPC channel wait a second before it looks again.
  if (!(await accepts(port))) return false;
  try {
    const connection = await Connection.connect({ address: `127.0.0.1:${port}`, connectTimeout: 2_000 });
    try {
      await connection.withDeadline(Date.now() + 2_000, () =>
        connection.workflowService.describeNamespace({ namespace: 'default' }),
      );
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: 1_000 });
    const answer = (yes: boolean) => () => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false));
  });
}

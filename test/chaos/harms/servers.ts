import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Topology } from '../../../harness/topology.ts';
import { startEmbeddedPostgres } from '../../../src/embedded/embedded-postgres.ts';
import { startEmbeddedTemporal } from '../../../src/embedded/embedded-temporal.ts';
import { identify } from '../../../src/embedded/process-identity.ts';
import { eventually } from '../../support/wait.ts';
import { resumeOrders } from './resume.ts';

/** PostgreSQL and the Temporal server, ended the hard way and started again at the same ports. */
export interface Servers {
  /** Immediate mode: as after a power cut, it recovers from its log. */
  restartPostgres(): Promise<void>;
  restartTemporal(): Promise<void>;
  /** The engine's database is gone; an empty server comes up, and an operator calls "resume". */
  loseEngine(): Promise<void>;
  /** Ends what this harness started in place of the demo's. */
  stop(): Promise<void>;
  readonly restarts: { postgres: number; temporal: number; engineLost: number };
}

const log = { info: () => undefined, warn: () => undefined };

export function createServers(topology: Topology, stateDir: string): Servers {
  const { parts } = topology;
  const restarts = { postgres: 0, temporal: 0, engineLost: 0 };
  const started = new Map<string, { stop(): Promise<void> }>();
  /** The one before is dead; it is let go once another has taken its place, so that it does not wait for our end with the others. */
  const takeOver = async (name: string, server: { stop(): Promise<void> }) => {
    const before = started.get(name);
    started.set(name, server);
    await before?.stop();
  };
  /** One server is ended and started at a time. */
  let last = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };

  async function end(name: 'postgres' | 'temporal', signal: NodeJS.Signals): Promise<void> {
    const { pid } = JSON.parse(readFileSync(join(stateDir, `${name}.json`), 'utf8')) as { pid: number };
    process.kill(pid, signal);
    await eventually(() => identify(pid) === undefined, { within: 20_000 });
  }

  const postgresPort = Number(new URL(parts.databaseUrl).port);
  const startPostgres = async () => {
    await takeOver('postgres', await startEmbeddedPostgres({ stateDir, port: postgresPort, log }));
  };
  const temporalPort = Number(parts.temporal.address.split(':').at(-1));
  const uiPort = Number(new URL(parts.temporal.uiUrl ?? 'http://127.0.0.1:0').port);
  const startTemporal = async () => {
    const ports = { port: temporalPort, ...(uiPort > 0 && { uiPort }) };
    await takeOver('temporal', await startEmbeddedTemporal({ stateDir, env: process.env, ...ports, log }));
  };

  return {
    restarts,
    restartPostgres: () =>
      inTurn(async () => {
        await end('postgres', 'SIGQUIT');
        restarts.postgres += 1;
        await startPostgres();
      }),
    restartTemporal: () =>
      inTurn(async () => {
        await end('temporal', 'SIGKILL');
        restarts.temporal += 1;
        await startTemporal();
      }),
    loseEngine: () =>
      inTurn(async () => {
        await end('temporal', 'SIGKILL');
        for (const tail of ['', '-wal', '-shm']) await rm(join(stateDir, `temporal.sqlite${tail}`), { force: true });
        restarts.engineLost += 1;
        await startTemporal();
        await parts.temporal.prepare();
        await resumeOrders(topology, stateDir);
      }),
    async stop() {
      await last;
      for (const server of started.values()) await server.stop();
    },
  };
}

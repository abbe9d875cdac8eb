import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '../config.ts';
import { createEngine, type Engine } from '../temporal/client.ts';
import { openEngineConnection } from '../temporal/connection.ts';
import { isAlive } from '../embedded/process-identity.ts';
import { timingsAt } from '../temporal/timings.ts';

export interface ReachedEngine {
  readonly engine: Pick<Engine, 'liveState' | 'health' | 'pollers'>;
  close(): Promise<void>;
}

/**
 * The engine for somebody who only wants to ask it: connected to at the first question, and never started. An embedded
 * server is asked where one runs; starting one, which may have to be built first, is for those who carry orders.
 */
export function reachEngine(config: Config): ReachedEngine {
  const { address: external, namespace } = config.temporal;
  const address = external ?? runningEmbedded(config.stateDir);
  if (address === undefined) return { engine: nobody, close: () => Promise.resolve() };

  const where = { address, namespace, embedded: external === null, env: config.env };
  let opened: { engine: Engine; close: () => Promise<void> } | undefined;
  const open = () => {
    if (opened) return opened.engine;
    const { connection } = openEngineConnection(where);
    const engine = createEngine({ connection, namespace, timings: timingsAt(config.speed, config.pollSpeed) });
    opened = { engine, close: () => connection.close() };
    return engine;
  };
  return {
    engine: {
      liveState: (ref) => open().liveState(ref),
      health: () => open().health(),
      pollers: () => open().pollers(),
    },
    close: async () => opened?.close(),
  };
}

const nobody: ReachedEngine['engine'] = {
  liveState: () => Promise.resolve({ kind: 'engine_away' }),
  health: () => Promise.resolve({ ok: false, tookMs: 0, problem: 'no embedded server runs' }),
  pollers: () => Promise.resolve(null),
};

/** What src/embedded/embedded-process.ts writes down of a server that runs. */
const record = z.object({
  pid: z.number(),
  startedAt: z.string().optional(),
  ports: z.object({ port: z.number() }),
});

/** host:port of an embedded server that runs; undefined where none does. */
export function runningEmbedded(stateDir: string, name: 'postgres' | 'temporal' = 'temporal'): string | undefined {
  try {
    const { ports, pid, startedAt } = record.parse(JSON.parse(readFileSync(join(stateDir, `${name}.json`), 'utf8')));
    const identity = startedAt === undefined ? { pid } : { pid, startedAt };
    return isAlive(identity) ? `127.0.0.1:${ports.port}` : undefined;
  } catch {
    return undefined;
  }
}

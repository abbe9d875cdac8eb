import { readdir, readFile, readlink } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Topology } from '../../harness/topology.ts';
import type { ProcessUse, Sample } from './compare.ts';
import { startIdleProcess } from './idle-process.ts';

export interface Sampler {
  readonly samples: readonly Sample[];
  stop(): Promise<void>;
}

const everyMs = 10_000;

/** Looks at API and workers every ten seconds, from outside of them. */
export function startSampler(topology: Topology, began: number): Sampler {
  const samples: Sample[] = [];
  const idle = startIdleProcess();
  const stopping = new AbortController();
  const running = (async () => {
    for (let next = began; !stopping.signal.aborted; next += everyMs) {
      await delay(Math.max(0, next - performance.now()), undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      const at = Math.round((performance.now() - began) / 1_000);
      const connections = await connectionsOf(topology).catch(() => Number.NaN);
      const idleLagP99Ms = await idle.lagP99Ms().catch(() => Number.NaN);
      samples.push({ at, connections, load: loadavg()[0]!, idleLagP99Ms, processes: await processesOf(topology) });
    }
  })();
  return {
    samples,
    async stop() {
      stopping.abort();
      await running;
      await idle.stop();
    },
  };
}

async function processesOf(topology: Topology): Promise<Record<string, ProcessUse>> {
  const { logFolder, workers } = topology;
  const named = [
    { name: 'API', pid: topology.apiPid(), metrics: () => metricsOf(join(logFolder, 'api.log')) },
    ...workers.map(({ pid }, position) => ({
      name: `worker ${position + 1}`,
      pid,
      metrics: () => metricsOf(join(logFolder, `worker-${position + 1}.log`)),
    })),
  ];
  const seen = await Promise.all(
    named.map(async ({ name, pid, metrics }) => {
      try {
        return [[name, await useOf(pid, await metrics())] as const];
      } catch {
        return []; // it was killed, and is being started again
      }
    }),
  );
  return Object.fromEntries(seen.flat());
}

/** A process takes any port that is free and says which (src/main/run.ts); the last one that it said counts. */
export async function metricsOf(logFile: string): Promise<string> {
  const said = [...(await readFile(logFile, 'utf8')).matchAll(/"url":"([^"]+)"[^\n]*metrics are served/g)];
  const url = said.at(-1)?.[1];
  if (url === undefined) throw new Error(`${logFile} does not say where its metrics are served.`);
  return url;
}

async function useOf(pid: number, url: string): Promise<ProcessUse> {
  const [status, sockets, text] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    countSockets(pid),
    fetch(`${url}/metrics`, { signal: AbortSignal.timeout(8_000) }).then((answer) => answer.text()),
  ]);
  const ms = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]) * 1_000;
  // One for each of its task queues.
  const cached = [...text.matchAll(/^temporal_sticky_cache_size(?:\{.*\})? (\S+)$/gm)];
  return {
    residentMb: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024,
    sockets,
    // Of the time since they were last read: that is, since the sample before.
    lagP50Ms: ms('nodejs_eventloop_lag_p50_seconds'),
    lagP99Ms: ms('nodejs_eventloop_lag_p99_seconds'),
    ...(cached.length > 0 && { cachedWorkflows: cached.reduce((sum, [, count]) => sum + Number(count), 0) }),
  };
}

async function countSockets(pid: number): Promise<number> {
  const folder = `/proc/${pid}/fd`;
  const targets = await Promise.all(
    (await readdir(folder)).map((fd) => readlink(join(folder, fd)).catch(() => 'closed meanwhile')),
  );
  return targets.filter((target) => target.startsWith('socket:')).length;
}

/** Without those of the one who asks, and without the engine's, which has a database of its own. */
async function connectionsOf({ parts: { pool } }: Topology): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
      where datname = current_database() and backend_type = 'client backend'`,
  );
  return rows[0]!.count - pool.totalCount;
}

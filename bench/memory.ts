import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Bench, Figure } from './figure.ts';
import { rounded } from './statistics.ts';
import { withSystem, type BenchStore, type BenchSystem } from './system.ts';

const maxCachedWorkflows = 500;

export const memory: Figure = {
  name: 'memory',
  title: 'Resident memory of our Node processes',
  measure: (bench) =>
    withSystem(bench, { env: { LAHETTI_MAX_CACHED_WORKFLOWS: String(maxCachedWorkflows) } }, (system) =>
      measure(bench, system),
    ),
};

async function measure({ quick, say }: Bench, system: BenchSystem) {
  const [early, late] = quick ? [10, 40] : [200, 2_000];
  const stores = await system.openStores(20, 0);
  const seen: { orders: number; worker: number; api: number }[] = [];
  let done = 0;
  for (const until of [early, late]) {
    say(`to ${until} orders …`);
    await carry(system, stores, until - done);
    done = until;
    // What has come to an end may be let go of.
    await delay(quick ? 1_000 : 15_000);
    seen.push({ orders: until, ...residentMB(system) });
  }
  const [after200, after2000] = seen as [(typeof seen)[number], (typeof seen)[number]];
  const sum = (each: { worker: number; api: number }) => each.worker + each.api;
  const growth = sum(after2000) / sum(after200);
  const shown = ({ worker, api }: (typeof seen)[number]) => `${rounded(worker)} + ${rounded(api)}`;
  return {
    rows: [
      { what: `worker + API after ${early} orders`, value: shown(after200), unit: 'MB' },
      { what: `worker + API after ${late} orders`, value: shown(after2000), unit: 'MB' },
      { what: 'growth', value: rounded(growth, 2), unit: '×', target: 'at most 1.3', met: growth <= 1.3 },
    ],
    notes: [
      `maxCachedWorkflows ${maxCachedWorkflows}. Orders to "written back", 50 at a time; they stay followed, as most of a shop's are. Engines and stand-ins apart.`,
    ],
    raw: seen,
  };
}

async function carry(system: BenchSystem, stores: readonly BenchStore[], count: number): Promise<void> {
  let next = 0;
  const hand = async () => {
    for (let i = next++; i < count; i = next++) {
      const store = stores[i % stores.length]!;
      const orderId = await system.place(store);
      await system.landmarks.reached('told', store.hash, orderId);
    }
  };
  await Promise.all(Array.from({ length: 50 }, hand));
}

function residentMB({ memory: { data } }: BenchSystem): { worker: number; api: number } {
  const of = (script: string) => {
    const process = data.processes.find(({ pid }) => commandLine(pid).includes(script));
    if (!process) throw new Error(`No process of ${script} runs.`);
    const kB = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${process.pid}/status`, 'utf8'))?.[1];
    return Number(kB) / 1024;
  };
  return { worker: of('main/worker.'), api: of('main/api.') };
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

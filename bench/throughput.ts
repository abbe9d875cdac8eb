import { compile, startProductionLike } from '../scripts/production-like/topology.ts';
import { startBareWorkflows, type BareWorkflows } from './bare/start.ts';
import type { Bench, Figure, Finding } from './figure.ts';
import { roundsThatCount, voidRound } from './rounds.ts';
import { median, spread } from './statistics.ts';
import { withSystem, type BenchStore, type BenchSystem } from './system.ts';

const atOnce = 50;
/** Requests per 30 s of a standard plan (bigcommerce.md 6.1). */
const quota = 150;

export const throughput: Figure = {
  name: 'throughput',
  title: 'Orders per second to "written back"',
  measure: (bench) => withSystem(bench, {}, (system) => measure(bench, system, voidRound)),
};

/** On the real Temporal server, on PostgreSQL, with API and one worker as they are compiled for production. */
export const throughputProductionLike: Figure = {
  name: 'throughput-production-like',
  title: 'Orders per second to "written back", production-like engine',
  measure(bench) {
    bench.say('compiling …');
    compile();
    return withSystem(bench, { start: startProductionLike }, (system) => measure(bench, system, () => null));
  },
};

/** `judge` says of the milliseconds of bare workflows, one at a time, why their round is void. */
async function measure(
  { quick, rounds, say }: Bench,
  system: BenchSystem,
  judge: (bareAlone: readonly number[]) => string | null,
): Promise<Finding> {
  const orders = quick ? 50 : 500;
  // 40 orders a second would be 240 calls of a shop a second, and a store of the standard plan has 5.
  const stores = await system.openStores(quick ? 12 : 60, quota);
  const bare = await startBareWorkflows(system);
  const oneRound = async (words: string) => {
    say(`${words}: ${orders} orders, then ${orders} bare workflows …`);
    const alone = await oneAtATime(bare, quick ? 3 : 10);
    const ours = await manyAtOnce(orders, (i) => writtenBack(system, stores[i % stores.length]!));
    const theirs = await manyAtOnce(orders, () => bare.run());
    return { ours, bare: theirs, alone: median(alone), void: judge(alone) };
  };
  const warmUp = () =>
    manyAtOnce(20, (i) => Promise.all([writtenBack(system, stores[i % stores.length]!), bare.run()]));
  const seen = await warmUp()
    .then(() => roundsThatCount(rounds, oneRound))
    .finally(() => bare.stop());
  const throttled = await Promise.all(stores.map(async (store) => (await system.requestsOf(store)).throttled));
  const valid = seen.filter((round) => round.void === null);
  const ratios = valid.map((round) => round.ours / round.bare);
  const shown = (values: readonly number[], digits: number) =>
    valid.length > 0 ? spread(values, digits) : 'every round is void';
  return {
    rows: [
      {
        what: 'ours',
        value: shown(
          valid.map((r) => r.ours),
          1,
        ),
        unit: 'orders/s',
      },
      {
        what: 'bare workflow',
        value: shown(
          valid.map((r) => r.bare),
          1,
        ),
        unit: 'workflows/s',
      },
      {
        what: 'ours against bare',
        value: shown(ratios, 2),
        unit: '×',
        target: 'at least 0.5',
        met: valid.length > 0 ? median(ratios) >= 0.5 : null,
      },
    ],
    notes: [
      `${seen.length} rounds of ${orders} orders, ${atOnce} at a time, and as many bare workflows, in turn; ${seen.length - valid.length} void${seen.map((r) => (r.void ? ` (${r.void})` : '')).join('')}.`,
      `Orders are spread over ${stores.length} stores of ${quota} requests per 30 s; ${throttled.reduce((a, b) => a + b)} calls were answered with 429.`,
      "From placing an order in the shop to when it is committed that the shop was told; the shop's own webhooks, echoes included, come meanwhile.",
    ],
    raw: { rounds: seen, throttled },
  };
}

async function writtenBack(system: BenchSystem, store: BenchStore): Promise<void> {
  const orderId = await system.place(store);
  await system.landmarks.reached('told', store.hash, orderId);
}

/** How many per second. */
async function manyAtOnce(count: number, work: (i: number) => Promise<unknown>): Promise<number> {
  let next = 0;
  const began = performance.now();
  const hand = async () => {
    for (let i = next++; i < count; i = next++) await work(i);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, hand));
  return count / ((performance.now() - began) / 1_000);
}

async function oneAtATime(bare: BareWorkflows, count: number): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < count; i++) took.push(await bare.run());
  return took;
}

import { setTimeout as delay } from 'node:timers/promises';
import { ask } from '../harness/ask.ts';
import { startBareWorkflows } from './bare/start.ts';
import type { Bench, Figure } from './figure.ts';
import { signedHint } from './hint.ts';
import { roundsThatCount, voidRound } from './rounds.ts';
import { median, percentile, rounded, spread } from './statistics.ts';
import { withSystem, type BenchStore, type BenchSystem } from './system.ts';

export const latency: Figure = {
  name: 'latency',
  title: 'Webhook received → label stored, one order at a time',
  measure: (bench) => withSystem(bench, {}, (system) => measure(bench, system)),
};

async function measure({ quick, rounds, say }: Bench, system: BenchSystem) {
  const [store] = (await system.openStores(1, 0)) as [BenchStore];
  // The hint comes from here, so that time starts when it is sent; the shop's own would come before it.
  await ask('PUT', `${system.urls.bigcommerce}/_control/webhooks`, { drop: 1_000_000 });
  const bare = await startBareWorkflows(system);
  const perRound = quick ? 5 : 50;
  const oneRound = async (words: string) => {
    say(`${words} …`);
    const ours: number[] = [];
    for (let i = 0; i < perRound; i++) ours.push(await oneOrder(system, store));
    const theirs: number[] = [];
    for (let i = 0; i < perRound; i++) theirs.push(await bare.run());
    return { ours, bare: theirs, void: voidRound(theirs) };
  };
  const warmUp = async () => {
    for (let i = 0; i < 5; i++) await Promise.all([oneOrder(system, store), bare.run()]);
  };
  const seen = await warmUp()
    .then(() => roundsThatCount(rounds, oneRound))
    .finally(() => bare.stop());

  const valid = seen.filter((round) => round.void === null);
  const of = (who: 'ours' | 'bare', share: number) => valid.map((round) => percentile(round[who], share));
  const ratios = (share: number) => valid.map((r) => percentile(r.ours, share) / percentile(r.bare, share));
  const known = valid.length > 0;
  const judged = (values: readonly number[], limit: number) => (known ? median(values) <= limit : null);
  const shown = (values: readonly number[], digits = 0) => (known ? spread(values, digits) : 'every round is void');
  return {
    rows: [
      { what: 'ours, p50', value: shown(of('ours', 0.5)), unit: 'ms' },
      { what: 'ours, p99', value: shown(of('ours', 0.99)), unit: 'ms' },
      { what: 'bare workflow, p50', value: shown(of('bare', 0.5)), unit: 'ms' },
      { what: 'bare workflow, p99', value: shown(of('bare', 0.99)), unit: 'ms' },
      ...(
        [
          [0.5, 2],
          [0.99, 3],
        ] as const
      ).map(([share, limit]) => ({
        what: `ours against bare, p${share * 100}`,
        value: shown(ratios(share), 2),
        unit: '×',
        target: `at most ${limit}`,
        met: judged(ratios(share), limit),
      })),
    ],
    notes: [
      `${seen.length} rounds of ${perRound} orders and ${perRound} bare workflows in turn, ${seen.length - valid.length} void${seen.map((r) => (r.void ? ` (${r.void})` : '')).join('')}. Medians of the rounds, least and greatest.`,
      'From before the webhook is sent to when the label is committed. The bare workflow: from before it is started to when its result is here.',
      `One store without a quota; the stand-ins answer at once, and their time is in it (${rounded(perRound * seen.length)} orders).`,
    ],
    raw: seen,
  };
}

/** Milliseconds from sending the webhook to the label that is committed. Gives the shop time to be told before the next. */
async function oneOrder(system: BenchSystem, store: BenchStore): Promise<number> {
  const orderId = await system.place(store);
  const { path, headers, body } = signedHint(store, orderId);
  const began = performance.now();
  const answer = await fetch(system.urls.api + path, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`The webhook was answered with ${answer.status}.`);
  const kept = await system.landmarks.reached('label', store.hash, orderId);
  await system.landmarks.reached('told', store.hash, orderId);
  await delay(20);
  return kept - began;
}

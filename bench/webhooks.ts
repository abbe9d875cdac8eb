import { setTimeout as delay } from 'node:timers/promises';
import autocannon from 'autocannon';
import { ask } from '../harness/ask.ts';
import { startBareRoute } from './bare/start.ts';
import type { Bench, Figure } from './figure.ts';
import { signedHint, type SignedHint } from './hint.ts';
import { median, rounded, spread } from './statistics.ts';
import { withSystem, type BenchStore, type BenchSystem } from './system.ts';

const connections = 50;
const drainLimitMs = 5 * 60_000;

export const webhooks: Figure = {
  name: 'webhooks',
  title: 'Webhooks verified, committed and acknowledged',
  measure: (bench) => withSystem(bench, {}, (system) => measure(bench, system)),
};

interface Round {
  readonly ours: Shot;
  readonly bare: Shot;
  readonly unaccounted: number;
  readonly drainedMs: number | null;
}

async function measure({ quick, rounds, say }: Bench, system: BenchSystem) {
  const seconds = quick ? 3 : 30;
  const orderCount = quick ? 50 : 500;
  const [store] = (await system.openStores(1, 0)) as [BenchStore];
  // These orders' own webhooks would be more than is counted here.
  await ask('PUT', `${system.urls.bigcommerce}/_control/webhooks`, { drop: 1_000_000 });
  say(`placing ${orderCount} orders …`);
  const orderIds: number[] = [];
  for (let i = 0; i < orderCount; i++) orderIds.push(await system.place(store));

  const bare = await startBareRoute(system, store.clientSecret);
  const seen: Round[] = [];
  try {
    for (let round = 1; round <= rounds; round++) {
      say(`round ${round} of ${rounds}: ${seconds} s at ours, ${seconds} s at the bare route …`);
      const before = await hintsKept(system);
      const ours = await shoot(system.urls.api, store, orderIds, seconds);
      const kept = (await hintsKept(system)) - before;
      const drainedMs = await drained(system);
      const theirs = await shoot(bare.url.replace(/\/$/, ''), store, orderIds, seconds, '/');
      seen.push({ ours, bare: theirs, unaccounted: Math.max(0, ours.acknowledgedOnce - kept), drainedMs });
    }
  } finally {
    await bare.program.stop();
  }

  const ratios = seen.map((round) => round.ours.perSecond / round.bare.perSecond);
  const p99 = seen.map((round) => round.ours.p99);
  const unaccounted = seen.reduce((sum, round) => sum + round.unaccounted, 0);
  const refused = seen.reduce((sum, round) => sum + round.ours.refused, 0);
  const slowest = seen.every((r) => r.drainedMs !== null) ? Math.max(...seen.map((r) => r.drainedMs ?? 0)) : null;
  return {
    rows: [
      { what: 'ours', value: spread(seen.map((r) => r.ours.perSecond)), unit: 'per s' },
      { what: 'bare route', value: spread(seen.map((r) => r.bare.perSecond)), unit: 'per s' },
      {
        ...{ what: 'ours against bare', value: spread(ratios, 2), unit: '×', target: 'at least 0.75' },
        met: median(ratios) >= 0.75,
      },
      { what: 'ours, p99', value: spread(p99), unit: 'ms', target: 'at most 100', met: median(p99) <= 100 },
      { what: 'bare route, p99', value: spread(seen.map((round) => round.bare.p99)), unit: 'ms' },
      { what: 'acknowledged and not kept', value: unaccounted, unit: '', target: 'none', met: unaccounted === 0 },
      { what: 'not acknowledged', value: refused, unit: '', target: 'none', met: refused === 0 },
      {
        ...{ what: 'inbox empty after', value: slowest === null ? 'never' : rounded(slowest / 1_000, 1), unit: 's' },
        ...{ target: 'at most 300', met: slowest !== null && slowest <= drainLimitMs },
      },
    ],
    notes: [
      `${rounds} rounds of ${seconds} s with ${connections} connections at ours, then at the bare route; ${orderCount} orders, one delivery in ten is sent again with the same id.`,
      'Relay, worker, engine and stand-ins run meanwhile and carry the orders; the bare route has its process and the database to itself.',
      'Deliveries are signed as they are sent, by the process that measures; both routes get the same.',
    ],
    raw: seen,
  };
}

interface Shot {
  readonly perSecond: number;
  readonly p99: number;
  /** Different deliveries that were answered with 2xx. */
  readonly acknowledgedOnce: number;
  readonly refused: number;
}

async function shoot(
  url: string,
  store: BenchStore,
  orderIds: readonly number[],
  duration: number,
  path?: string,
): Promise<Shot> {
  let sent = 0;
  let last: SignedHint | undefined;
  const acknowledged = new Set<string>();
  const next = (): SignedHint => {
    sent += 1;
    if (last && sent % 10 === 0) return last;
    return (last = signedHint(store, orderIds[sent % orderIds.length]!));
  };
  const run = autocannon({
    ...{ url, connections, duration },
    requests: [
      {
        method: 'POST',
        setupRequest: (request, context) => {
          const hint = next();
          (context as { id?: string }).id = hint.headers['webhook-id']!;
          return { ...request, path: path ?? hint.path, headers: hint.headers, body: hint.body };
        },
        onResponse: (status, _body, context) => {
          const { id } = context as { id?: string };
          if (status >= 200 && status < 300 && id) acknowledged.add(id);
        },
      },
    ],
  });
  const result = await run;
  return {
    perSecond: result.requests.total / result.duration,
    p99: result.latency.p99,
    acknowledgedOnce: acknowledged.size,
    refused: result.non2xx + result.errors,
  };
}

async function hintsKept({ parts }: BenchSystem): Promise<number> {
  const { rows } = await parts.pool.query<{ count: number }>(
    `select count(*) from lahetti.inbox where source = 'webhook'`,
  );
  return rows[0]!.count;
}

/** Milliseconds until no hint waits any more; null where that takes too long. */
async function drained({ parts }: BenchSystem): Promise<number | null> {
  const began = performance.now();
  while (performance.now() - began < drainLimitMs) {
    const { rowCount } = await parts.pool.query('select from lahetti.inbox where dispatched_at is null limit 1');
    if (rowCount === 0) return performance.now() - began;
    await delay(200);
  }
  return null;
}

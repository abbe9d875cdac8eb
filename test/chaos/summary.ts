import { ask } from '../../harness/ask.ts';
import { bookingsByOrder } from '../../harness/posti.ts';
import type { PlacedOrder } from '../../harness/placed-orders.ts';
import type { Topology } from '../../harness/topology.ts';
import { parseBookingReference } from '../../src/booking/reference.ts';

/** What a run comes to: the JSON line at its end. */
export interface ChaosSummary {
  readonly orders: number;
  /** Orders that ended as their scenario says, whatever was done meanwhile. */
  readonly right: number;
  readonly lost: number;
  /** Planned shipments with more than one live booking, in Posti's books. */
  readonly duplicates: number;
  readonly liveBookings: number;
  /** Bookings in Posti's books whose answer never reached us; each of them is on our list. */
  readonly orphans: number;
  /** The same by why nobody could say whether they were booked. */
  readonly orphansBy: Readonly<Record<string, number>>;
  /** Bookings whose label was replaced or taken back. */
  readonly takenBack: number;
  readonly attention: number;
  readonly attentionBy: Readonly<Record<string, number>>;
  /** Kills, restarts and other harm by kind. */
  readonly harms: Readonly<Record<string, number>>;
  /** Orders whose worker was killed in the middle of a step, and how long the step waited for another. */
  readonly recovered: {
    readonly orders: number;
    readonly p50Seconds: number | null;
    readonly p99Seconds: number | null;
  };
  /** Requests that the shops answered with 429, by whatever reason. */
  readonly throttled: number;
  readonly harmedSeconds: number;
  /** From the last harm until no hint waited, no command and no attempt was without its outcome. */
  readonly drainedSeconds: number | null;
  /** From the last harm until every order had come to its end. */
  readonly settledSeconds: number;
}

interface ToSumUp {
  readonly topology: Topology;
  readonly orders: readonly PlacedOrder[];
  readonly harms: Readonly<Record<string, number>>;
  readonly recoveryMs: readonly number[];
  readonly harmedMs: number;
  readonly drainedMs: number | null;
  readonly settledMs: number;
}

export async function sumUp(given: ToSumUp): Promise<ChaosSummary> {
  const { orders, harms, recoveryMs } = given;
  const bookings = await countBookings(given);
  const reasons = orders.flatMap(({ state }) => {
    if (state?.phase !== 'needs_attention') return [];
    return (
      (state.attention ?? state.shipments.find(({ attention }) => attention)?.attention)?.code ?? 'nobody says why'
    );
  });
  return {
    orders: orders.length,
    right: orders.filter(({ isRight }) => isRight).length,
    lost: orders.filter(({ state }) => state === undefined).length,
    ...bookings,
    attention: reasons.length,
    attentionBy: tally(reasons),
    harms,
    recovered: {
      orders: recoveryMs.length,
      p50Seconds: seconds(percentile(recoveryMs, 0.5)),
      p99Seconds: seconds(percentile(recoveryMs, 0.99)),
    },
    throttled: await countThrottled(given.topology),
    harmedSeconds: seconds(given.harmedMs),
    drainedSeconds: seconds(given.drainedMs),
    settledSeconds: seconds(given.settledMs),
  };
}

/** From Posti's books, with what we say of each attempt. */
export async function countBookings({ topology, orders }: Pick<ToSumUp, 'topology' | 'orders'>) {
  const { parts, posti, stores } = topology;
  const { rows } = await parts.pool.query<{ reference: string; state: string; code: string | null }>(
    'select reference, state, code from lahetti.booking_attempts',
  );
  const attempts = new Map(rows.map((attempt) => [attempt.reference, attempt]));
  const bookingsOf = bookingsByOrder(await posti.bookings());
  const storeNumbers = new Map(stores.map(({ storeHash, id }) => [storeHash, id]));
  const count = { liveBookings: 0, duplicates: 0, takenBack: 0 };
  const orphans: string[] = [];
  for (const { storeHash, orderId } of orders) {
    const live = new Map<number, number>();
    for (const { reference } of bookingsOf({ storeNumber: storeNumbers.get(storeHash) ?? 0, orderId })) {
      const attempt = attempts.get(reference ?? '');
      const n = parseBookingReference(reference ?? '')?.n ?? 0;
      if (attempt?.state === 'unknown') orphans.push(attempt.code ?? 'nobody says why');
      else if (attempt?.state === 'superseded' || attempt?.state === 'withdrawn') count.takenBack += 1;
      // What we do not list, or say was never booked, may be on its way all the same.
      else live.set(n, (live.get(n) ?? 0) + 1);
    }
    count.liveBookings += [...live.values()].reduce((sum, each) => sum + each, 0);
    count.duplicates += [...live.values()].filter((each) => each > 1).length;
  }
  return { ...count, orphans: orphans.length, orphansBy: tally(orphans) };
}

async function countThrottled({ urls }: Topology): Promise<number> {
  const stores = await ask<{ requests: { throttled: number } }[]>('GET', `${urls.bigcommerce}/_control/stores`);
  return stores.reduce((sum, { requests }) => sum + requests.throttled, 0);
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names.toSorted()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** The smallest of the values that at least this share of them does not exceed; null of none. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

function seconds(ms: number): number;
function seconds(ms: number | null): number | null;
function seconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 100) / 10;
}

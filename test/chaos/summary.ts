import { bookingsOfOrder } from '../../demo/posti.ts';
import type { PlacedOrder } from '../../demo/placed-orders.ts';
import type { Topology } from '../../demo/topology.ts';

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
  /** Bookings whose label was replaced or taken back. */
  readonly takenBack: number;
  readonly attention: number;
  readonly harms: Readonly<Record<string, number>>;
  readonly harmedSeconds: number;
  /** From the last harm until every order had come to its end. */
  readonly settledSeconds: number;
}

interface ToSumUp {
  readonly topology: Topology;
  readonly orders: readonly PlacedOrder[];
  readonly harms: Readonly<Record<string, number>>;
  readonly harmedMs: number;
  readonly settledMs: number;
}

export async function sumUp({ topology, orders, harms, harmedMs, settledMs }: ToSumUp): Promise<ChaosSummary> {
  const { parts, posti, stores } = topology;
  const { rows } = await parts.pool.query<{ reference: string; state: string }>(
    'select reference, state from lahetti.booking_attempts',
  );
  const stateOf = new Map(rows.map(({ reference, state }) => [reference, state]));
  const books = await posti.bookings();
  const count = { live: 0, orphans: 0, takenBack: 0, duplicates: 0 };
  for (const { storeHash, orderId } of orders) {
    const storeNumber = stores.find((store) => store.storeHash === storeHash)?.id ?? 0;
    for (const booked of bookingsOfOrder(books, storeNumber, orderId).values()) {
      const states = booked.map(({ reference }) => stateOf.get(reference ?? '') ?? 'not listed');
      const live = states.filter((state) => state === 'live' || state === 'not listed').length;
      count.live += live;
      count.duplicates += live > 1 ? 1 : 0;
      count.takenBack += states.filter((state) => state === 'superseded' || state === 'withdrawn').length;
      count.orphans += states.filter((state) => state === 'unknown').length;
    }
  }
  const seconds = (ms: number) => Math.round(ms / 100) / 10;
  return {
    orders: orders.length,
    right: orders.filter(({ isRight }) => isRight).length,
    lost: orders.filter(({ state }) => state === undefined).length,
    duplicates: count.duplicates,
    liveBookings: count.live,
    orphans: count.orphans,
    takenBack: count.takenBack,
    attention: orders.filter(({ state }) => state?.phase === 'needs_attention').length,
    harms,
    harmedSeconds: seconds(harmedMs),
    settledSeconds: seconds(settledMs),
  };
}

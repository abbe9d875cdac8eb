import type { Db } from '../db/pool.ts';
import { keptOrders, type KeptOrder } from '../orders/kept-orders.sql.ts';
import { knownShipmentsOf } from '../orders/shipments.sql.ts';
import { isPast, prospectOf, type Prospect } from '../orders/what-would-happen.ts';
import type { Settings } from './settings.ts';

export interface SettingsPreview {
  /** Orders that were planned by both settings. */
  readonly orders: number;
  /** There were more orders in that time: the youngest were taken. */
  readonly cut: boolean;
  /** Orders by outcome, with the settings as they are and as they would be. */
  readonly before: OutcomeCounts;
  readonly after: OutcomeCounts;
  /** Orders of which something differs, by what; one order may count for several. */
  readonly differing: Readonly<Record<Difference, number>> & { readonly orders: number };
  /** The first of them, youngest first. */
  readonly differences: readonly OrderDifference[];
}

export type OutcomeCounts = Readonly<Record<Prospect['outcome'], number>>;
export type Difference = 'outcome' | 'reasons' | 'service' | 'pickupPoint' | 'warehouse' | 'parcels' | 'label';

export interface OrderDifference {
  readonly orderId: number;
  /** Booked already: nothing about it changes. This is what would become of an order like it. */
  readonly past: boolean;
  readonly what: readonly Difference[];
  readonly before: Prospect;
  readonly after: Prospect;
}

export interface PreviewRequest {
  readonly storeId: number;
  readonly before: Settings;
  readonly after: Settings;
  readonly now: Date;
  /** Default 30. */
  readonly days?: number;
  /** Orders that are planned at most. Default 5000. */
  readonly limit?: number;
  /** Differences that are listed at most. Default 200. */
  readonly listed?: number;
}

/** Orders that are held in memory, and planned in one go, at a time. */
const pageSize = 200;

/**
 * What other settings would alter in the orders of the last days: each is planned by both, from what is kept of it.
 * Writes nothing and asks nobody: the shop may say something else by now.
 */
export async function previewSettings(db: Db, request: PreviewRequest): Promise<SettingsPreview> {
  const { storeId, now, days = 30, limit = 5_000, listed = 200 } = request;
  const since = new Date(now.getTime() - days * 86_400_000);
  const tally = newTally();
  const differences: OrderDifference[] = [];
  let orders = 0;
  let last: KeptOrder | undefined;
  let more = true;
  while (more && orders < limit) {
    const page = await keptOrders(db, {
      ...{ storeId, since, limit: Math.min(pageSize, limit - orders) + 1 },
      before: last && { createdAt: last.order.createdAt, pk: last.pk },
    });
    const taken = page.slice(0, Math.min(pageSize, limit - orders));
    const shipments = await knownShipmentsOf(
      db,
      taken.map(({ pk }) => pk),
    );
    for (const kept of taken) {
      const known = shipments.get(kept.pk) ?? [];
      const before = prospectOf(kept, known, request.before, now);
      const after = prospectOf(kept, known, request.after, now);
      const what = differencesBetween(before, after);
      count(tally, before, after, what);
      if (what.length > 0 && differences.length < listed) {
        differences.push({ orderId: kept.order.orderId, past: isPast(known), what, before, after });
      }
    }
    orders += taken.length;
    last = taken.at(-1);
    more = page.length > taken.length;
  }
  return { orders, cut: more, ...tally, differences };
}

/** What of a prospect each kind of difference is about. */
const aspects: Readonly<Record<Difference, (prospect: Prospect) => unknown>> = {
  outcome: ({ outcome }) => outcome,
  reasons: ({ reasons }) => reasons,
  service: ({ shipments }) => shipments.map(({ service, addons }) => [service, addons]),
  pickupPoint: ({ shipments }) => shipments.map(({ pickupPointId }) => pickupPointId),
  warehouse: ({ shipments }) => shipments.map(({ contractNumber }) => contractNumber),
  parcels: ({ shipments }) => shipments.map(({ parcels, weightGrams }) => [parcels, weightGrams]),
  label: ({ shipments }) => shipments.map(({ labelSize }) => labelSize),
};

function differencesBetween(before: Prospect, after: Prospect): Difference[] {
  const differs = (what: Difference) => JSON.stringify(aspects[what](before)) !== JSON.stringify(aspects[what](after));
  const found = (Object.keys(aspects) as Difference[]).filter(differs);
  // Of shipments that there are on one side only, the outcome says it all.
  const comparable = before.shipments.length === after.shipments.length;
  return comparable ? found : found.filter((what) => what === 'outcome' || what === 'reasons');
}

const newTally = () => ({
  before: { ships: 0, needs_attention: 0, waits: 0, ignored: 0 },
  after: { ships: 0, needs_attention: 0, waits: 0, ignored: 0 },
  differing: { orders: 0, outcome: 0, reasons: 0, service: 0, pickupPoint: 0, warehouse: 0, parcels: 0, label: 0 },
});

function count(tally: ReturnType<typeof newTally>, before: Prospect, after: Prospect, what: Difference[]): void {
  tally.before[before.outcome] += 1;
  tally.after[after.outcome] += 1;
  if (what.length > 0) tally.differing.orders += 1;
  for (const difference of what) tally.differing[difference] += 1;
}

import type { Db } from '../db/pool.ts';
import { erasedOrders, keptOrders, type KeptOrder } from '../orders/kept-orders.sql.ts';
import { notReadFor, type NotRead } from '../orders/not-read.ts';
import { knownShipmentsOf } from '../shipments/shipments.sql.ts';
import { isPast, prospectOf, type Prospect } from './forecast.ts';
import { inForce, settingsSince, type SettingsPeriod } from './settings-in-force.sql.ts';
import type { Settings } from '../settings/settings.ts';

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
  /** Orders of that time of which nobody can say; in none of the other numbers. One may be there for several reasons. */
  readonly notJudged: Readonly<Record<WhyNotJudged, number>> & {
    readonly orders: number;
    /** The first of them, youngest first; erased ones last. */
    readonly listed: readonly { readonly orderId: number; readonly why: readonly WhyNotJudged[] }[];
  };
}

/** `erased`: what was known of its people is gone, the address with it. */
export type WhyNotJudged = NotRead | 'erased';

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
  /** Orders that are looked at at most. Default 5000. */
  readonly limit?: number;
  /** Differences that are listed at most. Default 200. */
  readonly listed?: number;
}

/** Orders that are held in memory, and planned in one go, at a time. */
const pageSize = 200;

/** How long before an order is written down its settings may have been read: the shop is asked in between. */
const lookMs = 2 * 60_000;

/**
 * What other settings would alter in the orders of the last days: each is planned by both, from what is kept of it, by the
 * very plan that its own look made. Where that asks for something that is not kept, the order is named as not judged.
 * Writes nothing and asks nobody: the shop may say something else by now.
 */
export async function previewSettings(db: Db, request: PreviewRequest): Promise<SettingsPreview> {
  const { storeId, now, days = 30, limit = 5_000, listed = 200 } = request;
  const since = new Date(now.getTime() - days * 86_400_000);
  const tally = newTally();
  const differences: OrderDifference[] = [];
  const unknown = newUnknown(listed);
  // An order is read when it is made, or later: no settings of before then read any of these.
  const periods = await settingsSince(db, storeId, new Date(since.getTime() - lookMs));
  let looked = 0;
  let last: KeptOrder | undefined;
  let more = true;
  while (more && looked < limit) {
    const page = await keptOrders(db, {
      ...{ storeId, since, limit: Math.min(pageSize, limit - looked) + 1 },
      before: last && { createdAt: last.order.createdAt, pk: last.pk },
    });
    const taken = page.slice(0, Math.min(pageSize, limit - looked));
    const shipments = await knownShipmentsOf(
      db,
      taken.map(({ pk }) => pk),
    );
    for (const kept of taken) {
      const why = missingOf(kept, periods, request);
      if (why.length > 0) {
        unknown.add(kept.order.orderId, why);
        continue;
      }
      const known = shipments.get(kept.pk) ?? [];
      const before = prospectOf(kept, known, request.before, now);
      const after = prospectOf(kept, known, request.after, now);
      const what = differencesBetween(before, after);
      count(tally, before, after, what);
      if (what.length > 0 && differences.length < listed) {
        differences.push({ orderId: kept.order.orderId, past: isPast(known), what, before, after });
      }
    }
    looked += taken.length;
    last = taken.at(-1);
    more = page.length > taken.length;
  }
  const orders = looked - unknown.orders();
  const erased = await erasedOrders(db, { storeId, since, limit: listed });
  return { orders, cut: more, ...tally, differences, notJudged: unknown.with(erased) };
}

/** What would have to be read again to plan it by both settings. */
function missingOf(kept: KeptOrder, periods: readonly SettingsPeriod[], { before, after }: PreviewRequest): NotRead[] {
  const readBy = inForce(periods, new Date(kept.readAt.getTime() - lookMs), kept.readAt);
  return [...new Set([before, after].flatMap((settings) => notReadFor(kept, readBy, settings)))];
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

/** Counts those that can't be judged, and lists the first. */
function newUnknown(most: number) {
  const counts = { read_by_an_older_version: 0, pickup_point_not_read: 0, warehouse_not_read: 0 };
  const listed: { orderId: number; why: readonly WhyNotJudged[] }[] = [];
  let orders = 0;
  return {
    orders: () => orders,
    add(orderId: number, why: readonly NotRead[]): void {
      orders += 1;
      for (const reason of why) counts[reason] += 1;
      if (listed.length < most) listed.push({ orderId, why });
    },
    with(erased: { readonly count: number; readonly orderIds: readonly number[] }): SettingsPreview['notJudged'] {
      const more = erased.orderIds.map((orderId) => ({ orderId, why: ['erased'] as const }));
      return {
        ...{ orders: orders + erased.count, ...counts, erased: erased.count },
        listed: [...listed, ...more].slice(0, most),
      };
    },
  };
}

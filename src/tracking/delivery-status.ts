import type { DeliveryStatus } from '../domain/delivery-status.ts';
import type { Scan } from '../carriers/scan.ts';

/**
 * How far along each status is. A status gives way only to one of the same or a higher stage, so it never goes back.
 *
 * - Two statuses of one stage may follow each other either way, and the later scan counts: a parcel that nobody was home
 *   for goes from the van to a pickup point, and one that was redirected goes from the pickup point into the van; it also
 *   leaves customs for the road.
 * - A parcel on its way back may still be delivered (the receiver caught it in time), so `delivered` comes after
 *   `returning`. Posti's word for a return that reached the sender is its own, RETURN_DELIVERED (posti.md 6.2).
 * - `delivered` is final, but for `returned`: only a parcel that is back at the sender's outweighs a scan of its delivery.
 */
const stage: Readonly<Record<DeliveryStatus, number>> = {
  unknown: 0,
  registered: 1,
  received: 2,
  in_transit: 3,
  customs: 3,
  out_for_delivery: 4,
  ready_for_pickup: 4,
  returning: 5,
  delivered: 6,
  returned: 7,
};

/** Scans of one instant and one stage: the one that asks more of somebody counts. */
const oftenLater: readonly DeliveryStatus[] = ['in_transit', 'customs', 'out_for_delivery', 'ready_for_pickup'];

/** How far the carrier's clock may be ahead of ours before a scan counts as not having happened yet. */
export const clockToleranceMs = 10 * 60_000;

/**
 * Merges scans into a delivery status that never goes back. Order and repetition of `scans` do not matter, and a scan that
 * arrives late cannot lower what was reached. Scans dated after `now` wait for their time; scans that say nothing of the
 * parcel are passed over.
 */
export function deliveryStatus(scans: readonly Scan[], now: Date): DeliveryStatus {
  let reached: Reached = { status: 'unknown', at: -Infinity };
  for (const { status, at } of scans) {
    const when = at?.getTime() ?? -Infinity;
    if (status === null || when > now.getTime() + clockToleranceMs) continue;
    const seen: Reached = { status, at: when };
    if (outweighs(seen, reached)) reached = seen;
  }
  return reached.status;
}

/** A total order, so that the merge is a maximum and cannot depend on the order in which scans come. */
function outweighs(seen: Reached, reached: Reached): boolean {
  const further = stage[seen.status] - stage[reached.status];
  if (further !== 0) return further > 0;
  if (seen.at !== reached.at) return seen.at > reached.at;
  return oftenLater.indexOf(seen.status) > oftenLater.indexOf(reached.status);
}

interface Reached {
  readonly status: DeliveryStatus;
  readonly at: number;
}

const hasEnded = (status: DeliveryStatus): boolean => status === 'delivered' || status === 'returned';

/**
 * What a shipment comes to from its parcels: while any parcel is under way, the least advanced of those; then `returned`
 * if any came back, else `delivered`. `unknown` without parcels.
 */
export function shipmentDeliveryStatus(parcels: readonly DeliveryStatus[]): DeliveryStatus {
  if (parcels.length === 0) return 'unknown';
  const underWay = parcels.filter((status) => !hasEnded(status));
  if (underWay.length > 0) return underWay.reduce((least, status) => (isBefore(status, least) ? status : least));
  return parcels.includes('returned') ? 'returned' : 'delivered';
}

function isBefore(a: DeliveryStatus, b: DeliveryStatus): boolean {
  return stage[a] === stage[b] ? oftenLater.indexOf(a) < oftenLater.indexOf(b) : stage[a] < stage[b];
}

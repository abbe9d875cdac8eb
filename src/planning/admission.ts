import type { UnshippedReason } from '../domain/reasons.ts';
import { settingsFor } from '../settings/storefronts.ts';
import type { Settings } from '../settings/settings.ts';
import type { Order } from '../orders/order.ts';

/** What Postgres remembers of an order beyond what the shop says now. */
export interface OrderMemory {
  /** The status allowed shipping once. */
  readonly triggered: boolean;
  /** A person or the packing table said "book". */
  readonly bookedByHand: boolean;
  readonly onHold: boolean;
  /** A person cancelled the whole order here. */
  readonly keptBack: boolean;
  /** The shop has been told of a shipment of ours. */
  readonly told: boolean;
  /**
   * The last status that it was read in and that the shop does not set by itself (src/planning/decisive-status.ts); null
   * where there was none.
   */
  readonly chosenStatusId: number | null;
}

export interface Admission {
  /** Null where the order may be shipped. */
  readonly blocked: UnshippedReason | null;
  /** Shipments that are planned but not booked stay blocked, whatever new units may do. */
  readonly plannedToo: boolean;
  /** The status allows shipping now, which is remembered. */
  readonly triggers: boolean;
}

/** BigCommerce's statuses (bigcommerce.md 2.7). */
export const status = {
  shipped: 2,
  partiallyShipped: 3,
  refunded: 4,
  cancelled: 5,
  declined: 6,
  completed: 10,
  partiallyRefunded: 14,
} as const;

/**
 * Statuses that the shop sets as a consequence of its own action: recording a shipment of some units makes an order
 * Partially Shipped, giving back a part of the money makes it Partially Refunded. Neither says whether the rest is to be
 * shipped. A merchant can set both by hand, too, and then they look the same.
 */
export const setByTheShop: readonly number[] = [status.partiallyShipped, status.partiallyRefunded];

export const cancelledStatuses: readonly number[] = [status.cancelled, status.declined, status.refunded];
const shippedBySomething: readonly number[] = [status.shipped, status.completed];

export const isCancelled = (order: Pick<Order, 'statusId' | 'archived'>): boolean =>
  order.archived || cancelledStatuses.includes(order.statusId);

/**
 * Whether an order may be shipped, by the settings of its storefront. Its list of statuses or a person's command decide,
 * and nothing else; what our own write-back makes of the status (Partially Shipped, Shipped) does not take it back.
 *
 * @param order with the status that decides (src/planning/decisive-status.ts)
 */
export function admission(order: Order, memory: OrderMemory, storeSettings: Settings, now: Date): Admission {
  const settings = settingsFor(storeSettings, order.channelId);
  const chosen = settings.statuses.includes(order.statusId);
  const triggers = chosen || memory.bookedByHand;
  const no = (blocked: UnshippedReason): Admission => ({ blocked, plannedToo: true, triggers: false });

  if (cancelledStatuses.includes(order.statusId)) return no('order_cancelled');
  if (order.archived) return no('archived');
  if (memory.keptBack) return no('cancelled_by_a_person');
  if (!memory.bookedByHand && isTooOld(order, memory, settings, now)) return no('before_the_cut_off_date');
  if (memory.onHold) return { blocked: 'on_hold', plannedToo: true, triggers };
  const observing = settings.mode === 'observe' ? ('store_in_observe_mode' as const) : null;

  if (triggers) return { blocked: observing, plannedToo: true, triggers };
  // Read last by a version that did not keep the status before it.
  if (memory.triggered && memory.chosenStatusId === null && order.statusId === status.partiallyShipped) {
    return { blocked: observing, plannedToo: true, triggers: false };
  }
  // Shipped or Completed with units left: what was planned was shipped by hand, but a line that was added since is new.
  if (memory.triggered && memory.told && shippedBySomething.includes(order.statusId)) {
    return { blocked: observing, plannedToo: false, triggers: false };
  }
  if (shippedBySomething.includes(order.statusId)) return no('marked_as_shipped');
  if (setByTheShop.includes(order.statusId) && memory.chosenStatusId === null && !memory.triggered) {
    return no('never_in_a_chosen_status');
  }
  return no('status_not_chosen');
}

function isTooOld(order: Order, memory: OrderMemory, settings: Settings, now: Date): boolean {
  if (settings.cutOffDate && order.createdAt < new Date(settings.cutOffDate)) return true;
  const oldest = now.getTime() - settings.lookBackDays * 86_400_000;
  return !memory.triggered && order.createdAt.getTime() < oldest;
}

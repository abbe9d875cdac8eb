import { isCancelled, status } from './admission.ts';
import type { Order } from '../orders/order.ts';
import type { KnownShipment } from './known-shipment.ts';

/** What BigCommerce, or we where the store wants it, makes of an order's status when shipments are recorded. */
const madeByRecords: readonly number[] = [status.partiallyShipped, status.shipped, status.completed];

/**
 * The order as it was just read, or with the status that it was cancelled by: a record of ours that was on its way when
 * the shop cancelled the order makes it Shipped (bigcommerce.md 3.5), and until the record is taken back the shop does not
 * know any more that it was cancelled. Then that reading must not plan the goods once more.
 *
 * @param statusBefore at the reading before this one; undefined where there was none
 */
export function stillCancelled(
  order: Order,
  statusBefore: number | undefined,
  shipments: readonly Pick<KnownShipment, 'cancelling' | 'shopHasRecord'>[],
): Order {
  if (statusBefore === undefined || !isCancelled({ statusId: statusBefore, archived: false })) return order;
  const isTakenBack = shipments.some((s) => s.cancelling && s.shopHasRecord);
  return isTakenBack && madeByRecords.includes(order.statusId) ? { ...order, statusId: statusBefore } : order;
}

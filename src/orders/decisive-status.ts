import type { Settings } from '../stores/settings.ts';
import { cancelledStatuses, status, type OrderMemory } from './admission.ts';

/**
 * Statuses that the shop sets as a consequence of its own action: recording a shipment of some units makes an order
 * Partially Shipped, giving back a part of the money makes it Partially Refunded. Neither says whether the rest is to be
 * shipped. A merchant can set both by hand, too, and then they look the same.
 */
export const setByTheShop: readonly number[] = [status.partiallyShipped, status.partiallyRefunded];

/**
 * The status that decides about shipping: the order's own, or the last one before it that somebody chose, where the shop
 * set the present one by itself.
 *
 * Nothing is taken for allowed that was not seen to be: an order that was in such a status when it was first read has no
 * earlier one, and keeps its own. What happened between two readings nobody sees; the shop's API has no history of statuses.
 */
export function decisiveStatus(
  statusId: number,
  { chosenStatusId, told }: Pick<OrderMemory, 'chosenStatusId' | 'told'>,
  settings: Pick<Settings, 'statuses' | 'shipRemainder'>,
): number {
  if (chosenStatusId === null || !setByTheShop.includes(statusId)) return statusId;
  // A cancelled order is often refunded afterwards, less a fee.
  if (cancelledStatuses.includes(chosenStatusId)) return chosenStatusId;
  if (settings.statuses.includes(statusId)) return statusId;
  const madeByOurRecord = statusId === status.partiallyShipped && told;
  return settings.shipRemainder || madeByOurRecord ? chosenStatusId : statusId;
}

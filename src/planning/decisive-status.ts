import type { Settings } from '../settings/settings.ts';
import { cancelledStatuses, setByTheShop, status, type OrderMemory } from './admission.ts';

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

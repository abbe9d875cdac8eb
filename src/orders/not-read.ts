import { isPointId } from '../booking/service-rules.ts';
import type { Settings } from '../settings/settings.ts';
import { filledField } from './form-fields.ts';
import type { KeptOrder } from './kept-orders.sql.ts';
import type { Order } from './order.ts';
import { mayGoToPickupPoint, pointIn } from '../planning/pickup-point.ts';

/**
 * Why nobody can say what settings would make of a kept order before it is read from the shop again:
 * - `read_by_an_older_version`: sizes, or which lines are picked up, were not kept then
 * - `pickup_point_not_read`: these settings look for the pickup point where nobody looked when the order was read
 * - `warehouse_not_read`: the same of the warehouse
 */
export type NotRead = 'read_by_an_older_version' | 'pickup_point_not_read' | 'warehouse_not_read';

/**
 * What is missing of a kept order to plan it by these settings; nothing where the plan of the kept order is that of the
 * order as it was read. Pure.
 *
 * @param readBy the settings by which it was read; several where they changed about then
 */
export function notReadFor({ order, whole }: KeptOrder, readBy: readonly Settings[], settings: Settings): NotRead[] {
  return [
    ...(whole ? [] : ['read_by_an_older_version' as const]),
    ...(isPickupPointRead(order, readBy, settings) ? [] : ['pickup_point_not_read' as const]),
    ...(isWarehouseRead(order, readBy, settings) ? [] : ['warehouse_not_read' as const]),
  ];
}

/** Goes through the places in the order of `choosePickupPoint`, up to the first that names a point. */
function isPickupPointRead(order: Order, readBy: readonly Settings[], settings: Settings): boolean {
  const { formFields, metafield, quote } = settings.pickupPoint;
  return order.addresses.every((address) => {
    if (!mayGoToPickupPoint(order, address, settings)) return true;
    if (quote) {
      const isRead = (read: Settings) =>
        same(read.pickupPoint.quote, quote) && mayGoToPickupPoint(order, address, read);
      if (!readBy.every(isRead)) return false;
      if (address.pickupPointInQuote !== undefined) return true;
    }
    const inField = pointIn(filledField(address, formFields));
    if (!metafield || order.addresses.length > 1 || (inField !== null && isPointId(inField))) return true;
    return readBy.every((read) => same(read.pickupPoint.metafield, metafield));
  });
}

function isWarehouseRead(order: Order, readBy: readonly Settings[], { warehouseChoice }: Settings): boolean {
  const { formFields, metafield } = warehouseChoice;
  if (!metafield || order.addresses.every((address) => filledField(address, formFields) !== null)) return true;
  return readBy.every((read) => same(read.warehouseChoice.metafield, metafield));
}

/** Of objects that the same schema made. */
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

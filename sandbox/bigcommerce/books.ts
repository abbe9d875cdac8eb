import type { BigCommerceState, Order, Store } from './model.ts';
import { wireShipment } from './wire-shipment.ts';

/** What really happened in a store, whatever its callers were told. */
export function storeBooks(state: BigCommerceState, store: Store) {
  const pending = state.pending.filter(({ storeHash }) => storeHash === store.hash).length;
  return {
    hash: store.hash,
    orders: Object.values(store.orders).map(orderBooks),
    requests: store.requests,
    hooks: store.hooks,
    deliveries: { ...store.deliveries, pending },
  };
}

export function orderBooks(order: Order) {
  return {
    id: order.id,
    status_id: order.statusId,
    items_total: order.lines.reduce((sum, line) => sum + line.quantity, 0),
    items_shipped: order.lines.reduce((sum, line) => sum + line.quantityShipped, 0),
    is_deleted: order.isDeleted,
    staff_notes: order.staffNotes,
    external_order_id: order.externalOrderId,
    lines: order.lines,
    billing: order.billing,
    addresses: order.addresses,
    shipments: order.shipments.map((shipment) => ({
      ...wireShipment(order, shipment),
      by: shipment.by,
      answered: shipment.answered,
    })),
    metafields: order.metafields,
    statusHistory: order.statusHistory,
  };
}

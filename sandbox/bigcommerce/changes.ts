import { type Order, type Store, unitsToShip } from './model.ts';
import type { Webhooks } from './webhooks.ts';
import type { StateFile } from '../state.ts';

/** Who changed something: an API account's client id, or 'control' for the merchant and the shopper. */
export type Who = string;

export interface Changes {
  /** Changes an order; bumps its date, writes its status history, fires `updated` and, where due, `statusUpdated`. */
  order<T>(store: Store, order: Order, who: Who, change: (order: Order) => T): T;
  /** Fires any other hook about an order. */
  tell(store: Store, scope: string, data: Record<string, unknown>): void;
}

/** The one way in which orders change: every writer, our own caller included, sets off the hooks of the real system. */
export function createChanges(deps: { state: StateFile<unknown>; webhooks: Webhooks }): Changes {
  const { state, webhooks } = deps;
  const tell = (store: Store, scope: string, data: Record<string, unknown>) => {
    state.touch();
    webhooks.emit(store, scope, data);
  };
  return {
    tell,
    order: (store, order, who, change) => {
      const before = order.statusId;
      const wasArchived = order.isDeleted;
      const result = change(order);
      order.modifiedAt = Date.now();
      tell(store, 'store/order/updated', { type: 'order', id: order.id });
      if (order.statusId !== before) {
        order.statusHistory.push({ statusId: order.statusId, at: order.modifiedAt, by: who });
        const status = { previous_status_id: before, new_status_id: order.statusId };
        tell(store, 'store/order/statusUpdated', { type: 'order', id: order.id, status });
      }
      if (order.isDeleted && !wasArchived) tell(store, 'store/order/archived', { type: 'order', id: order.id });
      return result;
    },
  };
}

/** Status 2 and `date_shipped` once every shippable unit is out, 3 once any is (bigcommerce.md 3.5). */
export function rollUpStatus(order: Order): void {
  const shipped = order.lines.some((line) => line.quantityShipped > 0);
  if (!shipped) return;
  const rest = order.lines.reduce((sum, line) => sum + unitsToShip(line), 0);
  order.statusId = rest === 0 ? 2 : 3;
  if (rest === 0) order.shippedAt = Date.now();
}

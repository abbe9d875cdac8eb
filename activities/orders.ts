import { cancellationSignal } from '@temporalio/activity';
import { hasEnded, type OrderRef, type OrderState } from '../workflows/contract.ts';
import type { StoreConnection } from '../src/bigcommerce/api.ts';
import { inTransaction, type Db } from '../src/db/pool.ts';
import { carryOut } from '../src/orders/carry-out.ts';
import { digestOfOrder } from '../src/orders/digest.ts';
import { normalise } from '../src/orders/normalise.ts';
import type { Order } from '../src/orders/order.ts';
import { lockOrder, saveOrder, type OrderRow } from '../src/orders/orders.sql.ts';
import { pickupPointIn } from '../src/orders/pickup-metafield.ts';
import { plan } from '../src/orders/plan.ts';
import { endOrWithdraw, knownShipments } from '../src/orders/shipments.sql.ts';
import { ignoredOrder, settleOrder } from '../src/orders/state.sql.ts';
import { addToTimeline } from '../src/orders/timeline.sql.ts';
import type { Settings } from '../src/stores/settings.ts';
import type { StepDeps } from './deps.ts';

export type OrderActivities = ReturnType<typeof createOrderActivities>;

export function createOrderActivities(deps: Pick<StepDeps, 'pool' | 'stores' | 'bigcommerce' | 'health' | 'now'>) {
  const { pool, stores, bigcommerce, health, now } = deps;

  return {
    /**
     * Reads the order as the shop has it now and what was done for it so far, plans, and writes the plan down. Safe to run
     * at any time and any number of times: what has been carried out is not planned again.
     *
     * @returns the order's state; `ignored` without shipments for an order that the shop does not have
     * @throws AppError of the shop (retryable, throttled, credentials) or `bigcommerce_paused`
     */
    async lookAtOrder(ref: OrderRef): Promise<OrderState> {
      const store = await stores.get(ref.storeHash);
      const connection = await stores.connection(ref.storeHash);
      const { settings } = await stores.settings(ref.storeHash);
      const wire = await health.guard({ system: 'bigcommerce', account: ref.storeHash }, () =>
        bigcommerce.getOrder(connection, ref.orderId, { about: ref, signal: cancellationSignal() }),
      );
      if (!wire) return inTransaction(pool, (tx) => orderIsGone(tx, store.id, ref));
      const read = normalise(wire, { weightUnits: store.weightUnits });
      const order = await withPickupPoint(read, connection, settings);
      return inTransaction(pool, (tx) => planOrder(tx, store.id, ref, order, digestOfOrder(wire), settings, now()));
    },
  };

  /** With the pickup point that an app kept in the order's metafields, where the store says in which. */
  async function withPickupPoint(order: Order, connection: StoreConnection, settings: Settings): Promise<Order> {
    const field = settings.pickupPoint.metafield;
    if (!field || order.addresses.length !== 1) return order;
    const { storeHash } = connection;
    const call = { about: { storeHash, orderId: order.orderId }, signal: cancellationSignal() };
    const fields = await health.guard({ system: 'bigcommerce', account: storeHash }, () =>
      bigcommerce.listMetafields(connection, order.orderId, { namespace: field.namespace }, call),
    );
    const pickupPointInMetafield = pickupPointIn(fields, field.key);
    return pickupPointInMetafield === undefined ? order : { ...order, pickupPointInMetafield };
  }
}

/** Plans an order that was just read, in one transaction that holds its row. */
async function planOrder(
  tx: Db,
  storeId: number,
  ref: OrderRef,
  order: Order,
  digest: string,
  settings: Settings,
  now: Date,
): Promise<OrderState> {
  const before = await lockOrder(tx, storeId, ref.orderId);
  const row = await saveOrder(tx, storeId, order, digest);
  if (!before) await addToTimeline(tx, row.id, { what: 'first_read', words: 'Read from the shop for the first time.' });
  const shipments = await knownShipments(tx, row.id);
  await carryOut(tx, {
    orderPk: row.id,
    plan: plan(order, memoryOf(row, shipments), shipments, settings, now),
    shipments,
    changed: before?.digest !== digest,
    who: 'plan',
    now,
  });
  return settleOrder(tx, ref);
}

const memoryOf = (row: OrderRow, shipments: Awaited<ReturnType<typeof knownShipments>>) => ({
  triggered: row.triggered,
  bookedByHand: row.bookedByHand,
  onHold: row.onHold,
  keptBack: row.keptBack,
  told: shipments.some((s) => s.told === 'told' || s.shopHasRecord),
});

/** The shop has no such order (any more): nothing more of it is booked; what is on its way is followed to its end. */
async function orderIsGone(tx: Db, storeId: number, ref: OrderRef): Promise<OrderState> {
  const row = await lockOrder(tx, storeId, ref.orderId);
  if (!row) {
    return ignoredOrder(ref);
  }
  for (const s of await knownShipments(tx, row.id)) {
    if (!hasEnded(s) && s.phase === 'planned' && !s.attemptOut) await endOrWithdraw(tx, row.id, s.n);
  }
  return settleOrder(tx, ref);
}

import { cancellationSignal } from '@temporalio/activity';
import { hasEnded, type OrderState } from '../src/domain/order-state.ts';
import type { OrderRef } from '../src/domain/order-ref.ts';
import type { StoreConnection, WireMetafield } from '../src/bigcommerce/api.ts';
import { inTransaction, type Db } from '../src/db/pool.ts';
import { guardShop } from '../src/stores/shop-access.ts';
import { AppError } from '../src/errors.ts';
import { comesBack } from '../src/erasure/comes-back.ts';
import { digestsToday } from '../src/planning/as-read-today.ts';
import { carryOut } from '../src/planning/carry-out.ts';
import { digestOfOrder } from '../src/orders/digest.ts';
import { keptOrderOf } from '../src/orders/kept-orders.sql.ts';
import { normalise } from '../src/orders/normalise.ts';
import type { Order, ShippingAddress } from '../src/orders/order.ts';
import { knownMetafields } from '../src/orders/sweep.sql.ts';
import { lockOrder, saveOrder, saveOrderAttention, type OrderRow } from '../src/orders/orders.sql.ts';
import { fromMetafields } from '../src/orders/order-metafields.ts';
import { namespacesToRead } from '../src/settings/metafields.ts';
import { mayGoToPickupPoint, pickupPointInRates } from '../src/planning/pickup-point.ts';
import { plan } from '../src/planning/plan.ts';
import type { KnownShipment } from '../src/planning/known-shipment.ts';
import { saveDigestsToday } from '../src/shipments/plan.sql.ts';
import { knownShipments } from '../src/shipments/shipments.sql.ts';
import { endOrWithdraw } from '../src/shipments/transitions.sql.ts';
import { ignoredOrder, settleOrder } from '../src/orders/state.sql.ts';
import { stillCancelled } from '../src/planning/still-cancelled.ts';
import { addToTimeline } from '../src/orders/timeline.sql.ts';
import type { Settings } from '../src/settings/settings.ts';
import type { Store } from '../src/stores/store.ts';
import { hasUnits } from '../src/stores/stores.sql.ts';
import { currentUnits } from '../src/stores/units.ts';
import { forgetUnread } from '../src/orders/unread-orders.sql.ts';
import type { StepDeps } from './deps.ts';
import { afterFailedLook } from './failed-look.ts';

export type OrderActivities = ReturnType<typeof createOrderActivities>;

export function createOrderActivities(
  deps: Pick<StepDeps, 'pool' | 'stores' | 'bigcommerce' | 'health' | 'now' | 'speed'>,
) {
  const { pool, stores, bigcommerce, health, now } = deps;

  return {
    /**
     * Reads the order as the shop has it now and what was done for it so far, plans, and writes the plan down. Safe to run
     * at any time and any number of times: what has been carried out is not planned again.
     *
     * @returns the order's state; `ignored` without shipments for an order that the shop does not have; `needs_attention` for
     *   one that cannot be read, once that has lasted
     * @throws AppError of the shop (retryable, throttled, credentials) or `bigcommerce_paused`
     */
    async lookAtOrder(ref: OrderRef): Promise<OrderState> {
      const store = await stores.get(ref.storeHash);
      try {
        return await look(ref, store);
      } catch (error) {
        // Where this cannot be written down either, the look's own failure is the one to tell of.
        const state = await afterFailedLook(deps, store.id, ref, error).catch(() => null);
        if (state) return state;
        throw error;
      }
    },
  };

  async function look(ref: OrderRef, store: Store): Promise<OrderState> {
    const connection = await stores.connection(ref.storeHash);
    const { settings } = await stores.settings(ref.storeHash);
    const wire = await guardShop(health, ref.storeHash, 'orders_read', () =>
      bigcommerce.getOrder(connection, ref.orderId, { about: ref, signal: cancellationSignal() }),
    );
    if (!wire) return inTransaction(pool, (tx) => orderIsGone(tx, store.id, ref));
    const call = { about: { storeHash: ref.storeHash }, signal: cancellationSignal() };
    for (let tries = 0, known = store; tries < 3; tries++, known = await stores.get(ref.storeHash)) {
      const units = await currentUnits(deps, known, connection, call);
      const order = await withChoices(normalise(wire, units), connection, settings);
      const state = await inTransaction(pool, async (tx) =>
        (await hasUnits(tx, store.id, units))
          ? planOrder(tx, store.id, ref, order, digestOfOrder(wire), settings, now())
          : null,
      );
      if (state) return state;
    }
    throw new AppError('The units of the shop were changed several times while an order was read; it is read again.', {
      kind: 'retryable',
      code: 'store_units_changed',
    });
  }

  /** With what apps and shipping providers left for us beside the order, where the store says that they do. */
  async function withChoices(order: Order, connection: StoreConnection, settings: Settings): Promise<Order> {
    const { storeHash } = connection;
    const call = { about: { storeHash, orderId: order.orderId }, signal: cancellationSignal() };
    const ask = <T>(work: () => Promise<T>) => guardShop(health, storeHash, 'orders_read', work);

    const fields: WireMetafield[] = [];
    for (const namespace of namespacesToRead(settings)) {
      fields.push(...(await ask(() => bigcommerce.listMetafields(connection, order.orderId, { namespace }, call))));
    }
    const known = { ...order, ...fromMetafields(fields, settings) };
    const { quote } = settings.pickupPoint;
    if (!quote) return known;
    const addresses: ShippingAddress[] = [];
    for (const address of known.addresses) {
      const point = mayGoToPickupPoint(known, address, settings)
        ? pickupPointInRates(
            await ask(() => bigcommerce.listShippingQuotes(connection, order.orderId, address.addressId, call)),
            quote,
          )
        : undefined;
      addresses.push(point === undefined ? address : { ...address, pickupPointInQuote: point });
    }
    return { ...known, addresses };
  }
}

/** Plans an order that was just read, in one transaction that holds its row. */
async function planOrder(
  tx: Db,
  storeId: number,
  ref: OrderRef,
  asRead: Order,
  digest: string,
  settings: Settings,
  now: Date,
): Promise<OrderState> {
  const before = await lockOrder(tx, storeId, ref.orderId);
  await forgetUnread(tx, storeId, ref.orderId);
  const shipments = before ? await shipmentsAsReadToday(tx, before.id, settings) : [];
  const metafieldsChanged = before !== undefined && (await haveOtherMetafields(tx, storeId, asRead, settings));
  const order = stillCancelled(asRead, before?.statusId, shipments);
  const row = await saveOrder(tx, storeId, order, digest, {
    staysErased: before?.erased === true && !isToBeKnownAgain(before, order, shipments, settings, now),
  });
  if (before && (await saveOrderAttention(tx, row.id, null))) {
    await addToTimeline(tx, row.id, { what: 'attention_over', words: 'The order can be read again.' });
  }
  if (!before) await addToTimeline(tx, row.id, { what: 'first_read', words: 'Read from the shop for the first time.' });
  await carryOut(tx, {
    orderPk: row.id,
    plan: plan(order, memoryOf(row, shipments), shipments, settings, now),
    shipments,
    changed: before?.digest !== digest || metafieldsChanged,
    who: 'plan',
    now,
  });
  return settleOrder(tx, ref);
}

/** With the digests that the order as it was kept has today; before what was kept is written over. */
async function shipmentsAsReadToday(tx: Db, orderPk: number, settings: Settings): Promise<KnownShipment[]> {
  const shipments = await knownShipments(tx, orderPk);
  if (!shipments.some((s) => s.phase === 'booked' || s.attemptOut)) return shipments;
  const kept = await keptOrderOf(tx, orderPk);
  const today = kept ? digestsToday(kept.order, shipments, settings) : [];
  for (const digests of today) await saveDigestsToday(tx, orderPk, digests);
  return shipments.map((s) => ({ ...s, ...today.find(({ n }) => n === s.n) }));
}

/** The digest says nothing of metafields, which are read beside the order. */
async function haveOtherMetafields(tx: Db, storeId: number, read: Order, settings: Settings): Promise<boolean> {
  if (namespacesToRead(settings).length === 0) return false;
  const known = (await knownMetafields(tx, { storeId, orderIds: [read.orderId] })).get(read.orderId);
  return (
    known !== undefined &&
    (known.pickupPointInMetafield !== read.pickupPointInMetafield ||
      known.warehouseInMetafield !== read.warehouseInMetafield)
  );
}

/** A look at an erased order brings its people back only where goods have to go to them. */
function isToBeKnownAgain(
  erased: OrderRow,
  order: Order,
  shipments: readonly KnownShipment[],
  settings: Settings,
  now: Date,
): boolean {
  return comesBack(plan(order, memoryOf(erased, shipments), shipments, settings, now), shipments);
}

const memoryOf = (row: OrderRow, shipments: readonly KnownShipment[]) => ({
  triggered: row.triggered,
  bookedByHand: row.bookedByHand,
  onHold: row.onHold,
  keptBack: row.keptBack,
  chosenStatusId: row.chosenStatusId,
  told: shipments.some((s) => s.told === 'told' || s.shopHasRecord),
});

/** The shop has no such order (any more): nothing more of it is booked; what is on its way is followed to its end. */
async function orderIsGone(tx: Db, storeId: number, ref: OrderRef): Promise<OrderState> {
  const row = await lockOrder(tx, storeId, ref.orderId);
  await forgetUnread(tx, storeId, ref.orderId);
  if (!row) return ignoredOrder(ref);
  await saveOrderAttention(tx, row.id, null);
  for (const s of await knownShipments(tx, row.id)) {
    if (!hasEnded(s) && s.phase === 'planned' && !s.attemptOut) await endOrWithdraw(tx, row.id, s.n);
  }
  return settleOrder(tx, ref);
}

import type { OrderState } from '../src/domain/order-state.ts';
import type { ShipmentRef } from '../src/domain/order-ref.ts';
import type { WireShipment } from '../src/bigcommerce/api.ts';
import type { Problem } from '../src/domain/problem.ts';
import { inTransaction } from '../src/db/pool.ts';
import { AppError, isAppError } from '../src/errors.ts';
import { insertHint } from '../src/inbox/inbox.sql.ts';
import { isCancelled, status } from '../src/planning/admission.ts';
import { raiseOn } from '../src/shipments/raise.ts';
import { settleOrder } from '../src/orders/state.sql.ts';
import { addToTimeline } from '../src/orders/timeline.sql.ts';
import { shopperLanguage } from '../src/settings/storefronts.ts';
import { whenToTell } from '../src/write-back/moment.ts';
import { recordsFor, type ShopRecord } from '../src/write-back/records.ts';
import { mayHaveChanged } from '../src/write-back/may-have-changed.sql.ts';
import {
  closeWriteBack,
  forgetWriteBack,
  noteStatusChange,
  openWriteBack,
  setTold,
  shipmentWithRecords,
  type ShipmentWithRecords,
  type WriteBack,
} from '../src/write-back/write-backs.sql.ts';
import type { StepDeps } from './deps.ts';
import {
  deleteRecord,
  deleteRecords,
  isRefusal,
  isUnresolved,
  listRecords,
  openShop,
  unresolved,
  type Shop,
} from './shop-door.ts';

/** Longer than it takes to book after a look, where nothing is in the way: then no reading more is needed. */
const readingIsGoodForMs = 10_000;
/** Longer than hints are gathered (src/temporal/timings.ts). */
const untilLookedAtMs = 3_000;

export type WriteBackActivities = ReturnType<typeof createWriteBackActivities>;

export function createWriteBackActivities(
  deps: Pick<StepDeps, 'pool' | 'stores' | 'bigcommerce' | 'health' | 'limits' | 'speed' | 'now'>,
) {
  const { pool, stores, limits, now } = deps;

  return {
    /**
     * Tells the shop about a booked shipment: the BigCommerce shipment with its tracking number, then – only where the
     * store wants it and the shop's own roll-up did not do it – the status. Safe to run again: the tracking number is the
     * marker by which an earlier write is found.
     *
     * What the shop refuses needs a person, with the shop's words.
     *
     * @throws AppError of the shop (retryable, throttled, credentials, locked); `write_back_unresolved` until an unknown write can be looked for; `store_paused`;
     *   `cancelled_meanwhile` until a look has seen that
     */
    async tellShop(ref: ShipmentRef): Promise<OrderState> {
      const known = await shipmentWithRecords(pool, ref);
      const { settings } = await stores.settings(ref.storeHash);
      const { shipment } = known;
      if (shipment.phase === 'booked' && !shipment.cancelling) {
        const moment = await whenToTell(pool, shipment, settings);
        const language = shopperLanguage(settings, known, (await stores.get(ref.storeHash)).language);
        const told = { ...shipment, trackingNumbers: known.trackingNumbers, language };
        if (moment === 'now')
          await tell(ref, known, recordsFor(told, settings), settings.writeBack.status === 'completed');
        else await inTransaction(pool, (tx) => setTold(tx, ref, known.trackingNumbers, moment));
      }
      return inTransaction(pool, (tx) => settleOrder(tx, ref));
    },
  };

  async function tell(
    ref: ShipmentRef,
    known: ShipmentWithRecords,
    wanted: readonly ShopRecord[],
    complete: boolean,
  ): Promise<void> {
    const shop = await openShop(deps, ref);
    if (await mayHaveChanged(pool, known.shipment.id, { olderThanMs: readingIsGoodForMs }))
      await refuseIfCancelled(shop, known.shipment);
    let refused = shopRefusedRecord;
    try {
      const kept = await withoutSurplus(shop, known, wanted);
      for (const record of wanted) await tellOne(shop, kept, record);
      refused = shopRefusedStatus;
      if (complete) await completeOrder(shop, known.shipment.id);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return inTransaction(pool, async (tx) => {
        const shipment = await setTold(tx, ref, known.trackingNumbers, 'refused');
        if (shipment) await raiseOn(tx, ref, shipment, [refused(ref, error)], now());
      });
    }
    await inTransaction(pool, async (tx) => {
      await setTold(tx, ref, known.trackingNumbers, 'told');
      await addToTimeline(tx, known.shipment.orderPk, {
        n: ref.n,
        what: 'told_shop',
        words: `The shop has been told: ${known.trackingNumbers.join(', ')}.`,
      });
    });
  }

  /**
   * A record makes an order Shipped that was cancelled in the shop since it was read, and nobody would see that it ever was.
   * Read again only where something was said since, which the next look answers, or where a hook may have been lost.
   */
  async function refuseIfCancelled(shop: Shop, { id, storeId }: ShipmentWithRecords['shipment']): Promise<void> {
    const now = await shop.ask((call) => shop.api.getOrder(shop.connection, shop.orderId, call), 'orders_read');
    if (!now || !isCancelled({ statusId: now.order.status_id, archived: now.order.is_deleted })) return;
    // Nobody else may have noticed; once, because the look that follows answers it.
    const { orderId } = shop;
    await insertHint(pool, { storeId, orderId, source: 'sweep', deliveryKey: `cancelled:${id}`, scope: null });
    throw new AppError(`Order ${shop.orderId} was cancelled in the shop: it is looked at before the shop is told.`, {
      kind: 'paused',
      code: 'cancelled_meanwhile',
      retryAfterMs: untilLookedAtMs,
    });
  }

  /** After the records, or the shopper gets a mail without tracking. Only from Shipped, which says that nothing is left. */
  async function completeOrder(shop: Shop, shipmentId: number): Promise<void> {
    const now = await shop.ask((call) => shop.api.getOrder(shop.connection, shop.orderId, call), 'orders_read');
    if (now?.order.status_id !== status.shipped) return;
    await noteStatusChange(pool, shipmentId, status.shipped);
    await shop.ask((call) => shop.api.setOrderStatus(shop.connection, shop.orderId, status.completed, call));
  }

  /**
   * Other parcels than before: a record whose parcel is no more, or has other units, is deleted before others take its units.
   * BigCommerce changes no units of a record (bigcommerce.md 3.4).
   */
  async function withoutSurplus(
    shop: Shop,
    known: ShipmentWithRecords,
    wanted: readonly ShopRecord[],
  ): Promise<ShipmentWithRecords> {
    const told = known.records.filter((record) => record.state !== 'withdrawn');
    const ofTheSame = (record: WriteBack) => wanted.find(({ parcel }) => parcel === record.parcel);
    const inDoubt = told.filter((record) => isOfOtherUnitsPerhaps(record, ofTheSame(record)));
    if (inDoubt.length === 0) return known;

    const inShop = await listRecords(shop);
    const surplus = inDoubt.filter((record) => {
      const found = inShop.find(({ id }) => id === record.recordId);
      const draft = ofTheSame(record)?.draft;
      return !draft || (found !== undefined && !hasUnits(found, draft));
    });
    await deleteRecords(shop, surplus, inShop, deps);
    for (const { parcel } of surplus) await closeWriteBack(pool, known.shipment.id, parcel, 'withdrawn', null);
    return { ...known, records: known.records.filter((record) => !surplus.includes(record)) };
  }

  /** One record: found where an earlier write put it, changed where it has an older number, created where there is none. */
  async function tellOne(shop: Shop, known: ShipmentWithRecords, { parcel, draft }: ShopRecord): Promise<void> {
    const { id } = known.shipment;
    const earlier = known.records.find((record) => record.parcel === parcel);
    if (earlier?.state === 'done' && earlier.trackingNumber === draft.tracking_number) return;

    if (earlier?.recordId && earlier.state !== 'withdrawn') {
      const changed = await change(shop, known, earlier.recordId, { parcel, draft });
      if (changed) return;
    }

    if (isUnresolved(earlier) || known.shopCountsUnits) {
      const found = await findOurs(shop, draft.tracking_number);
      if (found) {
        await openWriteBack(pool, id, parcel, draft.tracking_number, known.statusBefore, 0);
        return closeWriteBack(pool, id, parcel, 'done', found.id);
      }
    }
    const opened = await openWriteBack(pool, id, parcel, draft.tracking_number, known.statusBefore, limits.takeOverMs);
    if (!opened)
      throw unresolved(
        shop.orderId,
        limits.takeOverMs - (isUnresolved(earlier) ? earlier.ageMs : 0),
        'it is looked for',
      );
    await closeWriteBack(pool, id, parcel, 'done', await create(shop, id, parcel, draft));
  }

  /** The record that has an older number gets the new one. False where somebody deleted it: then it is made anew. */
  async function change(
    shop: Shop,
    known: ShipmentWithRecords,
    recordId: number,
    record: ShopRecord,
  ): Promise<boolean> {
    const { parcel, draft } = record;
    const { items: _items, order_address_id: _address, ...changes } = draft;
    // The same change twice is one change: no other try has to be waited for.
    await openWriteBack(pool, known.shipment.id, parcel, draft.tracking_number, known.statusBefore, 0);
    try {
      await shop.ask((call) => shop.api.updateShipment(shop.connection, shop.orderId, recordId, changes, call));
    } catch (error) {
      if (!isAppError(error) || error.kind !== 'not_found') throw error;
      await closeWriteBack(pool, known.shipment.id, parcel, 'withdrawn', null);
      return false;
    }
    await closeWriteBack(pool, known.shipment.id, parcel, 'done', recordId);
    return true;
  }

  /** Gives the record's id. An unknown outcome stays `unknown` in its row; one that was never sent leaves none. */
  async function create(shop: Shop, shipmentId: number, parcel: number, draft: ShopRecord['draft']): Promise<number> {
    try {
      return (await shop.ask((call) => shop.api.createShipment(shop.connection, shop.orderId, draft, call))).id;
    } catch (error) {
      if (!isAppError(error)) throw error;
      if (error.kind === 'outcome_unknown') {
        await closeWriteBack(pool, shipmentId, parcel, 'unknown', null);
        throw error;
      }
      // "More than is left to ship", or a conflict, may mean that an earlier write of ours arrived after all.
      const mayBeThere = error.kind === 'refused' || error.kind === 'conflict';
      const ours = mayBeThere ? await findOurs(shop, draft.tracking_number) : undefined;
      if (ours) return ours.id;
      await forgetWriteBack(pool, shipmentId, parcel);
      throw error;
    }
  }

  /** Our record in the shop, by its tracking number; a younger double of ours is removed. */
  async function findOurs(shop: Shop, trackingNumber: string): Promise<WireShipment | undefined> {
    const all = await listRecords(shop);
    const [oldest, ...doubles] = all.filter((s) => s.tracking_number === trackingNumber).sort((a, b) => a.id - b.id);
    for (const { id } of doubles) await deleteRecord(shop, id);
    return oldest;
  }
}

/** The parcel is no more; or it has another number, and so perhaps other units. One record of the whole shipment has them all. */
const isOfOtherUnitsPerhaps = (record: WriteBack, wanted: ShopRecord | undefined): boolean =>
  !wanted || (record.parcel > 0 && record.recordId !== null && record.trackingNumber !== wanted.draft.tracking_number);

const hasUnits = ({ items }: WireShipment, draft: ShopRecord['draft']): boolean =>
  items.length === draft.items.length &&
  draft.items.every((unit) =>
    items.some((i) => i.order_product_id === unit.order_product_id && i.quantity === unit.quantity),
  );

const shopRefusedStatus = (ref: ShipmentRef, error: AppError): Problem => ({
  code: 'shop_refused_status',
  field: 'order',
  problem: `The shop has the record of shipment ${ref.n} of order ${ref.orderId}, and did not set the order to Completed: ${error.words ?? error.message}`,
  remedy: 'Set the status in BigCommerce by hand and close this with "resolve"; "retry" sets it again.',
});

const shopRefusedRecord = (ref: ShipmentRef, error: AppError): Problem => ({
  code: 'shop_refused_shipment',
  field: 'order',
  problem: `The shop did not take the shipment record of shipment ${ref.n} of order ${ref.orderId}: ${error.words ?? error.message}`,
  remedy:
    'Look at the shipments of the order in BigCommerce; "retry" tells the shop again, "resolve" leaves it as it is.',
});

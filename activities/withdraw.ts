import type { OrderState, ShipmentRef } from '../workflows/contract.ts';
import { withdrawBooking } from '../src/booking/replaced-attempts.sql.ts';
import { inTransaction } from '../src/db/pool.ts';
import { AppError } from '../src/errors.ts';
import type { Call } from '../src/exchanges/exchange.ts';
import { cancelledAfterHandOver, isHandedOver } from '../src/orders/about-booked.ts';
import { lockShipment, setProblems, stopCancelling } from '../src/orders/shipments.sql.ts';
import { settleOrder } from '../src/orders/state.sql.ts';
import { addToTimeline } from '../src/orders/timeline.sql.ts';
import { admitStore } from '../src/stores/paused.ts';
import { statusToRestore } from '../src/write-back/status-to-restore.ts';
import { markRecordsWithdrawn, statusStory } from '../src/write-back/withdrawals.sql.ts';
import { shipmentWithRecords, type ShipmentWithRecords, type WriteBack } from '../src/write-back/write-backs.sql.ts';
import type { StepDeps } from './deps.ts';

export type WithdrawActivities = ReturnType<typeof createWithdrawActivities>;

export function createWithdrawActivities(
  deps: Pick<StepDeps, 'pool' | 'stores' | 'bigcommerce' | 'health' | 'limits' | 'now'>,
) {
  const { pool, stores, bigcommerce, health, limits, now } = deps;

  return {
    /**
     * Takes a shipment back that is to be cancelled: its records in the shop are deleted, the status that our writing had
     * changed is put back, and then it ends; its numbers stay watched. Safe to run again: what is gone stays gone. Where
     * Posti has scanned the parcel meanwhile it stays, and needs a person.
     *
     * @throws AppError of the shop (retryable, throttled, credentials); `write_back_unresolved` until an unknown write can be looked for
     */
    async withdrawShipment(ref: ShipmentRef): Promise<OrderState> {
      const known = await shipmentWithRecords(pool, ref);
      const records = known.records.filter((record) => record.state !== 'withdrawn');
      if (isToBeTakenBack(known) && records.length > 0) await deleteRecords(ref, known, records);
      return inTransaction(pool, async (tx) => {
        const shipment = await lockShipment(tx, ref);
        if (shipment.cancelling && isHandedOver(shipment)) {
          await stopCancelling(tx, shipment.id);
          await setProblems(tx, shipment.orderPk, ref.n, [cancelledAfterHandOver], now());
        } else if (isToBeTakenBack({ shipment })) {
          await markRecordsWithdrawn(tx, shipment.id);
          await withdrawBooking(tx, shipment.id, records.length > 0);
          const words = `Cancelled${records.length > 0 ? '; the shop has no record of it any more' : ''}.`;
          await addToTimeline(tx, shipment.orderPk, { n: ref.n, what: 'cancelled', words });
        }
        return settleOrder(tx, ref);
      });
    },
  };

  async function deleteRecords(ref: ShipmentRef, known: ShipmentWithRecords, records: readonly WriteBack[]) {
    admitStore(await stores.get(ref.storeHash));
    const connection = await stores.connection(ref.storeHash);
    const call: Call = { about: { ...ref, shipment: ref.n } };
    const ask = <T>(work: () => Promise<T>): Promise<T> =>
      health.guard({ system: 'bigcommerce', account: ref.storeHash }, work);

    const inShop = await ask(() => bigcommerce.listShipments(connection, ref.orderId, call));
    const ours = inShop.filter((s) =>
      records.some((r) => r.recordId === s.id || (r.trackingNumber !== null && r.trackingNumber === s.tracking_number)),
    );
    for (const record of ours) {
      await ask(() => bigcommerce.deleteShipment(connection, ref.orderId, record.id, call));
    }
    // A write whose outcome nobody knows may still arrive, until its sender can't be waiting any more.
    const waitMs = Math.max(0, ...records.map((r) => (isStillOpen(r, ours) ? limits.takeOverMs - r.ageMs : 0)));
    if (waitMs > 0) throw mayStillArrive(ref.orderId, waitMs);

    const story = await statusStory(pool, known.shipment.orderPk, known.shipment.id);
    const order = await ask(() => bigcommerce.getOrder(connection, ref.orderId, call));
    if (!order) return;
    const status = statusToRestore(order.order.status_id, story, inShop.length - ours.length);
    if (status === null) return;
    await ask(() => bigcommerce.setOrderStatus(connection, ref.orderId, status, call));
  }
}

const isToBeTakenBack = ({ shipment }: Pick<ShipmentWithRecords, 'shipment'>): boolean =>
  shipment.cancelling && (shipment.phase === 'planned' || shipment.phase === 'booked') && !isHandedOver(shipment);

const isStillOpen = (record: WriteBack, found: readonly { readonly tracking_number: string | null }[]): boolean =>
  (record.state === 'sent' || record.state === 'unknown') &&
  record.recordId === null &&
  !found.some((s) => s.tracking_number === record.trackingNumber);

const mayStillArrive = (orderId: number, waitMs: number) =>
  new AppError(`Order ${orderId}: an earlier write to the shop may still arrive; it is taken back after that.`, {
    kind: 'paused',
    code: 'write_back_unresolved',
    retryAfterMs: Math.ceil(waitMs) + 50,
  });

import type { OrderState, ShipmentRef } from '../workflows/contract.ts';
import { withdrawBooking } from '../src/booking/replaced-attempts.sql.ts';
import { inTransaction } from '../src/db/pool.ts';
import { cancelledAfterHandOver, isHandedOver } from '../src/orders/about-booked.ts';
import { lockShipment, setProblems, stopCancelling } from '../src/orders/shipments.sql.ts';
import { settleOrder } from '../src/orders/state.sql.ts';
import { addToTimeline } from '../src/orders/timeline.sql.ts';
import { statusToRestore } from '../src/write-back/status-to-restore.ts';
import { markRecordsWithdrawn, statusStory } from '../src/write-back/withdrawals.sql.ts';
import { shipmentWithRecords, type ShipmentWithRecords, type WriteBack } from '../src/write-back/write-backs.sql.ts';
import type { StepDeps } from './deps.ts';
import { deleteRecords, listRecords, openShop } from './shop-door.ts';

export type WithdrawActivities = ReturnType<typeof createWithdrawActivities>;

export function createWithdrawActivities(
  deps: Pick<StepDeps, 'pool' | 'stores' | 'bigcommerce' | 'health' | 'limits' | 'speed' | 'now'>,
) {
  const { pool, now } = deps;

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
      if (isToBeTakenBack(known) && records.length > 0) await takeRecordsBack(ref, known, records);
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

  async function takeRecordsBack(ref: ShipmentRef, known: ShipmentWithRecords, records: readonly WriteBack[]) {
    const shop = await openShop(deps, ref);
    const left = await deleteRecords(shop, records, await listRecords(shop), deps);
    const story = await statusStory(pool, known.shipment.orderPk, known.shipment.id);
    const order = await shop.ask((call) => shop.api.getOrder(shop.connection, ref.orderId, call));
    if (!order) return;
    const status = statusToRestore(order.order.status_id, story, left);
    if (status === null) return;
    await shop.ask((call) => shop.api.setOrderStatus(shop.connection, ref.orderId, status, call));
  }
}

const isToBeTakenBack = ({ shipment }: Pick<ShipmentWithRecords, 'shipment'>): boolean =>
  shipment.cancelling && (shipment.phase === 'planned' || shipment.phase === 'booked') && !isHandedOver(shipment);

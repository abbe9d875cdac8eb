import type { OrderState, ShipmentRef } from '../workflows/contract.ts';
import { withdrawBooking } from '../src/booking/replaced-attempts.sql.ts';
import { inTransaction } from '../src/db/pool.ts';
import { handedOverMeanwhile, isHandedOver } from '../src/orders/about-booked.ts';
import { lockShipment, lookForWhatIsFreed, setProblems, stopCancelling } from '../src/orders/shipments.sql.ts';
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
      for (;;) {
        const known = await shipmentWithRecords(pool, ref);
        const records = known.records.filter((record) => record.state !== 'withdrawn');
        const wasTold = records.length > 0;
        const othersTold = wasTold && isToBeTakenBack(known) && (await takeRecordsBack(ref, known, records));
        const state = await endShipment(ref, { wasTold, othersTold });
        if (state) return state;
      }
    },
  };

  /** Deletes the records and puts the status back. Gives whether the shop was told of other shipments, to which the status was left then. */
  async function takeRecordsBack(ref: ShipmentRef, known: ShipmentWithRecords, records: readonly WriteBack[]) {
    const shop = await openShop(deps, ref);
    const left = await deleteRecords(shop, records, await listRecords(shop), deps);
    const story = await statusStory(pool, known.shipment.orderPk, known.shipment.id);
    const order = await shop.ask((call) => shop.api.getOrder(shop.connection, ref.orderId, call));
    const status = order && statusToRestore(order.order.status_id, story, left);
    if (typeof status === 'number')
      await shop.ask((call) => shop.api.setOrderStatus(shop.connection, ref.orderId, status, call));
    return story.othersTold;
  }

  /** Undefined where the last of the others was taken back meanwhile: then the order's status is this shipment's to put back. */
  function endShipment(
    ref: ShipmentRef,
    { wasTold, othersTold }: { readonly wasTold: boolean; readonly othersTold: boolean },
  ): Promise<OrderState | undefined> {
    return inTransaction(pool, async (tx) => {
      const shipment = await lockShipment(tx, ref);
      if (shipment.cancelling && isHandedOver(shipment)) {
        await stopCancelling(tx, shipment.id);
        await setProblems(tx, shipment.orderPk, ref.n, [handedOverMeanwhile], now());
      } else if (isToBeTakenBack({ shipment })) {
        if (othersTold && !(await statusStory(tx, shipment.orderPk, shipment.id)).othersTold) return undefined;
        await markRecordsWithdrawn(tx, shipment.id);
        await lookForWhatIsFreed(tx, shipment.orderPk, ref.n);
        await withdrawBooking(tx, shipment.id, wasTold);
        const words = `Cancelled${wasTold ? '; the shop has no record of it any more' : ''}.`;
        await addToTimeline(tx, shipment.orderPk, { n: ref.n, what: 'cancelled', words });
      }
      return settleOrder(tx, ref);
    });
  }
}

const isToBeTakenBack = ({ shipment }: Pick<ShipmentWithRecords, 'shipment'>): boolean =>
  shipment.cancelling && (shipment.phase === 'planned' || shipment.phase === 'booked') && !isHandedOver(shipment);

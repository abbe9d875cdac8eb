import { isWithdrawalRefused, type OrderState } from '../src/domain/order-state.ts';
import type { ShipmentRef } from '../src/domain/order-ref.ts';
import type { WireShipment } from '../src/bigcommerce/api.ts';
import type { Problem } from '../src/domain/problem.ts';
import { withdrawBooking } from '../src/booking/replaced-attempts.sql.ts';
import { inTransaction } from '../src/db/pool.ts';
import { AppError, isAppError } from '../src/errors.ts';
import { handedOverMeanwhile } from '../src/planning/about-booked.ts';
import { wasScanned } from '../src/domain/delivery-status.ts';
import { setProblems } from '../src/shipments/problems.sql.ts';
import { lockShipment } from '../src/shipments/shipments.sql.ts';
import { lookForWhatIsFreed, stopCancelling } from '../src/shipments/transitions.sql.ts';
import { settleOrder } from '../src/orders/state.sql.ts';
import { addToTimeline } from '../src/orders/timeline.sql.ts';
import { statusToRestore } from '../src/write-back/status-to-restore.ts';
import { markRecordsWithdrawn, statusStory } from '../src/write-back/withdrawals.sql.ts';
import { shipmentWithRecords, type ShipmentWithRecords, type WriteBack } from '../src/write-back/write-backs.sql.ts';
import type { StepDeps } from './deps.ts';
import { deleteRecords, isRefusal, listRecords, openShop, type Shop } from './shop-door.ts';

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
     * What the shop refuses needs a person, with the shop's words: nothing is tried again before a "retry".
     *
     * @throws AppError of the shop (retryable, throttled, credentials, locked); `write_back_unresolved` until an unknown write can be looked for
     */
    async withdrawShipment(ref: ShipmentRef): Promise<OrderState> {
      for (;;) {
        const known = await shipmentWithRecords(pool, ref);
        const records = known.records.filter((record) => record.state !== 'withdrawn');
        const wasTold = records.length > 0;
        let othersTold: boolean;
        try {
          othersTold = wasTold && isToBeTakenBack(known) && (await takeRecordsBack(ref, known, records));
        } catch (error) {
          if (!isRefusal(error)) throw error;
          return await askPerson(ref, error);
        }
        const state = await endShipment(ref, { wasTold, othersTold });
        if (state) return state;
      }
    },
  };

  /** Deletes the records and puts the status back. Gives whether the shop was told of other shipments, to which the status was left then. */
  async function takeRecordsBack(ref: ShipmentRef, known: ShipmentWithRecords, records: readonly WriteBack[]) {
    const shop = await openShop(deps, ref);
    const left = await deleteRecords(shop, records, await recordsOfOrder(shop), deps);
    const story = await statusStory(pool, known.shipment.orderPk, known.shipment.id);
    const order = await shop.ask((call) => shop.api.getOrder(shop.connection, ref.orderId, call), 'orders_read');
    const status = order && statusToRestore(order.order.status_id, story, left);
    if (typeof status === 'number')
      await shop.ask((call) => shop.api.setOrderStatus(shop.connection, ref.orderId, status, call));
    return story.othersTold;
  }

  /** @throws the shop's own refusal, to be tried again in an hour, where another need of the shipment is named before it */
  async function askPerson(ref: ShipmentRef, error: AppError): Promise<OrderState> {
    const state = await inTransaction(pool, async (tx) => {
      const shipment = await lockShipment(tx, ref);
      if (isToBeTakenBack({ shipment }) && shipment.attentionCode !== refusedWithdrawal) {
        await setProblems(tx, shipment.orderPk, ref.n, [shopKeepsRecord(ref, error)], now());
        const words = 'Needs attention: the shop refused to take its record back.';
        await addToTimeline(tx, shipment.orderPk, { n: ref.n, what: refusedWithdrawal, words });
      }
      return settleOrder(tx, ref);
    });
    if (state.shipments.some((s) => s.n === ref.n && s.cancelling && !isWithdrawalRefused(s))) {
      const { kind, code } = error;
      throw new AppError(error.message, { kind, code, retryAfterMs: anHourMs, cause: error });
    }
    return state;
  }

  /** Undefined where the last of the others was taken back meanwhile: then the order's status is this shipment's to put back. */
  function endShipment(
    ref: ShipmentRef,
    { wasTold, othersTold }: { readonly wasTold: boolean; readonly othersTold: boolean },
  ): Promise<OrderState | undefined> {
    return inTransaction(pool, async (tx) => {
      const shipment = await lockShipment(tx, ref);
      if (shipment.cancelling && wasScanned(shipment)) {
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

const anHourMs = 60 * 60_000;
const refusedWithdrawal = 'shop_refused_withdrawal';

const shopKeepsRecord = (ref: ShipmentRef, error: AppError): Problem => ({
  code: 'shop_refused_withdrawal',
  field: 'order',
  problem: `Shipment ${ref.n} of order ${ref.orderId} is being cancelled, and the shop refused to take its record back: ${error.words ?? error.message}`,
  remedy:
    'Delete the shipment in BigCommerce by hand and set the status of the order as it should be; then "retry" ends the shipment here.',
});

/** None of an order that the shop does not have any more. */
const recordsOfOrder = (shop: Shop): Promise<WireShipment[]> =>
  listRecords(shop).catch((error: unknown) => {
    if (isAppError(error) && error.kind === 'not_found') return [];
    throw error;
  });

const isToBeTakenBack = ({ shipment }: Pick<ShipmentWithRecords, 'shipment'>): boolean =>
  shipment.cancelling && (shipment.phase === 'planned' || shipment.phase === 'booked') && !wasScanned(shipment);

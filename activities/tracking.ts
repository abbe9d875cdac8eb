import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { OrderState } from '../src/domain/order-state.ts';
import type { ShipmentRef } from '../src/domain/order-ref.ts';
import type { DeliveryStatus } from '../src/domain/delivery-status.ts';
import type { TrackedParcel } from '../src/carriers/port.ts';
import { inTransaction } from '../src/db/pool.ts';
import { isAppError } from '../src/errors.ts';
import { settleOrder } from '../src/orders/state.sql.ts';
import { pollInterval } from '../src/tracking/poll-interval.ts';
import { followTimings, type FollowTimings } from '../src/tracking/store-timings.ts';
import { keepScans, liveTrackingNumbers } from '../src/tracking/tracking.sql.ts';
import type { StepDeps } from './deps.ts';

export type TrackingActivities = ReturnType<typeof createTrackingActivities>;

export function createTrackingActivities(deps: Pick<StepDeps, 'pool' | 'stores' | 'carriers' | 'health' | 'now'>) {
  const { pool, stores, carriers, health, now } = deps;

  return {
    /**
     * Looks how far the parcels of a booked shipment have come. "Nothing new" is a benign failure with the time of the next
     * look, so that days of waiting are one step of the workflow; it returns only with news that the workflow has to act on.
     * News is what differs from what the workflow knows, and not what this try wrote: one that wrote it may have been
     * killed before the workflow heard of it.
     *
     * @param attentionSoFar what the workflow knows that the shipment needs a person for; left out by workflows of before
     * @throws ApplicationFailure `nothing_new` (benign); AppError of the carrier (retryable, throttled, credentials)
     */
    async followParcels(
      ref: ShipmentRef,
      soFar: DeliveryStatus,
      house: FollowTimings,
      attentionSoFar?: string | null,
    ): Promise<OrderState> {
      const timings = followTimings((await stores.settings(ref.storeHash)).settings, house);
      const numbers = await liveTrackingNumbers(pool, ref);
      if (numbers.length === 0) return inTransaction(pool, (tx) => settleOrder(tx, ref));
      // Scheduled right after a booking or after news: the next look is due an interval later, not at once.
      const untilDue = pollInterval(soFar, timings.poll);
      if (activityInfo().attempt === 1 && untilDue !== null) throw nothingNew('the next look is due later', untilDue);

      const state = await keep(ref, await track(ref, numbers), timings);
      const found = state.shipments.find(({ n }) => n === ref.n);
      const attention = found?.attention?.code ?? null;
      if (untilDue === null || found?.phase !== 'booked' || found.deliveryStatus !== soFar) return state;
      if (attentionSoFar !== undefined && attention !== attentionSoFar) return state;
      throw nothingNew(soFar.replaceAll('_', ' '), untilDue);
    },

    /**
     * Asks Posti once whether the parcels of a booked shipment were scanned, before something is decided that only holds
     * while they were not. Where Posti can't be asked, what is known already has to do: nobody's command waits for it.
     */
    async seeParcels(ref: ShipmentRef, house: FollowTimings): Promise<OrderState> {
      const timings = followTimings((await stores.settings(ref.storeHash)).settings, house);
      const numbers = await liveTrackingNumbers(pool, ref);
      const settle = () => inTransaction(pool, (tx) => settleOrder(tx, ref));
      if (numbers.length === 0) return settle();
      const tracked = await track(ref, numbers).catch((error: unknown) => {
        if (isAppError(error)) return null;
        throw error;
      });
      // A parcel that Posti could not be asked about is not called silent.
      return tracked ? keep(ref, tracked, timings) : settle();
    },
  };

  async function track(ref: ShipmentRef, numbers: readonly string[]): Promise<readonly TrackedParcel[]> {
    const { carrier, account } = await carriers.of(ref.storeHash);
    const call = { about: { ...ref, shipment: ref.n }, signal: cancellationSignal() };
    return health.guard({ system: 'posti_tracking', account }, () => carrier.track(numbers, call));
  }

  /** In one transaction, so that what was kept of a shipment is never without its order's phase. */
  function keep(ref: ShipmentRef, tracked: readonly TrackedParcel[], { silence }: FollowTimings): Promise<OrderState> {
    return inTransaction(pool, async (tx) => {
      await keepScans(tx, ref, tracked, silence, now());
      return settleOrder(tx, ref);
    });
  }
}

/** `words` are what support reads in the pending activity. */
const nothingNew = (words: string, waitMs: number) =>
  ApplicationFailure.create({
    type: 'nothing_new',
    message: `Nothing new: ${words}.`,
    nextRetryDelay: Math.max(20, Math.round(waitMs)),
    category: ApplicationFailureCategory.BENIGN,
  });

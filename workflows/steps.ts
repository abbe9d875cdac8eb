import { proxyActivities } from '@temporalio/workflow';
import type { BookingActivities } from '../activities/booking.ts';
import type { CommandActivities } from '../activities/commands.ts';
import type { LabelActivities } from '../activities/labels.ts';
import type { OrderActivities } from '../activities/orders.ts';
import type { TrackingActivities } from '../activities/tracking.ts';
import type { WithdrawActivities } from '../activities/withdraw.ts';
import type { WriteBackActivities } from '../activities/write-back.ts';
import { taskQueues, type Timings } from './contract.ts';

/**
 * The steps of an order, by whom they talk to: their retry class hangs on that. No attempt limit anywhere: what retrying
 * can't mend is a state in Postgres that waits for a person, not a failed workflow.
 */
export function stepsWith({ retry, tryTimeout }: Timings) {
  const patient = {
    startToCloseTimeout: tryTimeout,
    retry: { initialInterval: retry.first, backoffCoefficient: 2, maximumInterval: retry.longest },
    // Explicit: the SDK's real default is to try, which drops the result of a try in flight.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  } as const;
  return {
    own: proxyActivities<CommandActivities>({
      ...patient,
      retry: { ...patient.retry, maximumInterval: Math.min(5_000, retry.longest) },
    }),
    shop: proxyActivities<OrderActivities & WriteBackActivities & WithdrawActivities>(patient),
    carrier: proxyActivities<BookingActivities & LabelActivities & TrackingActivities>({
      ...patient,
      taskQueue: taskQueues.posti,
    }),
  };
}

export type Steps = ReturnType<typeof stepsWith>;

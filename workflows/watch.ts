import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { HookWatchActivities } from '../activities/hooks.ts';
import type { PickupPointActivities } from '../activities/pickup-points.ts';
import type { WatchActivities } from '../activities/watch.ts';
import { taskQueues } from './contract.ts';

const steady = {
  startToCloseTimeout: '20 minutes',
  heartbeatTimeout: '2 minutes', // longer than any single request
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
} as const;

const { watchAttempts, proposePickupPoints } = proxyActivities<WatchActivities & PickupPointActivities>({
  ...steady,
  taskQueue: taskQueues.posti,
});
const { watchHooks } = proxyActivities<HookWatchActivities>(steady);

/** What is watched beside the orders: bookings that are not our live ones, pickup points to propose, and the shops' hooks. */
export async function watch(): Promise<void> {
  const [attempts, points, hooks] = await Promise.all([watchAttempts(), proposePickupPoints(), watchHooks()]);
  setCurrentDetails(
    [
      `${attempts.watched} orphans and replaced labels watched: ${attempts.confirmed} found at Posti, ${attempts.cleared} cleared, ${attempts.scanned} scanned.`,
      `Pickup points were proposed for ${points.proposed} of ${points.sought} shipments.`,
      `Hooks of ${hooks.stores} stores looked at, ${hooks.mended} mended, ${hooks.failed} out of reach.`,
    ].join('\n\n'),
  );
}

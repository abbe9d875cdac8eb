import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { ErasureActivities } from '../activities/erasure.ts';

const { eraseWhatIsDue } = proxyActivities<ErasureActivities>({
  summary: 'Erase people whose time is over, or who asked for it',
  startToCloseTimeout: '6 hours',
  heartbeatTimeout: '2 minutes',
  retry: { initialInterval: '5 seconds', backoffCoefficient: 2, maximumInterval: '10 minutes' },
});

/** Erases, once a day, the people of orders that were over for longer than their store keeps them. */
export async function erasure(): Promise<void> {
  const { over, asked, exchanges } = await eraseWhatIsDue();
  setCurrentDetails(
    `Erased: ${over} orders whose time was over, ${asked} on request, the bodies of ${exchanges} other calls.`,
  );
}

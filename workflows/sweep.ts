import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { SweepActivities } from '../activities/sweep.ts';
import type { SweepInput } from './contract.ts';

/**
 * Finds what webhooks missed in one store. A run that fails is tried again until it succeeds, because the next one of the
 * schedule is skipped meanwhile; each try goes on from what the one before saved.
 */
export async function sweep({ storeHash }: SweepInput): Promise<void> {
  const { sweepOrders } = proxyActivities<SweepActivities>({
    summary: `Read what changed in store ${storeHash}`,
    startToCloseTimeout: '2 hours', // the first run of a large store reads its whole look-back
    heartbeatTimeout: '1 minute',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  });
  const { skipped, read, differing } = await sweepOrders({ storeHash });
  setCurrentDetails(
    skipped
      ? `Store ${storeHash} is ${skipped}: nothing was read.`
      : `Read ${read} orders of store ${storeHash}; ${differing} of them differ from what we know and will be looked at.`,
  );
}

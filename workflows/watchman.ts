import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';
import type { WatchmanActivities } from '../activities/watchman.ts';

const { startWhatIsDue } = proxyActivities<WatchmanActivities>({
  summary: 'Start the orders that are due and do not run',
  startToCloseTimeout: '10 minutes',
  heartbeatTimeout: '1 minute',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/** Starts every order that Postgres calls due and the engine does not run. */
export async function watchman(): Promise<void> {
  const { due, running, started } = await startWhatIsDue();
  setCurrentDetails(`${due} orders are due: ${running} run, ${started} are started.`);
}

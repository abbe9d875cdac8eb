import { proxyActivities } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** What any order costs the engine at least: five steps, one after the other, that do nothing. */
export async function bare(): Promise<void> {
  for (let step = 0; step < 5; step++) await nothing();
}

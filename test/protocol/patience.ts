import { setTimeout as delay } from 'node:timers/promises';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { isAppError } from '../../src/errors.ts';

/** Runs one try of a step, as a worker does. Trouble is the subject here, so that it is not logged. */
export const runStep = <T>(work: () => Promise<T>, { attempt = 1 } = {}): Promise<T> =>
  new MockActivityEnvironment({ attempt }, { logger: new DefaultLogger('ERROR') }).run(work);

/** Runs a step as the engine does: again after the delay that its failure names, else after a growing one. */
export async function withPatience<T>(work: () => Promise<T>, within = 15_000): Promise<T> {
  const deadline = performance.now() + within;
  for (let tries = 0; ; tries++) {
    try {
      return await runStep(work);
    } catch (error) {
      if (!isAppError(error) || performance.now() > deadline) throw error;
      await delay(error.retryAfterMs ?? Math.min(500, 20 * 2 ** tries));
    }
  }
}

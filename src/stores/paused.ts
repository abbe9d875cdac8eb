import { AppError } from '../errors.ts';
import type { Store } from './store.ts';

/** A paused store is asked about this often: its orders go on by themselves so soon after it was resumed. */
const again = { afterMs: 30_000, atLeastMs: 50 };

/**
 * The door through which every step goes that books at the carrier or writes to the shop. Where a person has paused the
 * store the step waits in the engine, and says for what; reading orders and following parcels goes on.
 *
 * @param speed how many times faster than real the wait is; 1 outside of demos and tests
 * @throws AppError `store_paused`
 */
export function admitStore({ storeHash, state }: Pick<Store, 'storeHash' | 'state'>, speed: number): void {
  if (state !== 'paused') return;
  throw new AppError(`Store ${storeHash} is paused: nothing is booked for it or written to it until it is resumed.`, {
    kind: 'paused',
    code: 'store_paused',
    retryAfterMs: Math.max(again.atLeastMs, Math.round(again.afterMs / speed)),
  });
}

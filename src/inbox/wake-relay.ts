import type { Pool } from '../db/pool.ts';
import { notifyRelay } from './inbox.sql.ts';

export interface WakeRelayDeps {
  readonly pool: Pool;
  /** Milliseconds between two notifications. Default 50. */
  readonly everyMs?: number;
}

/**
 * Tells the relay that something was kept: at once after a quiet time, and else once for all that was kept meanwhile.
 * To be called after the commit. What gets lost, with this process or with the database, costs the relay's poll at most.
 */
export function createRelayWaker({ pool, everyMs = 50 }: WakeRelayDeps): () => void {
  let timer: NodeJS.Timeout | undefined;
  let again = false;

  function tell(): void {
    again = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (again) tell();
    }, everyMs);
    timer.unref();
    notifyRelay(pool).catch(() => {});
  }

  return () => {
    if (timer) again = true;
    else tell();
  };
}

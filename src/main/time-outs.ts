import type { Config } from '../config.ts';
import { timingsAt } from '../temporal/timings.ts';
import { tryLimits, type TryLimits } from '../health/try-limits.ts';
import type { Timings } from '../../workflows/contract.ts';

/** The time-outs of a process by who is given them: each part takes its own field whole, so that none gets another's. */
export interface TimeOuts {
  readonly sender: { readonly timeouts: { readonly total: number } };
  readonly engine: { readonly timings: Timings };
  readonly shopBudget: { readonly waitMs: number };
  readonly steps: { readonly limits: TryLimits };
}

/** Longest wait for a turn within the shop's quota: whoever gets none comes back later. */
const longestWaitMs = 2_000;

/** @see TryLimits for what must end before what. */
export function timeOutsOf({
  httpTimeoutMs,
  speed,
  pollSpeed,
}: Pick<Config, 'httpTimeoutMs' | 'speed' | 'pollSpeed'>): TimeOuts {
  const limits = tryLimits(httpTimeoutMs);
  return {
    sender: { timeouts: { total: limits.httpMs } },
    engine: { timings: { ...timingsAt(speed, pollSpeed), tryTimeout: limits.tryMs } },
    shopBudget: { waitMs: Math.min(longestWaitMs, limits.httpMs / 4) },
    steps: { limits },
  };
}

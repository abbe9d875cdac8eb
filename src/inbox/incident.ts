import type { Logger } from 'pino';

export interface IncidentState {
  readonly since: Date;
  readonly failures: number;
  /** Of the last failure; free of personal data. */
  readonly problem: string;
}

export interface Incident {
  /**
   * Logged once until it is over. What began (`performance.now()`) before something else went through says nothing of now:
   * its deadline only ran out later.
   */
  failed(error: unknown, beganAt?: number): void;
  /** Something went through. */
  over(): void;
  /** How many things may be tried now: all that fit, one to see whether it is over, or none yet. */
  allowed(fitting: number): number;
  state(): IncidentState | null;
}

const firstPauseMs = 200;
const longestPauseMs = 5_000;

/** The trouble with one system, from its first failure until something goes through again. */
export function createIncident(system: 'database' | 'engine', log: Pick<Logger, 'info' | 'warn'>): Incident {
  let state: IncidentState | null = null;
  let nextProbeAt = 0;
  let wentThroughAt = -Infinity;

  return {
    failed(error, beganAt = performance.now()) {
      if (!state && beganAt < wentThroughAt) return;
      const problem = error instanceof Error ? error.message : String(error);
      if (!state) log.warn({ err: error, system }, 'the relay cannot dispatch; what came in waits in the inbox');
      state = { since: state?.since ?? new Date(), failures: (state?.failures ?? 0) + 1, problem };
      nextProbeAt = performance.now() + Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(state.failures - 1, 10));
    },
    over() {
      wentThroughAt = performance.now();
      if (!state) return;
      log.info({ system, since: state.since, failures: state.failures }, 'the relay dispatches again');
      state = null;
    },
    allowed(fitting) {
      if (!state) return fitting;
      return performance.now() < nextProbeAt ? 0 : Math.min(fitting, 1);
    },
    state: () => state,
  };
}

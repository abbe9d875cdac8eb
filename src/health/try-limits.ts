/**
 * How long one try of a step may live, from the inside out: HTTP gives up before the engine does, and the engine before
 * anybody calls an attempt unknown. So nobody is still waiting for an answer when another asks again.
 */
export interface TryLimits {
  /** Total time of one HTTP request. */
  readonly httpMs: number;
  /** Start-to-close of one try. */
  readonly tryMs: number;
  /** Earliest time after sending at which an attempt may be taken over. */
  readonly takeOverMs: number;
}

export const tryLimits = (httpMs: number): TryLimits => ({
  httpMs,
  tryMs: Math.round(httpMs * 1.5),
  takeOverMs: httpMs * 2,
});

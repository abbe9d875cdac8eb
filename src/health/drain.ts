/** What was measured of a queue over some time. */
export interface Measured {
  readonly waiting: number;
  /** In those seconds: what left the queue, and what came into it. */
  readonly done: number;
  readonly came: number;
  readonly seconds: number;
}

/** Less says nothing of a rate. */
const leastSeconds = 5;
const leastDone = 5;

/**
 * In how many seconds nothing will wait any more at the measured rate. Null where nothing waits, where too little was
 * measured to say, or where as much comes as is done. Pure.
 */
export function drainsInSeconds({ waiting, done, came, seconds }: Measured): number | null {
  if (waiting === 0 || seconds < leastSeconds || done < leastDone) return null;
  const perSecond = (done - came) / seconds;
  return perSecond > 0 ? waiting / perSecond : null;
}

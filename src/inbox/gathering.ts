/** So many waiting hints are many: then they are gathered for as long as ever. */
export const manyHints = 1_000;

const longestIs = 10;

/**
 * How long hints are gathered while so many wait: a flood becomes fewer looks per order, and taking it in comes before
 * looking at it. At most ten times as long, so that no order waits without end.
 */
export function gatherWhile(waiting: number, gatherMs: number): number {
  return gatherMs * (1 + (longestIs - 1) * Math.min(1, waiting / manyHints));
}

/** Many orders are gathered at once: not a look for each. */
const shortestWakeMs = 50;

/** In how long to look for hints that have been gathered in `waitMs`: a moment after it, since a look before it finds nothing. */
export function lookForGatheredIn(waitMs: number): number {
  return Math.max(shortestWakeMs, waitMs + 1);
}

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** How long a hint waits that the engine did not take, after so many tries of it: twice as long each time, and a minute at most. */
export function pauseOfHint(tries: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** (Math.max(1, tries) - 1));
}

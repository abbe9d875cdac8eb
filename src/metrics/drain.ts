/** How much waited at a moment (milliseconds, of any clock that does not jump). */
export interface Level {
  readonly atMs: number;
  readonly waiting: number;
}

const windowMs = 5 * 60_000;

/** Remembers the last five minutes, and says in how many seconds nothing will wait any more at the rate of those. */
export function createDrainEstimate(): (level: Level) => number {
  let levels: Level[] = [];
  return (level) => {
    levels = [...levels.filter(({ atMs }) => level.atMs - atMs <= windowMs), level];
    // Work that began to come a moment ago says nothing of how fast it goes: count from when it was most.
    const most = levels.reduce((a, b) => (b.waiting >= a.waiting ? b : a));
    return drainSeconds(most, level);
  };
}

/** 0 where nothing waits; infinite where it does not become less. */
export function drainSeconds(before: Level, now: Level): number {
  if (now.waiting === 0) return 0;
  const perMs = (before.waiting - now.waiting) / (now.atMs - before.atMs);
  return perMs > 0 ? now.waiting / perMs / 1000 : Infinity;
}

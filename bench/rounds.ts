import { median } from './statistics.ts';

/**
 * Why a round on the embedded engine does not count: the machine was busy with something else. Judged by the bare
 * workflow, one at a time, in milliseconds. Null where it counts.
 */
export function voidRound(bare: readonly number[]): string | null {
  if (median(bare) > 150) return `the bare workflow took ${Math.round(median(bare))} ms at the median`;
  const longest = Math.max(...bare);
  return longest > 1_000 ? `a bare workflow took ${Math.round(longest)} ms` : null;
}

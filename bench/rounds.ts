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

/**
 * Rounds one after the other until `wanted` of them count, and at most twice as many: a machine that is always busy says
 * so instead of going on for ever. Gives all, the void ones too.
 */
export async function roundsThatCount<R extends { readonly void: string | null }>(
  wanted: number,
  oneRound: (words: string) => Promise<R>,
): Promise<R[]> {
  const seen: R[] = [];
  const counted = () => seen.filter((round) => round.void === null).length;
  while (counted() < wanted && seen.length < 2 * wanted) {
    seen.push(await oneRound(`round ${seen.length + 1}, ${counted()} of ${wanted} count so far`));
  }
  return seen;
}

import { createHash } from 'node:crypto';
import type { Mistake } from './list.ts';

/**
 * As many mistakes as asked for, out of all of them; the same seed chooses the same ones. A mistake keeps its place in the order while
 * others come and go, so that a change of the code does not make another sample.
 */
export function sampleOf(mistakes: readonly Mistake[], size: number, seed: number): Mistake[] {
  const seen = new Map<string, number>();
  return mistakes
    .map((mistake) => {
      const name = [mistake.file, mistake.mutator, mistake.from, mistake.to].join('\n');
      const nth = (seen.get(name) ?? 0) + 1;
      seen.set(name, nth);
      return { mistake, order: createHash('sha256').update(`${seed}\n${name}\n${nth}`).digest('hex') };
    })
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .slice(0, size)
    .map(({ mistake }) => mistake);
}

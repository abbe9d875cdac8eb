import { expect, test } from 'vitest';
import { gatherWhile, lookForGatheredIn, manyHints } from '../../../src/inbox/gathering.ts';

test.each([
  [0, 2_000],
  [manyHints / 2, 11_000],
  [manyHints, 20_000],
  [10 * manyHints, 20_000],
])('hints of an order are gathered while %i hints wait, for %i ms', (waiting, ms) =>
  expect(gatherWhile(waiting, 2_000)).toBe(ms),
);

test.each([
  [1_500, 1_501],
  [50, 51],
  [3, 50],
  [-20, 50],
])('hints that will have been gathered in %i ms are read after %i ms', (waitMs, ms) =>
  expect(lookForGatheredIn(waitMs)).toBe(ms),
);

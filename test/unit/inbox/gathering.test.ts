import { expect, test } from 'vitest';
import { gatherWhile, manyHints } from '../../../src/inbox/gathering.ts';

test.each([
  [0, 2_000],
  [manyHints / 2, 11_000],
  [manyHints, 20_000],
  [10 * manyHints, 20_000],
])('while %i hints wait, those of an order are gathered for %i ms', (waiting, ms) =>
  expect(gatherWhile(waiting, 2_000)).toBe(ms),
);

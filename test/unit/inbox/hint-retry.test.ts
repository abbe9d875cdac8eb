import { expect, test } from 'vitest';
import { pauseOfHint } from '../../../src/inbox/hint-retry.ts';

test.each([
  [1, 1_000],
  [2, 2_000],
  [6, 32_000],
  [7, 60_000],
  [5_000, 60_000],
])('a hint that the engine did not take at try %i waits for %i ms', (tries, ms) => expect(pauseOfHint(tries)).toBe(ms));

import { expect, test } from 'vitest';
import { voidRound } from '../../../bench/rounds.ts';
import { median, percentile, spread } from '../../../bench/statistics.ts';

test('a percentile is a value that was seen, by the nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(percentile(values, 0.99)).toBe(99);
  expect(percentile(values, 1)).toBe(100);
  expect(percentile(values, 0)).toBe(1);
  expect(median([3, 1, 2])).toBe(2);
  expect(spread([3, 1, 2], 1)).toBe('2.0 (1.0–3.0)');
  expect(() => percentile([], 0.5)).toThrow(RangeError);
});

test.each([
  ['counts while the bare workflow is quick', [60, 70, 990], null],
  ['is void when the bare workflow is slow at the median', [160, 151, 152], /152 ms at the median/],
  ['is void when a single bare workflow took more than a second', [60, 70, 1_001], /took 1001 ms/],
])('a round %s', (_name, bare, why) => {
  const found = voidRound(bare);
  if (why === null) expect(found).toBeNull();
  else expect(found).toMatch(why);
});

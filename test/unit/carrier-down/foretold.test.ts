import { expect, test } from 'vitest';
import { foretoldAtHalf, type Glance } from '../../carrier-down/outlook.ts';

const at = (second: number, waiting: number, left: number | null, drainSeconds = Infinity): Glance => ({
  ...{ at: second * 1_000, state: 'open', waiting, drainedAt: left === null ? null : (second + left) * 1_000 },
  metrics: { waiting, drainSeconds },
});
const bounds = { from: 10_000, most: 100, drainedAt: 60_000 };

test('the forecast counts what was said first once half was gone, against what was left then', () => {
  const glances = [at(9, 40, 5), at(20, 90, 80), at(30, 50, null, 20), at(40, 30, 15, 18), at(50, 10, 9)];
  expect(foretoldAtHalf(glances, bounds)).toEqual({ api: { said: 15, was: 20 }, metrics: { said: 20, was: 30 } });
});

test('the forecast is missing where no forecast was made between the half and the end', () => {
  expect(foretoldAtHalf([at(20, 90, 80, 70), at(40, 30, null), at(61, 0, null, 0)], bounds)).toEqual({
    api: null,
    metrics: null,
  });
});

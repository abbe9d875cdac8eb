import { expect, test } from 'vitest';
import { timingsAt } from '../../src/temporal/timings.ts';

const minute = 60_000;

test('looks at parcels may run at a pace of their own, which changes no other wait', () => {
  const [fast, calm] = [timingsAt(2_000), timingsAt(2_000, 60)];
  expect(calm.poll).toEqual({ beforeFirstScan: minute / 2, inTransit: 2 * minute, nearTheEnd: minute });
  expect({ ...calm, poll: fast.poll }).toEqual(fast);
});

test('without one they run as everything else does', () => {
  expect(timingsAt(1).poll).toEqual({ beforeFirstScan: 30 * minute, inTransit: 120 * minute, nearTheEnd: 60 * minute });
});

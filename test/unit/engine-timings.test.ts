import { expect, test } from 'vitest';
import { timingsAt } from '../../src/temporal/timings.ts';

const minute = 60_000;

test('a faster pace of looking at parcels changes no other wait', () => {
  const [fast, calm] = [timingsAt(2_000), timingsAt(2_000, 60)];
  expect(calm.poll).toEqual({ beforeFirstScan: minute / 2, inTransit: 2 * minute, nearTheEnd: minute });
  expect({ ...calm, poll: fast.poll }).toEqual(fast);
});

test('without a pace of their own, looks at parcels run like all other waits', () => {
  expect(timingsAt(1).poll).toEqual({ beforeFirstScan: 30 * minute, inTransit: 120 * minute, nearTheEnd: 60 * minute });
});

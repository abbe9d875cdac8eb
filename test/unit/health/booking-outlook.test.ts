import { expect, test } from 'vitest';
import type { BookingBacklog } from '../../../src/health/booking-backlog.sql.ts';
import { toOutlook } from '../../../src/health/booking-outlook.ts';
import { tryLimits } from '../../../src/health/try-limits.ts';

const at = new Date('2026-06-18T10:00:00Z');
const backlog = (changes: Partial<BookingBacklog> = {}): BookingBacklog => ({
  ...{ account: '3', state: 'open', reason: null, since: null, pausedUntil: null, at },
  ...{ waiting: 100, measuredSeconds: 59.6, booked: 70, planned: 20 },
  ...changes,
});

test('the outlook gives the measured rate per minute, and when the backlog will be gone', () => {
  expect(toOutlook(backlog()).measured).toEqual({ seconds: 60, bookedPerMinute: 70.5, plannedPerMinute: 20.1 });
  expect(toOutlook(backlog({ measuredSeconds: 60, booked: 70, planned: 20 })).drainedAt).toEqual(
    new Date(at.getTime() + 120_000),
  );
});

test('before anything is measured the rate is none, and no end is foretold', () => {
  const { measured, drainedAt } = toOutlook(backlog({ measuredSeconds: 0, booked: 0 }));
  expect(measured).toEqual({ seconds: 0, bookedPerMinute: 0, plannedPerMinute: 0 });
  expect(drainedAt).toBeNull();
});

test('the outlook has no rate while nothing can be booked', () =>
  expect(toOutlook(backlog({ state: 'closed', booked: 0 })).measured).toBeNull());

test('the HTTP time-out ends before that of the engine, and that before another worker takes an attempt over', () =>
  expect(tryLimits(20_001)).toEqual({ httpMs: 20_001, tryMs: 30_002, takeOverMs: 40_002 }));

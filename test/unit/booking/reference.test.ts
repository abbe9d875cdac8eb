import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bookingReference, parseBookingReference } from '../../../src/booking/reference.ts';

const parts = fc.record({
  storeNumber: fc.integer({ min: 1, max: 46_655 }),
  orderId: fc.integer({ min: 1, max: 9_999_999 }),
  n: fc.integer({ min: 1, max: 99 }),
  attempt: fc.integer({ min: 1, max: 9 }),
});

test('a reference names store, order, shipment and attempt', () =>
  expect(bookingReference({ storeNumber: 37, orderId: 10482, n: 1, attempt: 2 })).toBe('11-10482-1-2'));

test('every reference is read back as what it was made of, and is at most 17 characters without spaces', () =>
  fc.assert(
    fc.property(parts, (all) => {
      const reference = bookingReference(all);
      expect(reference).toMatch(/^\S{1,17}$/);
      expect(parseBookingReference(reference)).toEqual(all);
    }),
  ));

test('two attempts never share a reference', () =>
  fc.assert(
    fc.property(parts, parts, (a, b) => {
      const same = JSON.stringify(a) === JSON.stringify(b);
      expect(bookingReference(a) === bookingReference(b)).toBe(same);
    }),
  ));

test('a reference that Posti would not take is refused before it is sent', () =>
  expect(() => bookingReference({ storeNumber: 1, orderId: 123_456_789_012, n: 1, attempt: 10 })).toThrow(/17/));

test.each([0, -1, 1.5, NaN])('a reference with a part of %d is refused', (n) =>
  expect(() => bookingReference({ storeNumber: 1, orderId: 1, n, attempt: 1 })).toThrow(/positive whole n/),
);

test.each(['', '1-2-3', '1-02-3-4', 'A-2-3-4', '0-2-3-4', '1-2-3-4 ', '1-123456789012-1-10'])(
  'the text %j is not a reference of ours',
  (text) => expect(parseBookingReference(text)).toBeUndefined(),
);

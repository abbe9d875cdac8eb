import { describe, expect, test } from 'vitest';
import { silenceProblem } from '../../../src/tracking/silence.ts';
import type { DeliveryStatus } from '../../../src/domain/delivery-status.ts';

const day = 86_400_000;
const now = new Date('2026-06-20T08:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * day);
const limits = { beforeFirstScan: 2 * day, betweenScans: 5 * day };

interface Case {
  readonly status: DeliveryStatus;
  readonly bookedAt?: Date | null;
  readonly lastScanAt?: Date | null;
}
const codeOf = ({ status, bookedAt = daysAgo(30), lastScanAt = null }: Case) =>
  silenceProblem({ n: 3, bookedAt }, status, lastScanAt, limits, now)?.code ?? null;

describe('a parcel that was never scanned', () => {
  test.each<DeliveryStatus>(['unknown', 'registered'])(
    'a parcel that was never scanned and is %s needs attention after its own limit',
    (status) => {
      expect(codeOf({ status, bookedAt: daysAgo(2) })).toBe('no_scan_for_too_long');
      expect(codeOf({ status, bookedAt: new Date(daysAgo(2).getTime() + 1) })).toBeNull();
    },
  );

  test('a parcel that was never scanned is counted from its booking, though the carrier has its data', () =>
    expect(codeOf({ status: 'registered', bookedAt: daysAgo(3), lastScanAt: daysAgo(1) })).toBe(
      'no_scan_for_too_long',
    ));

  test('a parcel that is not booked is not missed', () =>
    expect(codeOf({ status: 'unknown', bookedAt: null })).toBeNull());
});

describe('a parcel on its way', () => {
  test.each<DeliveryStatus>(['received', 'in_transit', 'customs', 'out_for_delivery', 'ready_for_pickup', 'returning'])(
    'a parcel on its way that is %s needs attention when nothing was scanned for the longer limit',
    (status) => {
      expect(codeOf({ status, lastScanAt: daysAgo(5) })).toBe('silent_for_too_long');
      expect(codeOf({ status, lastScanAt: new Date(daysAgo(5).getTime() + 1) })).toBeNull();
    },
  );

  test('a parcel on its way is counted from its booking where no scan has a time', () => {
    expect(codeOf({ status: 'in_transit', bookedAt: daysAgo(5) })).toBe('silent_for_too_long');
    expect(codeOf({ status: 'in_transit', bookedAt: daysAgo(4) })).toBeNull();
  });
});

test.each<DeliveryStatus>(['delivered', 'returned'])('a parcel that is %s needs no more scans', (status) =>
  expect(codeOf({ status, lastScanAt: daysAgo(20) })).toBeNull(),
);

test('the attention for a silent parcel names the shipment and what to do', () => {
  for (const status of ['unknown', 'in_transit'] as const) {
    const said = silenceProblem({ n: 3, bookedAt: daysAgo(30) }, status, daysAgo(30), limits, now);
    expect(said).toMatchObject({ field: 'tracking', problem: expect.stringMatching(/shipment 3\b/i) as string });
    expect(said?.remedy).toMatch(/Hand it over|Ask Posti/);
  }
});

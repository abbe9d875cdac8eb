import type { DeliveryStatus } from '../domain/delivery-status.ts';
import type { Problem } from '../domain/problem.ts';

/** Milliseconds of silence after which a person should look. */
export interface SilenceLimits {
  readonly beforeFirstScan: number;
  readonly betweenScans: number;
}

/** What the carrier's silence about a booked shipment means for a person, or null while it is nothing unusual. */
export function silenceProblem(
  shipment: { readonly n: number; readonly bookedAt: Date | null },
  status: DeliveryStatus,
  lastScanAt: Date | null,
  limits: SilenceLimits,
  now: Date,
): Problem | null {
  if (status === 'delivered' || status === 'returned') return null;
  const beforeFirst = status === 'unknown' || status === 'registered';
  const since = (beforeFirst ? shipment.bookedAt : lastScanAt) ?? shipment.bookedAt;
  const limit = beforeFirst ? limits.beforeFirstScan : limits.betweenScans;
  if (!since || now.getTime() - since.getTime() < limit) return null;
  return beforeFirst
    ? {
        code: 'no_scan_for_too_long',
        field: 'tracking',
        problem: `Shipment ${shipment.n} has a label, but Posti has not scanned its parcel: it may still be in the warehouse.`,
        remedy: 'Hand it over; or cancel the shipment if it will not be sent.',
      }
    : {
        code: 'silent_for_too_long',
        field: 'tracking',
        problem: `Posti has said nothing of the parcel of shipment ${shipment.n} for a long time.`,
        remedy: 'Ask Posti about the parcel. Tracking goes on by itself.',
      };
}

import type { Booking, Parcel, Scan } from '../books.ts';
import { findEventKind } from './events.ts';
import { stepsOf, type Place } from './scripts.ts';

/**
 * All scans of a parcel up to `now`, in the order in which they were recorded: the pre-advice, what the script brought
 * since the hand-over, and what was added by hand (whose own time may be anything). Nothing moves by a timer.
 */
export function scansOf(booking: Booking, parcel: Parcel, now: Date): Scan[] {
  const scans = [scan(booking, 'ETT', new Date(booking.createdAt), 'sender'), ...parcel.addedScans];
  if (booking.handedOverAt !== undefined) {
    const start = new Date(booking.handedOverAt).getTime();
    for (const step of stepsOf(booking)) {
      const at = new Date(start + step.afterHours * 3_600_000);
      if (at <= now) scans.push(scan(booking, step.code, at, step.place, step.reason));
    }
  }
  return scans.toSorted((a, b) => a.recordedAt.localeCompare(b.recordedAt));
}

/** The status that the last recorded scan brought. */
export const statusOf = (scans: readonly Scan[]): string => scans.at(-1)?.status ?? 'WAITING';

export const isHandedOver = (booking: Booking, now: Date): boolean =>
  booking.handedOverAt !== undefined && new Date(booking.handedOverAt) <= now;

function scan(booking: Booking, code: string, at: Date, place: Place, reason?: string): Scan {
  const { sender, receiver } = booking;
  const where = {
    sender: { city: sender.city, countryCode: sender.country },
    sorting: { city: 'VANTAA', countryCode: 'FI' },
    destination: { city: receiver.city, countryCode: receiver.country },
    // Scans abroad show this for a city (posti.md 6.5).
    abroad: { city: 'ULKOMAILLA', countryCode: receiver.country },
  }[place];
  return {
    code,
    status: findEventKind(code)?.status ?? 'IN_TRANSPORT',
    at: at.toISOString(),
    recordedAt: at.toISOString(),
    ...where,
    ...(reason !== undefined && { reason }),
  };
}

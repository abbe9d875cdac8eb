import type { DeliveryStatus } from '../domain/delivery-status.ts';

/** One tracking event as a carrier reports it, normalised. */
export interface Scan {
  /** The carrier's event code, as it came. */
  readonly code: string;
  /** What the event says of the parcel, or null where it says nothing (a text message was sent, …). */
  readonly status: DeliveryStatus | null;
  /** Null where the carrier's time cannot be read for certain; then what the event says of the parcel may be of any time. */
  readonly at: Date | null;
  /** The carrier's own text of a time that cannot be read. */
  readonly atRaw?: string;
  readonly place: string | null;
  /** The carrier's words by language (fi, sv, en); no person is in them. */
  readonly texts: Readonly<Record<string, string>>;
}

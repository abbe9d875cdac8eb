import type { DeliveryStatus } from '../../workflows/contract.ts';

/** One tracking event as a carrier reports it, normalised. */
export interface Scan {
  /** The carrier's event code, as it came. */
  readonly code: string;
  /** What the event says of the parcel, or null where it says nothing (a text message was sent, …). */
  readonly status: DeliveryStatus | null;
  readonly at: Date;
  readonly place: string | null;
  /** The carrier's words by language (fi, sv, en); no person is in them. */
  readonly texts: Readonly<Record<string, string>>;
}

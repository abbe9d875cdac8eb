import type { Call } from '../exchanges/exchange.ts';
import type { Scan } from './scan.ts';

/** A carrier as the product sees it. Posti's adapter is src/carriers/posti/carrier.ts. */
export interface Carrier {
  readonly abilities: CarrierAbilities;
  /**
   * Creates a shipment. Never throws for what the carrier or the network did: the answer says which row of the outcome
   * table it is (docs/architecture.md, booking). Throws only for a bug, or when nothing was sent at all.
   */
  book(booking: Booking, call: Call): Promise<BookingAnswer>;
  /** Fetches a label by the link of a booking's answer. @throws AppError `refused` (gone), `retryable`, `credentials` */
  fetchLabel(link: string, call: Call): Promise<Uint8Array>;
  /** All scans of these parcels. Unknown numbers are left out. @throws AppError */
  track(trackingNumbers: readonly string[], call: Call): Promise<TrackedParcel[]>;
  /** Parcels that the carrier knows under one of our references. @throws AppError, `credentials` where there is no access */
  lookup(reference: string, call: Call): Promise<TrackedParcel[]>;
  /** Asks something harmless, to find out whether bookings would be taken in. @throws AppError when they would not */
  probe(call: Call): Promise<void>;
  /** A pickup point by its id, or undefined if the carrier has none such. @throws AppError */
  pickupPoint(country: string, id: string, call: Call): Promise<PickupPoint | undefined>;
  /** Working pickup points nearest to an address, nearest first. @throws AppError */
  nearestPickupPoints(query: PickupPointQuery, call: Call): Promise<PickupPoint[]>;
}

/** What a carrier can tell or undo; the booking protocol depends on it. */
export interface CarrierAbilities {
  /** Shipments can be found by our reference. */
  readonly lookup: boolean;
  /** A label can be had again at any time; without it, an answer that was lost is a label that nobody has. */
  readonly labelRefetch: boolean;
  readonly void: boolean;
  readonly chargedAtBooking: boolean;
}

/** A shipment to book, in units of ours: grams, millimetres, E.164, ISO 3166 alpha-2. */
export interface Booking {
  /** Ours, unique over all stores and attempts, ≤ 17 characters without spaces. */
  readonly reference: string;
  readonly contractNumber: string;
  readonly service: string;
  readonly addons: readonly string[];
  readonly sender: Party;
  readonly receiver: Party;
  readonly pickupPointId: string | null;
  readonly parcels: readonly { readonly weightGrams: number; readonly contents: string | null }[];
  readonly labelSize: LabelSize;
  /** Printed on the label, ≤ 30 characters. */
  readonly freeText: string | null;
}

export type LabelSize = 'A5' | '107x225';

/** A person or company with an address, already in the carrier's formats (src/booking/party.ts). */
export interface Party {
  readonly name: string;
  /** A second line of the name, where the labels are known to print it. */
  readonly contact: string | null;
  readonly address1: string;
  readonly address2: string | null;
  /** Empty where the country has none. */
  readonly postcode: string;
  readonly city: string;
  /** Only where it is part of a postal address, like in the United States; then it may be in `city`, too. */
  readonly state: string | null;
  readonly country: string;
  /** E.164: the number to call, of whatever kind. */
  readonly phone: string | null;
  /** E.164: a number that takes text messages. */
  readonly mobile: string | null;
  readonly email: string | null;
}

export interface BookedLabel {
  /** The carrier's word for the kind of print, like ADDRESSLABEL. */
  readonly kind: string;
  readonly media: string;
  readonly pdf: Uint8Array | null;
  readonly link: string | null;
}

/** The rows of the outcome table. The first that fits counts. */
export type BookingAnswer =
  | {
      readonly outcome: 'created';
      readonly carrierShipmentId: string | null;
      /** One per parcel, in the order of the booking's parcels. */
      readonly trackingNumbers: readonly string[];
      readonly labels: readonly BookedLabel[];
    }
  | { readonly outcome: 'refused'; readonly code: string; readonly words: string }
  | { readonly outcome: 'not_let_in'; readonly code: string; readonly status: number; readonly words: string }
  | { readonly outcome: 'not_created'; readonly code: string; readonly retryAfterMs: number | null }
  | { readonly outcome: 'unknown'; readonly code: string; readonly trackingNumbers: readonly string[] };

export interface TrackedParcel {
  readonly trackingNumber: string;
  readonly scans: readonly Scan[];
  readonly measuredWeightGrams: number | null;
  /** What tells whether a parcel that was found by reference is ours. */
  readonly service: string | null;
  readonly contractNumber: string | null;
  readonly destinationPostcode: string | null;
}

export interface PickupPoint {
  readonly id: string;
  readonly name: string;
  readonly street: string;
  readonly postcode: string;
  readonly city: string;
  readonly country: string;
  readonly locker: boolean;
  readonly distanceMetres: number | null;
}

export interface PickupPointQuery {
  readonly country: string;
  readonly postcode: string;
  readonly street: string | null;
  readonly city: string | null;
  readonly limit: number;
  /** Numeric product, like 2103. */
  readonly product: string | null;
  /** Which parcel lockers may be among them. */
  readonly lockers: 'any' | 'indoors' | 'none';
  /** Only those that take dangerous goods in limited quantities. */
  readonly limitedQuantities: boolean;
}

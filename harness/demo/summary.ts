import type { OrderPhase } from '../../src/domain/order-state.ts';
import { parseBookingReference } from '../../src/booking/reference.ts';
import type { PostiBooking } from '../posti.ts';

/** What a run comes to: the one JSON line at its end. */
export interface Summary {
  readonly orders: number;
  /** Shipments with a booking whose label can be used, and was not taken back. */
  readonly shipments: number;
  /** Parcels that Posti delivered. */
  readonly delivered: number;
  readonly ignored: number;
  readonly cancelled: number;
  readonly attention: number;
  /** Shipments with more than one usable label. */
  readonly duplicates: number;
  /** Bookings without a usable label. */
  readonly orphans: number;
  /** Bookings whose label could be used, and was replaced or taken back. */
  readonly takenBack: number;
  /** Labels of live bookings that we keep. */
  readonly labels: number;
  readonly seconds: number;
}

export interface ToSummarise {
  readonly phases: readonly (OrderPhase | null)[];
  /** Of the run's orders alone, from Posti's books. */
  readonly bookings: readonly PostiBooking[];
  /** References of bookings that we have down as superseded or withdrawn. */
  readonly takenBack: ReadonlySet<string>;
  readonly labels: number;
  readonly seconds: number;
}

export function summarise({ phases, bookings, takenBack, labels, seconds }: ToSummarise): Summary {
  const withLabel = bookings.filter(({ usableLabel }) => usableLabel);
  const usable = withLabel.filter(({ reference }) => !takenBack.has(reference ?? ''));
  const perShipment = new Map<string, number>();
  for (const { reference } of usable) {
    const name = shipmentNamedBy(reference);
    perShipment.set(name, (perShipment.get(name) ?? 0) + 1);
  }
  const count = (phase: OrderPhase) => phases.filter((each) => each === phase).length;
  return {
    orders: phases.length,
    shipments: perShipment.size,
    delivered: usable.flatMap(({ parcels }) => parcels).filter(({ status }) => status === 'DELIVERED').length,
    ignored: count('ignored'),
    cancelled: count('cancelled'),
    attention: count('needs_attention'),
    duplicates: [...perShipment.values()].filter((bookingsOfIt) => bookingsOfIt > 1).length,
    orphans: bookings.length - withLabel.length,
    takenBack: withLabel.length - usable.length,
    labels,
    seconds: Math.round(seconds * 10) / 10,
  };
}

/** A shipment is a reference without the number of its attempt. */
function shipmentNamedBy(reference: string | null): string {
  const named = parseBookingReference(reference ?? '');
  return named ? `${named.storeNumber}-${named.orderId}-${named.n}` : String(reference);
}

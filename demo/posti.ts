import { parseBookingReference } from '../src/booking/reference.ts';
import { ask } from './ask.ts';

/** A booking as the stand-in's books have it, whatever its caller was told. */
export interface PostiBooking {
  readonly id: string;
  readonly reference: string | null;
  readonly service: string;
  readonly agent: string | null;
  readonly parcels: readonly { readonly parcelNo: string; readonly status: string }[];
  /** Its label can reach a printer. */
  readonly usableLabel: boolean;
}

export interface PostiAccount {
  readonly clientId: string;
  readonly secret: string;
  readonly contract: string;
}

/** The stand-in Posti from behind the counter. */
export interface Posti {
  openAccount(account: PostiAccount): Promise<void>;
  bookings(): Promise<PostiBooking[]>;
}

export function createPosti(url: string): Posti {
  return {
    openAccount: ({ clientId, secret, contract }) =>
      ask('POST', `${url}/_control/accounts`, {
        clientId,
        secret,
        roles: ['shippingapi', '2025-04', '2026-04'],
        contracts: [contract],
      }),
    bookings: async () => (await ask<{ bookings: PostiBooking[] }>('GET', `${url}/_control/books`)).bookings,
  };
}

/** The bookings that name this order of the store with this number, by the number of their shipment. */
export function bookingsOfOrder(
  bookings: readonly PostiBooking[],
  storeNumber: number,
  orderId: number,
): Map<number, PostiBooking[]> {
  const byShipment = new Map<number, PostiBooking[]>();
  for (const booking of bookings) {
    const named = parseBookingReference(booking.reference ?? '');
    if (named?.storeNumber !== storeNumber || named.orderId !== orderId) continue;
    byShipment.set(named.n, [...(byShipment.get(named.n) ?? []), booking]);
  }
  return byShipment;
}

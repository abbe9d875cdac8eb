import { parseBookingReference } from '../src/booking/reference.ts';
import { ask } from './ask.ts';
import { keptAtTheSender, neverCollected, staysOnTheRoad, withALateHeader, withATurnedLabel } from './people.ts';

/** A booking as the stand-in's books have it, whatever its caller was told. */
export interface PostiBooking {
  readonly id: string;
  readonly reference: string | null;
  readonly service: string;
  readonly agent: string | null;
  readonly contract: string;
  readonly receiver: { readonly zipcode: string };
  readonly parcels: readonly {
    readonly parcelNo: string;
    readonly status: string;
    /** In kilograms. */
    readonly weight?: number;
  }[];
  /** Whom and where its label names, line by line. */
  readonly printed?: readonly string[];
  /** Its label can reach a printer. */
  readonly usableLabel: boolean;
}

export interface PostiAccount {
  readonly clientId: string;
  readonly secret: string;
  readonly contracts: readonly string[];
}

/** Harm to one request that books: what the stand-in does with it. With `after` it is carried out first, as in the other kinds. */
export interface PostiFault {
  readonly kind: 'hangup-after' | 'half-answer' | 'html' | 'garbage' | 'throttle' | 'status' | 'slow';
  readonly status?: number;
  readonly body?: unknown;
  readonly ms?: number;
  /** 1 where it is left out; -1 until it is taken back. */
  readonly times?: number;
  readonly after?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An order as a reference names it. */
export interface NumberedOrder {
  readonly storeNumber: number;
  readonly orderId: number;
}

export interface PostiScan {
  /** An event code, like LUO (posti.md 6.4). */
  readonly code: string;
  readonly at: Date;
}

/** The stand-in Posti from behind the counter. */
export interface Posti {
  openAccount(account: PostiAccount): Promise<void>;
  /** Some receivers' parcels go through something else than the usual, or have other labels (people.ts). */
  prepareParcels(): Promise<void>;
  /** Does harm to the next request that books and has this text in its body. Gives the name of the fault. */
  spoilBooking(fault: PostiFault, text: string): Promise<string>;
  /** Takes a fault back. */
  recover(fault: string): Promise<void>;
  /** Now; from here on its parcels go the usual way. */
  handOver(bookingId: string): Promise<void>;
  /** The same for many, by their references; gives those that it knows. */
  handOverAll(references: readonly string[]): Promise<string[]>;
  addScan(parcelNo: string, scan: PostiScan): Promise<void>;
  bookings(): Promise<PostiBooking[]>;
  /** Those that name one of these orders, of stores by their numbers. */
  bookingsOf(orders: readonly NumberedOrder[]): Promise<PostiBooking[]>;
}

export function createPosti(url: string): Posti {
  const control = `${url}/_control`;
  return {
    openAccount: ({ clientId, secret, contracts }) =>
      ask('POST', `${control}/accounts`, {
        clientId,
        secret,
        roles: ['shippingapi', '2025-04', '2026-04'],
        contracts,
      }),
    async prepareParcels() {
      await ask('PUT', `${control}/scripts`, {
        rules: [
          { receiverNameContains: keptAtTheSender, script: 'never-scanned' },
          { receiverNameContains: staysOnTheRoad, script: 'stays-in-transit' },
          { receiverNameContains: neverCollected, script: 'returned' },
        ],
      });
      await ask('PUT', `${control}/labels`, {
        files: [
          { receiverNameContains: withATurnedLabel, file: 'turned' },
          { receiverNameContains: withALateHeader, file: 'late header' },
        ],
      });
    },
    async spoilBooking(fault, text) {
      const spoilt = { ...fault, method: 'POST', path: '/shipping/order$', match: text };
      return (await ask<{ id: string }>('POST', `${control}/faults`, spoilt)).id;
    },
    recover: (fault) => ask('DELETE', `${control}/faults/${fault}`),
    async handOver(bookingId) {
      await ask('POST', `${control}/bookings/${bookingId}/hand-over`);
      await ask('POST', `${control}/bookings/${bookingId}/script`, { script: 'default' });
    },
    addScan: (parcelNo, scan) => ask('POST', `${control}/parcels/${parcelNo}/scans`, scan),
    handOverAll: async (references) =>
      (await ask<{ references: string[] }>('POST', `${control}/hand-over`, { references })).references,
    bookings: async () => (await ask<Books>('GET', `${control}/books`)).bookings,
    async bookingsOf(orders) {
      const found: PostiBooking[] = [];
      for (let from = 0; from < orders.length; from += mostAtOnce) {
        const query = new URLSearchParams();
        for (const order of orders.slice(from, from + mostAtOnce)) query.append('of', referencesOf(order));
        found.push(...(await ask<Books>('GET', `${control}/books?${query.toString()}`)).bookings);
      }
      return found;
    },
  };
}

interface Books {
  readonly bookings: PostiBooking[];
}

/** So that the address of a request stays short. */
const mostAtOnce = 100;

/** What every reference of an order begins with (src/booking/reference.ts). */
const referencesOf = ({ storeNumber, orderId }: NumberedOrder): string => `${storeNumber.toString(36)}-${orderId}-`;

/** Bookings by the order that their references name; those without a reference of ours are left out. */
export function bookingsByOrder(bookings: readonly PostiBooking[]): (order: NumberedOrder) => PostiBooking[] {
  const byOrder = new Map<string, PostiBooking[]>();
  for (const booking of bookings) {
    const named = parseBookingReference(booking.reference ?? '');
    if (!named) continue;
    const name = referencesOf(named);
    const ofIt = byOrder.get(name);
    if (ofIt) ofIt.push(booking);
    else byOrder.set(name, [booking]);
  }
  return (order) => byOrder.get(referencesOf(order)) ?? [];
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

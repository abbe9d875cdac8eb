import type { TrackedParcel } from '../port.ts';

export type Scan = TrackedParcel['scans'][number];
export type ScanStatus = Scan['status'];

/** Parcel and freight statuses of Tracking v7, and the names of the same in Posti's consumer pages (posti.md 6.2). */
const byStatus: Readonly<Record<string, ScanStatus>> = {
  WAITING: 'registered',
  ORDER_RECEIVED: 'registered',
  RECEIVED: 'received',
  IN_TRANSPORT: 'in_transit',
  CUSTOMS: 'customs',
  IN_CUSTOMS_PROCESS: 'customs',
  OUT_FOR_DELIVERY: 'out_for_delivery',
  IN_DELIVERY: 'out_for_delivery',
  READY_FOR_PICKUP: 'ready_for_pickup',
  DELIVERED: 'delivered',
  RETURN_WAITING: 'returning',
  RETURN_IN_TRANSPORT: 'returning',
  RETURN_READY_FOR_PICKUP: 'returning',
  RETURN_DELIVERED: 'returned',
  RETURNED_TO_SENDER: 'returned',
};

/**
 * Event codes. Posti's table of them is not public: LUO was seen (posti.md 6.3), the numbers are NextShipping's (6.4).
 * 91 (arrived at the post office), 56 (attempt failed) and 20 (exception) say too little to be a status of their own.
 */
const byCode: Readonly<Record<string, ScanStatus>> = {
  LUO: 'delivered',
  '68': 'registered',
  '13': 'received',
  '31': 'in_transit',
  '48': 'in_transit',
  '99': 'in_transit',
  '45': 'ready_for_pickup',
  '71': 'out_for_delivery',
  '22': 'delivered',
  '77': 'returning',
};

/** Event names in English and Finnish, in small letters (posti.md 6.4 and 6.5). */
const byName: Readonly<Record<string, ScanStatus>> = {
  'information received from sender': 'registered',
  'item registered': 'received',
  'received for transport': 'received',
  'in sorting': 'in_transit',
  'in transport': 'in_transit',
  'departed from country of origin': 'in_transit',
  'arrived to destination country': 'in_transit',
  'out for delivery': 'out_for_delivery',
  'ready for pick up': 'ready_for_pickup',
  delivered: 'delivered',
  'returning to the sender': 'returning',
  'returned to the sender': 'returned',
  'lähetys on vastaanotettu': 'received',
  'lähetys on kuljetuksessa': 'in_transit',
  'lähetys on lajittelussa': 'in_transit',
  'lähetys on jakelussa': 'out_for_delivery',
  'lähetys on noudettavissa': 'ready_for_pickup',
  'lähetys on luovutettu vastaanottajalle': 'delivered',
  'lähetys on toimitettu': 'delivered',
  'lähetys palautuu lähettäjälle': 'returning',
  'lähetys on palautettu': 'returned',
};

/** The meaning of a status word of Posti, or null for one that we do not know. */
export const statusOfWord = (word: string | null): ScanStatus => byStatus[(word ?? '').toUpperCase()] ?? null;

/** The meaning of an event: by its own status where it has one, then by its code, then by its name. */
export function statusOfEvent(event: {
  readonly statusWord: string | null;
  readonly code: string;
  readonly texts: Readonly<Record<string, string>>;
}): ScanStatus {
  const names = Object.values(event.texts).map((text) => byName[text.trim().toLowerCase()] ?? null);
  return (
    statusOfWord(event.statusWord) ??
    byCode[event.code.toUpperCase()] ??
    statusOfWord(event.code) ??
    names.find((status) => status !== null) ??
    null
  );
}

import type { ShipmentRef } from '../domain/order-ref.ts';
import type { Scan } from '../carriers/scan.ts';
import type { Problem } from '../domain/problem.ts';

/** What a booking may need a person for, in words for a packer. */

const inactivePoint = {
  code: 'pickup_point_inactive',
  remedy: 'Choose another pickup point: change the shipment, or correct it in the shop.',
};

/** Posti's refusals that we know, by its own code and by ours (posti.md 4.6: only E41 is documented anywhere). */
const known: Readonly<Record<string, { code: string; remedy: string }>> = {
  E41: inactivePoint,
  pickup_point_inactive: inactivePoint,
};

/** @param answer Posti's code (`E41`, `http_422`, …) and its own words, which may quote the order */
export function postiRefused(ref: ShipmentRef, answer: { readonly code: string; readonly words: string }): Problem {
  const named = known[answer.code];
  return {
    code: named?.code ?? 'posti_refused',
    field: 'booking',
    problem: `Posti refused shipment ${ref.n} of order ${ref.orderId}: ${answer.words || answer.code}`,
    remedy: named?.remedy ?? 'Correct the order in the shop or change the shipment; "retry" asks Posti again as it is.',
  };
}

export const outcomeUnknown = (ref: ShipmentRef): Problem => ({
  code: 'booking_outcome_unknown',
  field: 'booking',
  problem: `Posti did not answer when shipment ${ref.n} of order ${ref.orderId} was booked: it may have booked it, but nobody has a label.`,
  remedy:
    'Look in OmaPosti Pro for the reference. If it is there, close this with "resolve", its tracking number and its label file; if not, with "retry", which books it anew.',
});

/** Posti books others meanwhile, so that waiting for it would never end. */
export const keepsFailing = (ref: ShipmentRef): Problem => ({
  code: 'booking_outcome_unknown',
  field: 'booking',
  problem: `Posti failed several times on shipment ${ref.n} of order ${ref.orderId}, while it booked others: there is something about this order that it stumbles over.`,
  remedy:
    'See what it answered (the logged calls of the order), and look in OmaPosti Pro for its references. If it is there, close this with "resolve", its tracking number and its label file. If not: correct the order or change the shipment, then "retry".',
});

/** Nothing else is booked meanwhile, which would show whose trouble it is. Each attempt may have left a booking at Posti. */
export const staysUnknown = (ref: ShipmentRef): Problem => ({
  code: 'booking_outcome_unknown',
  field: 'booking',
  problem: `Posti gave no usable answer to any of the last attempts to book shipment ${ref.n} of order ${ref.orderId}, and nothing else was booked meanwhile: either Posti is in trouble, or it stumbles over something in this order. It is not booked again by itself: each attempt may have left a booking at Posti.`,
  remedy:
    'Look in OmaPosti Pro for its references. If it is there, close this with "resolve", its tracking number and its label file. If not, see what Posti answered (the logged calls of the order) and whether Posti is in trouble; then "retry", or correct the order first.',
});

/** The carrier sent a label whose file has what no label should have. It is live, and kept. */
export const labelLooksOdd = (ref: ShipmentRef, doubts: readonly { readonly words: string }[]): Problem => ({
  code: 'label_looks_odd',
  field: 'label',
  problem: `The label of shipment ${ref.n} of order ${ref.orderId} is not as labels are: ${doubts.map(({ words }) => words).join('; ')}.`,
  remedy:
    'Open it alone, in a viewer that runs no scripts, and look whether name, address and bar code are there. If they are, print it and close this with "resolve"; if not, get a new label with "change".',
});

/** A parcel moves under a number that should not be on any parcel. */
export interface StrayScan {
  readonly trackingNumber: string;
  readonly attempt: number;
  /** Its label was replaced or taken back, or the answer with its label never came. */
  readonly watch: 'superseded' | 'confirmed_orphan';
  readonly scan: Pick<Scan, 'status' | 'at' | 'place'>;
}

export function scanOnOrphan(ref: ShipmentRef, { trackingNumber, attempt, watch, scan }: StrayScan): Problem {
  const seen = [
    scan.status?.replaceAll('_', ' '),
    scan.place,
    scan.at === null ? null : `${scan.at.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  ];
  const label =
    watch === 'superseded'
      ? `whose label (attempt ${attempt}) was replaced or taken back`
      : `that attempt ${attempt} left at Posti and whose label we never got`;
  return {
    code: 'scan_on_orphan',
    field: 'booking',
    problem: `Posti scanned parcel ${trackingNumber} of order ${ref.orderId}, shipment ${ref.n}, ${label}: ${seen.filter(Boolean).join(', ')}.`,
    remedy:
      watch === 'superseded'
        ? `Find out which label the goods left with. If it was the old one: tell the customer the number ${trackingNumber}, and see that nothing goes out with the new label. Then close this with "resolve".`
        : `Find out in OmaPosti Pro who printed a label for ${trackingNumber}. If the goods went out with it: tell the customer this number, and see that they are not sent twice. Then close this with "resolve".`,
  };
}

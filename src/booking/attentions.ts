import type { ShipmentRef } from '../../workflows/contract.ts';
import type { Problem } from './problem.ts';

/** What a booking may need a person for, in words for a packer. */

/** Posti's error numbers that we know, by a stable name of ours (posti.md 4.6: only E41 is documented anywhere). */
const known: Readonly<Record<string, { code: string; remedy: string }>> = {
  E41: {
    code: 'pickup_point_inactive',
    remedy: 'Choose another pickup point: change the shipment, or correct it in the shop.',
  },
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

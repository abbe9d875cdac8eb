import type { DeliveryStatus, ShipmentPhase, ShipmentState, UnshippedReason } from '../../workflows/contract.ts';
import type { Problem } from '../booking/problem.ts';
import type { Settings } from '../stores/settings.ts';
import { admission, isCancelled, type Admission, type OrderMemory } from './admission.ts';
import { draftShipment } from './draft.ts';
import type { Order, OrderLine } from './order.ts';
import type { Draft, ShipmentOverride, UnitsOfLine } from './shipment-plan.ts';

/** A shipment of ours as Postgres has it when an order is planned. */
export interface KnownShipment {
  readonly n: number;
  readonly addressId: number;
  readonly phase: ShipmentPhase;
  readonly lines: readonly UnitsOfLine[];
  readonly digest: string;
  readonly sourceDigest: string;
  readonly attemptOut: boolean;
  readonly blocked: UnshippedReason | null;
  readonly attentionCode: string | null;
  readonly cancelling: boolean;
  readonly told: ShipmentState['told'];
  /** A write to the shop is out, or nobody knows what came of it: the shop may count its units already. */
  readonly tellingOut: boolean;
  readonly deliveryStatus: DeliveryStatus;
  readonly override: ShipmentOverride | null;
}

/** What is to be done about one shipment. */
export type Decision =
  | {
      readonly do: 'create';
      readonly addressId: number;
      readonly draft: Draft;
      readonly blocked: UnshippedReason | null;
    }
  | { readonly do: 'plan_anew'; readonly n: number; readonly draft: Draft; readonly blocked: UnshippedReason | null }
  | { readonly do: 'leave'; readonly n: number; readonly blocked?: UnshippedReason | null }
  /** Planned, nothing out: it ends now. */
  | { readonly do: 'cancel'; readonly n: number; readonly reason: UnshippedReason }
  /** Booked: the label is taken back, as far as that goes. */
  | { readonly do: 'withdraw'; readonly n: number }
  | { readonly do: 'raise'; readonly n: number; readonly problem: Problem }
  | { readonly do: 'calm'; readonly n: number }
  /** An attempt is out: its outcome first. */
  | { readonly do: 'look_again'; readonly n: number };

export interface Plan {
  readonly decisions: readonly Decision[];
  readonly unshipped: Readonly<Partial<Record<UnshippedReason, number>>>;
  readonly triggers: boolean;
}

/** Attentions that a plan raises about a booked shipment, and takes back when the shop is as it was. */
export const planAttentions = [
  'label_no_longer_matches',
  'changed_after_hand_over',
  'refunded_after_booking',
  'cancelled_after_hand_over',
];

/**
 * What to ship of an order, from what the shop says now and what was done before. Pure: the same input gives the same
 * plan, and a plan that has been carried out comes to nothing more.
 */
export function plan(
  order: Order,
  memory: OrderMemory,
  shipments: readonly KnownShipment[],
  settings: Settings,
  now: Date,
): Plan {
  const admitted = admission(order, memory, settings, now);
  const unshipped = new Tally();
  const decisions: Decision[] = [];
  for (const line of order.lines) unshipped.add(reasonNotToShip(line), line.quantity - line.quantityRefunded);
  for (const line of order.lines) unshipped.add('refunded', isShippable(line) ? line.quantityRefunded : 0);

  for (const s of shipments) {
    if (s.phase === 'booked') decisions.push(aboutBooked(s, order, settings));
    else if (s.phase === 'planned' && s.attemptOut) decisions.push({ do: 'look_again', n: s.n });
  }

  const fixed = shipments.filter(
    (s) => s.phase !== 'cancelled' && (s.phase !== 'planned' || s.attemptOut) && !s.cancelling,
  );
  const open = openUnits(order, fixed, shipments, unshipped);
  const planned = shipments.filter((s) => s.phase === 'planned' && !s.attemptOut);
  decisions.push(...aboutPlanned(order, planned, open, admitted, settings, unshipped));
  return { decisions, unshipped: unshipped.counts, triggers: admitted.triggers };
}

/** The planned shipment of each address is planned anew from the units that are open; the rest of the units become a new one. */
function aboutPlanned(
  order: Order,
  planned: readonly KnownShipment[],
  open: ReadonlyMap<number, readonly UnitsOfLine[]>,
  admitted: Admission,
  settings: Settings,
  unshipped: Tally,
): Decision[] {
  const decisions: Decision[] = [];
  const left = new Map(open);
  for (const s of planned) {
    const units = left.get(s.addressId) ?? [];
    const address = order.addresses.find((a) => a.addressId === s.addressId);
    if (isCancelled(order) || units.length === 0 || !address) {
      decisions.push({
        do: 'cancel',
        n: s.n,
        reason: isCancelled(order) ? 'order_cancelled' : 'shipped_by_somebody_else',
      });
      continue;
    }
    const mine = admitted.plannedToo ? units : onlyLinesOf(s, units);
    left.set(s.addressId, without(units, mine));
    const blocked = admitted.plannedToo ? admitted.blocked : 'status_not_chosen';
    const draft = draftShipment(order, address, mine, settings, s.override ?? undefined);
    if (draft.digest === s.digest) decisions.push({ do: 'leave', n: s.n, blocked });
    else decisions.push({ do: 'plan_anew', n: s.n, draft, blocked });
  }

  for (const [addressId, units] of left) {
    const count = units.reduce((sum, u) => sum + u.quantity, 0);
    const address = order.addresses.find((a) => a.addressId === addressId);
    if (count === 0) continue;
    if (!address) unshipped.add('needs_attention', count);
    else if (admitted.blocked !== null && admitted.blocked !== 'store_in_observe_mode')
      unshipped.add(admitted.blocked, count);
    else
      decisions.push({
        do: 'create',
        addressId,
        draft: draftShipment(order, address, units, settings),
        blocked: admitted.blocked,
      });
  }
  return decisions;
}

/** After booking nothing is silently altered: a changed order needs attention, a cancelled one takes its label back. */
function aboutBooked(s: KnownShipment, order: Order, settings: Settings): Decision {
  if (s.cancelling) return { do: 'leave', n: s.n };
  const handedOver = !['unknown', 'registered'].includes(s.deliveryStatus);

  if (isCancelled(order) && !order.archived && order.statusId !== 4) {
    return handedOver ? { do: 'raise', n: s.n, problem: cancelledAfterHandOver } : { do: 'withdraw', n: s.n };
  }
  if (s.lines.some((units) => moreThanOrdered(units, order)))
    return { do: 'raise', n: s.n, problem: refundedAfterBooking };

  const address = order.addresses.find((a) => a.addressId === s.addressId);
  const same =
    address &&
    draftShipment(order, address, s.lines, settings, s.override ?? undefined).sourceDigest === s.sourceDigest;
  if (!same) return { do: 'raise', n: s.n, problem: handedOver ? changedAfterHandOver : labelNoLongerMatches };
  return s.attentionCode && planAttentions.includes(s.attentionCode) ? { do: 'calm', n: s.n } : { do: 'leave', n: s.n };
}

function moreThanOrdered({ lineId, quantity }: UnitsOfLine, order: Order): boolean {
  const line = order.lines.find((candidate) => candidate.lineId === lineId);
  return quantity > (line ? line.quantity - line.quantityRefunded : 0);
}

/** Units by address that nobody has shipped, refunded or booked. */
function openUnits(
  order: Order,
  fixed: readonly KnownShipment[],
  all: readonly KnownShipment[],
  unshipped: Tally,
): Map<number, UnitsOfLine[]> {
  const open = new Map<number, UnitsOfLine[]>();
  for (const line of order.lines) {
    if (!isShippable(line)) continue;
    const ours = unitsOf(line, fixed);
    const shopCountsOurs = unitsOf(
      line,
      all.filter((s) => s.phase !== 'cancelled' && (s.told === 'told' || s.tellingOut)),
    );
    const byOthers = Math.max(0, line.quantityShipped - shopCountsOurs);
    unshipped.add('shipped_by_somebody_else', byOthers);
    const quantity = line.quantity - line.quantityRefunded - byOthers - ours;
    if (quantity <= 0) continue;
    const addressId = line.addressId ?? order.addresses[0]?.addressId ?? 0;
    open.set(addressId, [...(open.get(addressId) ?? []), { lineId: line.lineId, quantity }]);
  }
  return open;
}

const unitsOf = (line: OrderLine, shipments: readonly KnownShipment[]): number =>
  shipments.flatMap((s) => s.lines).reduce((sum, u) => sum + (u.lineId === line.lineId ? u.quantity : 0), 0);

const isShippable = (line: OrderLine): boolean => reasonNotToShip(line) === null;

function reasonNotToShip(line: OrderLine): UnshippedReason | null {
  if (line.merchantPickup) return 'merchant_pickup';
  switch (line.kind) {
    case 'physical':
      return null;
    case 'digital':
      return 'digital';
    case 'gift_certificate':
      return 'gift_certificate';
    default:
      return line.kind satisfies never;
  }
}

const onlyLinesOf = (s: KnownShipment, units: readonly UnitsOfLine[]): UnitsOfLine[] =>
  units.flatMap((u) => {
    const known = s.lines.find((line) => line.lineId === u.lineId);
    return known ? [{ lineId: u.lineId, quantity: Math.min(u.quantity, known.quantity) }] : [];
  });

const without = (units: readonly UnitsOfLine[], taken: readonly UnitsOfLine[]): UnitsOfLine[] =>
  units.flatMap((u) => {
    const quantity = u.quantity - (taken.find((t) => t.lineId === u.lineId)?.quantity ?? 0);
    return quantity > 0 ? [{ lineId: u.lineId, quantity }] : [];
  });

/** Units by reason; reasons without units are left out. */
class Tally {
  readonly counts: Partial<Record<UnshippedReason, number>> = {};
  add(reason: UnshippedReason | null, units: number): void {
    if (reason !== null && units > 0) this.counts[reason] = (this.counts[reason] ?? 0) + units;
  }
}

const labelNoLongerMatches: Problem = {
  code: 'label_no_longer_matches',
  field: 'order',
  problem: 'The order was changed in the shop after its label was made: the label no longer matches.',
  remedy: 'Change the shipment to book a new label, or put the order back as it was.',
};

const changedAfterHandOver: Problem = {
  code: 'changed_after_hand_over',
  field: 'order',
  problem: 'The order was changed in the shop after its parcel was handed over: it is too late for this parcel.',
  remedy: 'Tell the customer, or ask Posti to redirect the parcel; then close this with "resolve".',
};

const refundedAfterBooking: Problem = {
  code: 'refunded_after_booking',
  field: 'lines',
  problem: 'Units of this shipment were refunded or removed after its label was made.',
  remedy: 'Cancel the shipment, or take the units out of the parcel and close this with "resolve".',
};

const cancelledAfterHandOver: Problem = {
  code: 'cancelled_after_hand_over',
  field: 'order',
  problem: 'The order was cancelled in the shop after its parcel was handed over to Posti.',
  remedy: 'What follows is a return: tell the customer, then close this with "resolve".',
};

import { hasEnded, type ShopStatus } from '../domain/order-state.ts';
import type { UnshippedReason } from '../domain/reasons.ts';
import type { Settings } from '../settings/settings.ts';
import { aboutBooked } from './about-booked.ts';
import { settingsFor } from '../settings/storefronts.ts';
import { admission, isCancelled, type Admission, type OrderMemory } from './admission.ts';
import { decisiveStatus } from './decisive-status.ts';
import { draftShipment } from './draft.ts';
import { addressIdOf, type Order, type OrderLine } from '../orders/order.ts';
import { withReplacedLines } from './replaced-lines.ts';
import type { UnitsOfLine } from './shipment-plan.ts';
import type { KnownShipment, Decision } from './known-shipment.ts';

export interface Plan {
  readonly decisions: readonly Decision[];
  readonly unshipped: Readonly<Partial<Record<UnshippedReason, number>>>;
  readonly triggers: boolean;
  readonly shopStatus: ShopStatus;
}

/**
 * What to ship of an order, from what the shop says now and what was done before. Pure: the same input gives the same
 * plan, and a plan that has been carried out comes to nothing more.
 */
export function plan(
  asRead: Order,
  memory: OrderMemory,
  known: readonly KnownShipment[],
  settings: Settings,
  now: Date,
): Plan {
  const ofStorefront = settingsFor(settings, asRead.channelId);
  const statusId = decisiveStatus(asRead.statusId, memory, ofStorefront);
  const order = { ...asRead, statusId };
  const shipments = withReplacedLines(order, known);
  const admitted = admission(order, memory, settings, now);
  const unshipped = new Tally();
  const decisions: Decision[] = [];
  for (const line of order.lines) unshipped.add(reasonNotToShip(line), line.quantity - line.quantityRefunded);
  for (const line of order.lines) unshipped.add('refunded', isShippable(line) ? line.quantityRefunded : 0);

  for (const s of shipments) {
    // Of one that is booked its own look asks; of one that has ended nobody would.
    if (hasEnded(s)) unshipped.add('needs_attention', s.unsureUnits ?? 0);
    if (s.phase === 'booked') decisions.push(aboutBooked(s, order, settings));
    else if (s.phase === 'planned' && s.attemptOut) decisions.push({ do: 'look_again', n: s.n });
  }

  const takenBack = new Set(decisions.flatMap((decision) => (decision.do === 'withdraw' ? [decision.n] : [])));
  const over = whyItIsOver(order, admitted);
  const open = openUnits(order, shipments, takenBack, over, unshipped);
  const planned = shipments.filter((s) => s.phase === 'planned' && !s.attemptOut && !s.cancelling);
  decisions.push(...aboutPlanned(order, planned, open, admitted, over, settings, unshipped));
  const shopStatus = { id: asRead.statusId, decides: statusId, ships: ofStorefront.statuses };
  return { decisions, unshipped: unshipped.counts, triggers: admitted.triggers, shopStatus };
}

/** Null for an order that goes on. */
function whyItIsOver(order: Order, { blocked }: Admission): UnshippedReason | null {
  return isCancelled(order) || blocked === 'cancelled_by_a_person' ? blocked : null;
}

/** The planned shipment of each address is planned anew from the units that are open; the rest of the units become a new one. */
function aboutPlanned(
  order: Order,
  planned: readonly KnownShipment[],
  open: ReadonlyMap<number, readonly UnitsOfLine[]>,
  admitted: Admission,
  over: UnshippedReason | null,
  settings: Settings,
  unshipped: Tally,
): Decision[] {
  const decisions: Decision[] = [];
  const left = new Map(open);
  // First each keeps what it has; then the first of an address takes what is left there, so that new units travel along.
  const kept = planned.map((s) => {
    const mine = onlyLinesOf(s, left.get(s.addressId) ?? []);
    left.set(s.addressId, without(left.get(s.addressId) ?? [], mine));
    return mine;
  });
  for (const [i, s] of planned.entries()) {
    const free = left.get(s.addressId) ?? [];
    // Where the order's own status no longer ships, only what the shop already counts as ours goes on, and what is new since.
    const admits = admitted.plannedToo || s.shopHasRecord || s.plannedAfterTold;
    const extra = admitted.plannedToo && (kept[i]?.length ?? 0) > 0 ? free : [];
    const units = together(kept[i] ?? [], extra);
    const address = order.addresses.find((a) => a.addressId === s.addressId);
    if (over || units.length === 0 || !address) {
      decisions.push({ do: 'cancel', n: s.n, reason: over ?? whyNothingIsLeft(s, order) });
      // Said at once, and not only by the next look, for which these units belong to no shipment any more.
      left.set(s.addressId, together(free, kept[i] ?? []));
      continue;
    }
    left.set(s.addressId, without(free, extra));
    const blocked = admits ? admitted.blocked : 'marked_as_shipped';
    const draft = draftShipment(order, address, units, settings, s);
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
        draft: draftShipment(order, address, together(units, []), settings),
        blocked: admitted.blocked,
      });
  }
  return decisions;
}

/**
 * Units by address that nobody has shipped, refunded, booked or kept back.
 *
 * @param takenBack booked shipments whose label is taken back now: what becomes of their units is said at once, since
 *   nobody may look again when that is done
 */
function openUnits(
  order: Order,
  shipments: readonly KnownShipment[],
  takenBack: ReadonlySet<number>,
  over: UnshippedReason | null,
  unshipped: Tally,
): Map<number, UnitsOfLine[]> {
  const stays = (s: KnownShipment) => !goesAway(s) && !takenBack.has(s.n);
  const isFixed = (s: KnownShipment) => {
    // Until it was taken back its booking counts, and its units go nowhere else: a look is asked for then.
    if (isBeingTakenBack(s)) return over === null && !s.keptBack;
    return stays(s) && (s.phase !== 'planned' || s.attemptOut);
  };
  const fixed = shipments.filter(isFixed);
  const keptBack = shipments.filter((s) => s.keptBack && goesAway(s));
  const recorded = shipments.filter((s) => s.shopHasRecord);

  const open = new Map<number, UnitsOfLine[]>();
  for (const line of order.lines) {
    if (!isShippable(line)) continue;
    const byOthers = Math.max(0, line.quantityShipped - unitsOf(line, recorded));
    unshipped.add('shipped_by_somebody_else', byOthers);
    const notOurs = line.quantity - line.quantityRefunded - byOthers - unitsOf(line, fixed);
    const byAPerson = Math.min(Math.max(0, notOurs), unitsOf(line, keptBack));
    unshipped.add('cancelled_by_a_person', byAPerson);
    const quantity = notOurs - byAPerson;
    if (quantity <= 0) continue;
    const addressId = addressIdOf(line, order);
    open.set(addressId, [...(open.get(addressId) ?? []), { lineId: line.lineId, quantity }]);
  }
  return open;
}

const isBeingTakenBack = (s: KnownShipment): boolean => s.cancelling && !hasEnded(s);
/** It ships nothing (any more). */
const goesAway = (s: KnownShipment): boolean => s.phase === 'cancelled' || isBeingTakenBack(s);

function whyNothingIsLeft(s: KnownShipment, order: Order): UnshippedReason {
  const refunded = s.lines.every(({ lineId }) => {
    const line = order.lines.find((candidate) => candidate.lineId === lineId);
    return !line || line.quantityRefunded >= line.quantity;
  });
  return refunded ? 'refunded' : 'shipped_by_somebody_else';
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

const together = (units: readonly UnitsOfLine[], more: readonly UnitsOfLine[]): UnitsOfLine[] => {
  const byLine = new Map<number, number>();
  for (const u of [...units, ...more]) byLine.set(u.lineId, (byLine.get(u.lineId) ?? 0) + u.quantity);
  // In the order of the lines, so that the same units always give the same digest.
  return [...byLine].sort(([a], [b]) => a - b).map(([lineId, quantity]) => ({ lineId, quantity }));
};

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

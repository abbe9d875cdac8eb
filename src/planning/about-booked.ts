import type { Problem } from '../domain/problem.ts';
import type { Settings } from '../settings/settings.ts';
import { isCancelled, status } from './admission.ts';
import { draftShipment } from './draft.ts';
import type { Order } from '../orders/order.ts';
import type { Decision, KnownShipment } from './known-shipment.ts';
import { wasScanned } from '../domain/delivery-status.ts';
import { goodsOfBooked } from './replaced-lines.ts';
import { digestOf, type UnitsOfLine } from './shipment-plan.ts';

/**
 * What a look at the order means for a shipment that is booked. Nothing is silently altered: a changed order needs
 * attention, a cancelled one takes its label back. Facts that a person has accepted are not raised again; others are.
 */
export function aboutBooked(s: KnownShipment, order: Order, settings: Settings): Decision {
  if (s.cancelling) return { do: 'leave', n: s.n };
  for (const found of concerns(s, order, settings)) if (!s.accepted.includes(found.concern)) return found;
  // A person has seen that lines were replaced: the shop is told of those that it knows.
  if (s.replacements?.length && !s.shopHasRecord) {
    return { do: 'take_lines', n: s.n, lines: s.lines, goods: goodsOfBooked(order, s) };
  }
  // What somebody else raised is theirs to take back.
  return s.attentionCode && s.concern?.startsWith(ofThePlan) ? { do: 'calm', n: s.n } : { do: 'leave', n: s.n };
}

const ofThePlan = 'plan/';
const digestOfFacts = (...facts: unknown[]): string => ofThePlan + digestOf(facts);

/** Names the fact that the order is not as its label says, but as this digest does. */
export const concernOfChange = (sourceDigest: string | null): string => digestOfFacts('changed', sourceDigest);

type Concern = Extract<Decision, { do: 'raise' | 'withdraw' }>;

function* concerns(s: KnownShipment, order: Order, settings: Settings): Generator<Concern> {
  const { n } = s;
  const handedOver = wasScanned(s);
  if (isCancelled(order) && !order.archived && order.statusId !== status.refunded) {
    const concern = digestOfFacts('cancelled', handedOver);
    yield handedOver ? { do: 'raise', n, problem: cancelledAfterHandOver, concern } : { do: 'withdraw', n, concern };
  }

  const ordered = s.lines.map(({ lineId }) => [lineId, unitsOrdered(lineId, order)] as const);
  // The status alone says it where a merchant sets it by hand.
  const isRefunded = order.statusId === status.refunded;
  if (isRefunded || s.lines.some((units, i) => units.quantity > (ordered[i]?.[1] ?? 0))) {
    yield { do: 'raise', n, problem: refundedAfterBooking, concern: digestOfFacts('refunded', ordered) };
  }

  if (isRecordGone(s, order)) {
    yield { do: 'raise', n, problem: shopShipmentDeleted, concern: digestOfFacts('record gone', s.lines) };
  }

  const now = sourceDigest(s, s.lines, order, settings);
  if (now === s.sourceDigest) return;
  const problem = handedOver ? changedAfterHandOver : s.replacements?.length ? lineReplaced : labelNoLongerMatches;
  yield { do: 'raise', n, problem, concern: concernOfChange(now) };
}

/**
 * The shop was told, and counts units of this shipment as not shipped: somebody deleted its record there, which makes them
 * shippable again (bigcommerce.md 3.5).
 */
function isRecordGone(s: KnownShipment, order: Order): boolean {
  if (s.told !== 'told') return false;
  return s.lines.some(({ lineId, quantity }) => {
    const line = order.lines.find((candidate) => candidate.lineId === lineId);
    // The shop has a new line for the same goods, of which it counts nothing as shipped: that is no deletion of a record.
    const isCounted = line !== undefined && s.replacements?.includes(lineId) !== true;
    return isCounted && line.quantityShipped < quantity;
  });
}

/** Of what the shop says of these units now; null where their address is gone. */
export function sourceDigest(
  s: KnownShipment,
  lines: readonly UnitsOfLine[],
  order: Order,
  settings: Settings,
): string | null {
  const address = order.addresses.find((a) => a.addressId === s.addressId);
  return address ? draftShipment(order, address, lines, settings, s).sourceDigest : null;
}

function unitsOrdered(lineId: number, order: Order): number {
  const line = order.lines.find((candidate) => candidate.lineId === lineId);
  return line ? line.quantity - line.quantityRefunded : 0;
}

const labelNoLongerMatches: Problem = {
  code: 'label_no_longer_matches',
  field: 'order',
  problem: 'The order was changed in the shop after its label was made: the label no longer matches.',
  remedy: 'Change the shipment to book a new label, or put the order back as it was.',
};

const lineReplaced: Problem = {
  ...labelNoLongerMatches,
  field: 'lines',
  problem: 'A line of this shipment was replaced in the shop by a new one of the same goods after its label was made.',
  remedy:
    'If the goods in the parcel are right, close this with "resolve". If not, change the shipment to book a new label.',
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

const shopShipmentDeleted: Problem = {
  code: 'shop_shipment_deleted',
  field: 'order',
  problem:
    'The shop was told of this shipment, and no longer counts its units as shipped: its record was deleted there.',
  remedy:
    'If the parcel is not to go out, cancel the shipment. If it is, record it in BigCommerce again with its tracking number; or close this with "resolve" to leave it as it is.',
};

const cancelledAfterHandOver: Problem = {
  code: 'cancelled_after_hand_over',
  field: 'order',
  problem: 'The order was cancelled in the shop after its parcel was handed over to Posti.',
  remedy: 'What follows is a return: tell the customer, then close this with "resolve".',
};

/** The same for who takes it back, where the shop or a person may have asked for it. */
export const handedOverMeanwhile: Problem = {
  ...cancelledAfterHandOver,
  problem: 'The shipment was being taken back, but its parcel was handed over to Posti meanwhile.',
};

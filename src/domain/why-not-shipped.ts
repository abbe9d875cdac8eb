import { hasEnded, type OrderState, type ShopStatus } from './order-state.ts';
import type { UnshippedReason } from './reasons.ts';
import { namedStatus, namedStatuses } from './status-names.ts';

/**
 * Why units of an order wait or are left alone, and what would have to change for them to be shipped: a sentence for each
 * reason that somebody can do something about. With nothing of a person in it. For the Temporal UI, the API and the
 * command line alike.
 */
export function whyNotShipped({
  unshipped,
  shipments,
  shopStatus,
}: Pick<OrderState, 'unshipped' | 'shipments' | 'shopStatus'>): string[] {
  const ofUnits = (Object.keys(unshipped) as UnshippedReason[]).filter((reason) => (unshipped[reason] ?? 0) > 0);
  const ofShipments = shipments.flatMap((s) => (s.blocked === null || hasEnded(s) ? [] : [s.blocked]));
  return [...new Set([...ofUnits, ...ofShipments])].flatMap((reason) => sentenceFor(reason, shopStatus) ?? []);
}

function sentenceFor(reason: UnshippedReason, status: ShopStatus | undefined): string | null {
  switch (reason) {
    case 'status_not_chosen':
      return status
        ? `${statusNow(status)}; ${shipsWhich(status)}. ${whatHelps}`
        : `Its status is not one that this store ships. ${whatHelps}`;
    case 'never_in_a_chosen_status':
      return `${status ? statusNow(status) : 'It has a status'}, which the shop sets by itself, and nobody saw which it had before: whether the rest is to be shipped is for a person to say.${status ? ` T${shipsWhich(status).slice(1)}.` : ''} ${whatHelps}`;
    case 'marked_as_shipped':
      return `${status ? statusNow(status) : 'It is marked as shipped'}, without a record of these units: they count as shipped by hand. To ship them all the same, give it ${aStatusThatShips(status)}, or book it by hand.`;
    case 'order_cancelled':
      return `${status ? `${statusNow(status)}, by which it` : 'In the shop it'} is cancelled. ${aStatusThatShips(status).replace(/^a/, 'A')} takes it up again.`;
    case 'archived':
      return 'It is archived in the shop. Take it out of the archive there to have it shipped.';
    case 'cancelled_by_a_person':
      return 'A person cancelled it here. Book it by hand to ship it after all.';
    case 'before_the_cut_off_date':
      return 'It was placed before what this store ships. Book it by hand to ship it all the same.';
    case 'store_in_observe_mode':
      return 'Its store is in observe mode. Switch the store live to have it booked.';
    case 'on_hold':
      return 'It is on hold. Take the hold off to go on.';
    case 'needs_attention':
      return 'Units of it go to an address that the shop does not have any more: give them one in the shop. Or they took the place of a line that was sent long ago, and may be the same goods: if they are not, ship them by an order of their own.';
    case 'digital':
    case 'gift_certificate':
    case 'merchant_pickup':
    case 'refunded':
    case 'shipped_by_somebody_else':
      return null;
    default:
      return reason satisfies never;
  }
}

const whatHelps = 'Change the status in the shop, or book it by hand.';

const statusNow = ({ id, decides }: ShopStatus): string =>
  id === decides
    ? `Its status is ${namedStatus(id)}`
    : `Its status is ${namedStatus(id)}, which the shop sets by itself, and was ${namedStatus(decides)} before`;

const shipsWhich = ({ ships }: ShopStatus): string => `this store ships ${namedStatuses(ships)}`;

const aStatusThatShips = (status: ShopStatus | undefined): string =>
  `a status that this store ships${status ? ` (${namedStatuses(status.ships)})` : ''}`;

import { findService } from '../booking/catalogue.ts';
import type { PlanNote } from './plan-notes.ts';
import { isProblem } from '../domain/problem.ts';
import { chooseService, isPointId } from '../booking/service-rules.ts';
import { settingsFor } from '../settings/storefronts.ts';
import type { Settings } from '../settings/settings.ts';
import { filledField } from '../orders/form-fields.ts';
import type { Order, ShippingAddress } from '../orders/order.ts';

export interface ChosenPickupPoint {
  /** Null where the goods go to the address, or nobody chose. As it stands in the order, where it is no id. */
  readonly id: string | null;
  readonly notes: readonly PlanNote[];
}

/**
 * The pickup point that the shopper's choice left on the order. The service decides whether there is one at all: a shopper
 * who chose a point and then home delivery leaves the point behind in a form field. One that takes points goes to that of
 * the rate, which is what was paid for; then to that of a form field; then to that of the order's metafield.
 *
 * @param service Posti's id; null where none is chosen, which is a problem of its own
 */
export function choosePickupPoint(
  order: Order,
  address: ShippingAddress,
  settings: Settings,
  service: string | null,
): ChosenPickupPoint {
  const { formFields, metafield, quote } = settings.pickupPoint;
  const inQuote = (quote ? address.pickupPointInQuote : undefined) ?? null;
  const inField = pointIn(filledField(address, formFields));
  const inMetafield = metafield ? metafieldOf(order) : null;

  if (service !== null && !takesPickupPoint(service)) {
    const isLeftOver = (inQuote ?? inField ?? inMetafield) !== null;
    return { id: null, notes: isLeftOver ? ['pickup_point_left_over'] : [] };
  }
  if (inQuote !== null) {
    const differs = inField !== null && inField !== inQuote;
    return { id: inQuote, notes: differs ? ['pickup_point_of_the_rate'] : [] };
  }
  // What is no id in the field is no choice that could be carried out: the metafield's is, where it is one.
  if (inField !== null && (isPointId(inField) || inMetafield === null)) return { id: inField, notes: [] };
  return { id: inMetafield, notes: [] };
}

/** Whether the goods to an address may go to a pickup point, by the method that the shopper chose. */
export function mayGoToPickupPoint(order: Order, address: ShippingAddress, storeSettings: Settings): boolean {
  const service = chooseService(address.shippingMethod, settingsFor(storeSettings, order.channelId));
  return isProblem(service) || takesPickupPoint(service.service);
}

/** One that we do not know is a problem of its own, and no reason to drop a choice. */
const takesPickupPoint = (service: string): boolean => findService(service)?.pickupPoint !== 'impossible';

/** The id in a form field, where it is the whole of it or stands in brackets at its end, like `K-Market Kamppi (001001210)`. */
export function pointIn(value: string | null): string | null {
  const bracketed = /\(\s*([^()\s]+)\s*\)$/.exec(value ?? '')?.[1];
  return bracketed !== undefined && isPointId(bracketed) ? bracketed : value;
}

/** An order has one such field: with several addresses nobody can say whose it is. */
export const metafieldOf = (order: Order): string | null =>
  (order.addresses.length === 1 ? order.pickupPointInMetafield : undefined) ?? null;

/** A rate that was chosen at checkout, as far as it is read (bigcommerce.md 2.4, `shipping_quotes`). */
export interface ChosenRate {
  readonly rate_id: string | null;
  readonly rate_code: string | null;
}

/** The pickup point's id in an address's rates; undefined where they name none, or more than one: that is no choice. */
export function pickupPointInRates(
  rates: readonly ChosenRate[],
  { field, prefix }: NonNullable<Settings['pickupPoint']['quote']>,
): string | undefined {
  const ids = rates.flatMap((rate) => {
    const text = rate[field]?.trim() ?? '';
    const id = text.startsWith(prefix) ? text.slice(prefix.length).trim() : '';
    return /^[A-Za-z0-9]{1,20}$/.test(id) ? [id] : [];
  });
  const different = [...new Set(ids)];
  return different.length === 1 ? different[0] : undefined;
}

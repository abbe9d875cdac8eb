import type { Settings } from '../stores/settings.ts';
import { filledField } from './form-fields.ts';
import type { Order, ShippingAddress } from './order.ts';

/**
 * The pickup point's id that the shopper's choice left on the order, or null: in a form field of the address, in the
 * order's metafield, or in the rate of the address that was chosen at checkout.
 */
export function chosenPickupPoint(order: Order, address: ShippingAddress, settings: Settings): string | null {
  return (
    filledField(address, settings.pickupPoint.formFields) ??
    (settings.pickupPoint.metafield ? metafieldOf(order) : null) ??
    (settings.pickupPoint.quote ? (address.pickupPointInQuote ?? null) : null)
  );
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

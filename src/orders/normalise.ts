import { AppError } from '../errors.ts';
import { countryCode } from './country-code.ts';
import { toMinorUnits } from './money.ts';
import type { Address, Order, OrderLine, ShippingAddress, SizeMillimetres } from './order.ts';
import { lengthUnit, toGrams, toMillimetres, weightUnit, type LengthUnit, type WeightUnit } from './units.ts';
import type { OrderAsSent, AddressAsSent, LineAsSent, ShippingAddressAsSent } from './order-as-sent.ts';

export interface NormaliseOptions {
  /** The store's `weight_units`; weights are null where the unit is unknown ({@link doubtsAbout} says so). */
  readonly weightUnits: string | null;
  /** The store's `dimension_units`; sizes are null where it is unknown. */
  readonly dimensionUnits?: string | null;
}

/**
 * Reads an order as the shop sends it into one of ours. Takes odd data as it comes: what can't be read is null or 0, lines
 * and addresses that came twice are one (the later reading counts), and lines keep the shop's order.
 *
 * @throws AppError `invalid` only where the order's number or dates can't be read
 */
export function normalise(wire: OrderAsSent, { weightUnits, dimensionUnits = null }: NormaliseOptions): Order {
  const { order } = wire;
  const currency = text(order.default_currency_code) ?? text(order.currency_code) ?? 'EUR';
  const units = { weight: weightUnit(weightUnits), length: lengthUnit(dimensionUnits) };
  return {
    orderId: identity(order.id),
    statusId: count(order.status_id),
    channelId: count(order.channel_id) || 1, // BigCommerce's default channel (bigcommerce.md 2.3)
    archived: order.is_deleted === true,
    digital: order.order_is_digital === true,
    createdAt: instant(order.date_created, 'date_created'),
    // Nothing is decided by it, and it was not before the order was made.
    modifiedAt: instant(order.date_modified ?? order.date_created, 'date_modified'),
    currency: currency.toUpperCase(),
    totalMinor: toMinorUnits(order.total_inc_tax ?? null, currency) ?? 0,
    ...given('cartId', text(order.cart_id)),
    ...given('customerLocale', languageTag(text(order.customer_locale))),
    customerMessage: text(order.customer_message),
    staffNotes: text(order.staff_notes),
    unitsTotal: count(order.items_total),
    unitsShipped: count(order.items_shipped),
    billing: toAddress(order.billing_address ?? {}),
    addresses: latest(wire.addresses).map(toShippingAddress),
    lines: latest(wire.lines).map((line) => toLine(line, currency, units)),
  };
}

/** What a reader of the order should know: parts that were unreadable or came twice. Free of personal data. */
export function doubtsAbout(wire: OrderAsSent, { weightUnits }: NormaliseOptions): string[] {
  const doubts: string[] = [];
  if (weightUnit(weightUnits) === null) {
    doubts.push(`The store's weight unit "${weightUnits ?? ''}" is unknown: its weights are not used.`);
  }
  const currency = text(wire.order.default_currency_code);
  if (currency === null) doubts.push('The order names no currency that it was paid in.');
  if (toMinorUnits(wire.order.total_inc_tax ?? null, currency ?? 'EUR') === null) {
    doubts.push("The order's total is no amount: it counts as 0.");
  }
  if (latest(wire.lines).length < wire.lines.length) doubts.push('A line came twice: the later reading counts.');
  if (latest(wire.addresses).length < wire.addresses.length)
    doubts.push('An address came twice: the later one counts.');
  return doubts;
}

function toAddress(address: AddressAsSent): Address {
  return {
    firstName: text(address.first_name),
    lastName: text(address.last_name),
    company: text(address.company),
    street1: text(address.street_1),
    street2: text(address.street_2),
    city: text(address.city),
    state: text(address.state),
    postcode: text(address.zip),
    country: countryCode(text(address.country_iso2), text(address.country)),
    phone: text(address.phone),
    email: text(address.email),
    formFields: Object.fromEntries(
      (address.form_fields ?? []).flatMap(({ name, value }) => {
        const filled = text(Array.isArray(value) ? value.join(', ') : value);
        return filled === null ? [] : [[name.trim(), filled]];
      }),
    ),
  };
}

function toShippingAddress(address: ShippingAddressAsSent): ShippingAddress {
  const method = text(address.shipping_method);
  return {
    ...toAddress(address),
    addressId: address.id,
    // Orders made by API have the word "None" (bigcommerce.md 2.4).
    shippingMethod: method === 'None' ? null : method,
  };
}

function toLine(line: LineAsSent, currency: string, units: StoreUnits): OrderLine {
  const name = text(line.name) ?? '';
  return {
    lineId: line.id,
    productId: count(line.product_id), // 0 for a custom line
    variantId: count(line.variant_id) || null,
    addressId: count(line.order_address_id) || null,
    // Lines without a SKU are told apart by name and line.
    sku: text(line.sku) ?? `${name || text(line.type) || 'line'}-${line.id}`,
    name,
    kind: toKind(line.type),
    merchantPickup: count(line.order_pickup_method_id) > 0,
    quantity: count(line.quantity),
    quantityShipped: count(line.quantity_shipped),
    quantityRefunded: count(line.quantity_refunded),
    weightGrams: toGrams(text(line.weight), units.weight),
    sizeMillimetres: toSize(line, units.length),
    unitPriceMinor: toMinorUnits(line.price_inc_tax ?? null, currency) ?? 0,
  };
}

interface StoreUnits {
  readonly weight: WeightUnit | null;
  readonly length: LengthUnit | null;
}

/** All three or none: which side is which differs from shop to shop, and one missing side says nothing of the size. */
function toSize({ width, height, depth }: LineAsSent, unit: LengthUnit | null): SizeMillimetres | null {
  const sides = [width, height, depth].map((side) => toMillimetres(text(side), unit));
  const [longest, middle, shortest] = sides.filter((side) => side !== null).sort((a, b) => b - a);
  return longest && middle && shortest ? [longest, middle, shortest] : null;
}

/** What is neither digital nor a gift certificate is taken for goods: a packer sees it, and nothing is lost unseen. */
function toKind(type: string | null | undefined): OrderLine['kind'] {
  const known = (type ?? '').trim().toLowerCase();
  if (known === 'digital') return 'digital';
  return known === 'giftcertificate' ? 'gift_certificate' : 'physical';
}

function latest<T extends { readonly id: number }>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

function text(value: string | number | null | undefined): string | null {
  const trimmed = String(value ?? '').trim();
  return trimmed === '' ? null : trimmed;
}

/** A member that is left out where there is no value: plans tell that from null, and older kept orders have none. */
const given = <Key extends string>(key: Key, value: string | null): Partial<Record<Key, string>> =>
  value === null ? {} : ({ [key]: value } as Record<Key, string>);

/** In the standard form, also from `en_US`; null for what is no language tag. */
function languageTag(locale: string | null): string | null {
  try {
    return Intl.getCanonicalLocales(locale?.replaceAll('_', '-') ?? '')[0] ?? null;
  } catch {
    return null;
  }
}

/** A whole number from 0; anything else is 0. */
function count(value: number | null | undefined): number {
  const whole = Math.trunc(value ?? 0);
  return Number.isSafeInteger(whole) && whole > 0 ? whole : 0;
}

function identity(value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw unreadable('id');
}

/** Dates are RFC 2822 in V2 (bigcommerce.md 0.3), if the client has not read them already. */
function instant(value: Date | string, field: string): Date {
  const read = value instanceof Date ? value : new Date(value);
  if (Number.isNaN(read.getTime())) throw unreadable(field);
  return read;
}

const unreadable = (field: string): AppError =>
  new AppError(`The shop sent an order whose ${field} cannot be read.`, {
    kind: 'invalid',
    code: 'order_unreadable',
    advice: 'Look at the order in the shop. If it looks right there, its answer to us is broken: see the exchanges.',
  });

import { createHash } from 'node:crypto';
import type { WireAddress, WireLine, WireOrder } from '../bigcommerce/api.ts';

/**
 * Digest of what matters to us in an order, so that two readings are compared by content and not by date: equal when a
 * second look could not change anything. Lines and addresses count in the order of their ids.
 *
 * @throws Error for an order that was read without its lines and addresses
 */
export function digestOfOrder({ order, lines, addresses, complete }: WireOrder): string {
  if (!complete) throw new Error(`Order ${order.id} was read without its lines: its digest would say nothing.`);
  const matters = [
    order.id,
    order.status_id,
    order.channel_id,
    order.is_deleted,
    order.order_is_digital,
    order.default_currency_code,
    order.currency_code,
    plainDecimal(order.total_inc_tax),
    plainDecimal(order.refunded_amount),
    order.items_total,
    order.items_shipped,
    order.customer_message,
    order.staff_notes,
    addressParts(order.billing_address),
    byId(addresses).map((address) => [address.id, address.shipping_method, addressParts(address)]),
    byId(lines).map(lineParts),
  ];
  return createHash('sha256').update(JSON.stringify(matters)).digest('hex');
}

const lineParts = (line: WireLine) => [
  line.id,
  line.product_id,
  line.variant_id,
  line.order_pickup_method_id,
  line.order_address_id,
  line.name,
  line.sku,
  line.type,
  line.quantity,
  line.quantity_shipped,
  line.quantity_refunded,
  plainDecimal(line.weight),
  plainDecimal(line.price_inc_tax),
  // "0.0000" is none: an order without sizes has the digest that it always had.
  ...[line.width, line.height, line.depth].map(plainDecimal).filter((side) => side !== null && side !== '0'),
];

const addressParts = (address: WireAddress) => [
  address.first_name,
  address.last_name,
  address.company,
  address.street_1,
  address.street_2,
  address.city,
  address.state,
  address.zip,
  address.country,
  address.country_iso2,
  address.phone,
  address.email,
  address.form_fields.map(({ name, value }) => [name, value]).sort(byText),
];

const byId = <T extends { readonly id: number }>(parts: readonly T[]): T[] => [...parts].sort((a, b) => a.id - b.id);

const byText = (a: readonly (string | undefined)[], b: readonly (string | undefined)[]) =>
  JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;

/** "109.0000" and "109" are one amount: how many zeros the shop writes must not look like a change. */
function plainDecimal(text: string | null): string | null {
  if (text === null) return null;
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

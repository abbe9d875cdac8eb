import { z } from 'zod';
import type { WireAddress, WireLine, WireOrderHead, WireShippingAddress, WireShippingQuote } from './api.ts';
import { bool, decimal, decimalOrZero, instant, instantOrNull, int, intOr, text } from './wire-values.ts';

const formFieldValue = z
  .union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))])
  .nullish()
  .transform((value) => (Array.isArray(value) ? value.join(', ') : String(value ?? '')));

const address = {
  first_name: text,
  last_name: text,
  company: text,
  street_1: text,
  street_2: text,
  city: text,
  state: text,
  zip: text,
  country: text,
  country_iso2: text,
  phone: text,
  email: text,
  form_fields: z
    .array(z.object({ name: z.string(), value: formFieldValue }))
    .nullish()
    .catch([])
    .transform((fields) => fields ?? []),
};

const noAddress: WireAddress = z.object(address).parse({});

/** bigcommerce.md 2.4 */
export const billingAddress: z.ZodType<WireAddress> = z
  .object(address)
  .nullish()
  .transform((it) => it ?? noAddress);

/** bigcommerce.md 2.4; a consignment of 2.9 has the same fields. */
export const shippingAddress: z.ZodType<WireShippingAddress> = z.object({
  id: int,
  ...address,
  items_total: intOr(null),
  items_shipped: intOr(null),
  shipping_method: text,
});

/** bigcommerce.md 2.3 */
export const orderHead: z.ZodType<WireOrderHead> = z.object({
  id: int,
  customer_id: intOr(null),
  date_created: instant,
  date_modified: instant,
  date_shipped: instantOrNull,
  status_id: int,
  status: text,
  custom_status: text,
  channel_id: intOr(1),
  is_deleted: bool,
  order_is_digital: bool,
  order_source: text,
  external_source: text,
  external_order_id: text,
  default_currency_code: text,
  currency_code: text,
  total_inc_tax: decimalOrZero,
  refunded_amount: decimal,
  items_total: intOr(0),
  items_shipped: intOr(0),
  shipping_address_count: intOr(null),
  payment_method: text,
  payment_status: text,
  cart_id: text,
  customer_locale: text,
  customer_message: text,
  staff_notes: text,
  billing_address: billingAddress,
});

/** bigcommerce.md 2.5 */
export const orderLine: z.ZodType<WireLine> = z.object({
  id: int,
  product_id: intOr(0),
  variant_id: intOr(null),
  order_pickup_method_id: intOr(0),
  order_address_id: intOr(null),
  parent_order_product_id: intOr(null),
  name: text.transform((value) => value ?? ''),
  sku: text.transform((value) => value ?? ''),
  type: text.transform((value) => value ?? 'physical'),
  quantity: int,
  quantity_shipped: intOr(0),
  quantity_refunded: intOr(0),
  weight: decimal,
  width: decimal,
  height: decimal,
  depth: decimal,
  price_inc_tax: decimalOrZero,
  total_inc_tax: decimal,
});

/** bigcommerce.md 2.4 */
export const shippingQuote: z.ZodType<WireShippingQuote> = z.object({ id: text, rate_id: text, rate_code: text });

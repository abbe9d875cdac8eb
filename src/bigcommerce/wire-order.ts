import { z } from 'zod';
import type { WireAddress, WireLine, WireOrderHead, WireShippingAddress, WireShippingQuote } from './api.ts';
import {
  bool,
  boolThatDecides,
  countThatDecides,
  decimal,
  decimalOrZero,
  instant,
  instantOrNull,
  int,
  intOr,
  text,
  textThatCounts,
} from './wire-values.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);

/** The value of a form field: a text, a number, or several of them. */
const formFieldValue = z.unknown().transform((value) => {
  const values = z.array(scalar).safeParse(value);
  if (values.success) return values.data.join(', ');
  const one = scalar.safeParse(value);
  return one.success ? String(one.data) : '';
});

/** One that cannot be read takes none of the others along: one of them may name the pickup point. */
const formField = z
  .object({ name: scalar.transform(String), value: formFieldValue })
  .nullable()
  .catch(null);
const formFields = z
  .array(formField)
  .nullish()
  // An empty list that PHP wrote as an object.
  .or(z.strictObject({}).transform(() => []))
  .transform((fields) => (fields ?? []).filter((field) => field !== null));

const addressOf = (part: typeof textThatCounts | typeof text) => ({
  first_name: part,
  last_name: part,
  company: part,
  street_1: part,
  street_2: part,
  city: part,
  state: part,
  zip: part,
  country: part,
  country_iso2: part,
  phone: part,
  email: part,
});

const noAddress: WireAddress = z.object({ ...addressOf(text), form_fields: formFields }).parse({});

/** bigcommerce.md 2.4. Only what the shipping address lacks is taken from it: one that makes no sense is none. */
export const billingAddress: z.ZodType<WireAddress> = z
  .object({ ...addressOf(text), form_fields: formFields.catch([]) })
  .nullish()
  .catch(null)
  .transform((it) => it ?? noAddress);

/** bigcommerce.md 2.4; a consignment of 2.9 has the same fields. What is printed on the label has to be read whole. */
export const shippingAddress: z.ZodType<WireShippingAddress> = z.object({
  id: int,
  ...addressOf(textThatCounts),
  form_fields: formFields,
  items_total: intOr(null),
  items_shipped: intOr(null),
  shipping_method: textThatCounts,
});

/** bigcommerce.md 2.3 */
export const orderHead: z.ZodType<WireOrderHead> = z.object({
  id: int,
  customer_id: intOr(null),
  date_created: instant,
  // Nothing is decided by it: an order whose date of change makes no sense ships like any other.
  date_modified: instantOrNull,
  date_shipped: instantOrNull,
  status_id: int,
  status: text,
  custom_status: text,
  // Another storefront may observe, or leave from another warehouse.
  channel_id: countThatDecides(1),
  is_deleted: boolThatDecides,
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
  order_pickup_method_id: countThatDecides(0),
  order_address_id: countThatDecides(null),
  parent_order_product_id: intOr(null),
  name: text.transform((value) => value ?? ''),
  sku: text.transform((value) => value ?? ''),
  type: textThatCounts.transform((value) => value ?? 'physical'),
  quantity: int,
  quantity_shipped: countThatDecides(0),
  quantity_refunded: countThatDecides(0),
  weight: decimal,
  width: decimal,
  height: decimal,
  depth: decimal,
  price_inc_tax: decimalOrZero,
  total_inc_tax: decimal,
});

/** What a provider's rate says of itself once more; for static methods it is `[]`, for some carriers a list of one. */
const providerQuote = z
  .preprocess(
    (value) => (Array.isArray(value) ? (value as unknown[])[0] : value),
    z.object({ rateId: text, code: text }),
  )
  .catch({ rateId: null, code: null });

const quote: z.ZodType<WireShippingQuote> = z
  .object({ id: text, rate_id: text, rate_code: text, shipping_provider_quote: providerQuote })
  .transform(({ id, rate_id, rate_code, shipping_provider_quote: { rateId, code } }) => ({
    id,
    rate_id: whole(rate_id, rateId),
    rate_code: whole(rate_code, code),
  }));

/** A provider app reads the nested one second, as if the other were sometimes shortened (checkout-shoppers.md 2). */
const whole = (said: string | null, nested: string | null): string | null =>
  said === null || nested?.startsWith(said) ? nested : said;

/** One object (the schema), a list (what we were told first), or one that stands for nothing (checkout-shoppers.md 1). */
export const shippingQuotes: z.ZodType<WireShippingQuote[]> = z.union([
  z.array(quote),
  z.strictObject({}).transform(() => []),
  z.null().transform(() => []),
  quote.transform((one) => [one]),
]);

/** Shipments, metafields, webhooks and the store, as the wire has them. */
import { z } from 'zod';
import type {
  OrdersMetafield,
  WireBlockedDomain,
  WireHook,
  WireMetafield,
  WireOrderStatus,
  WireShipment,
  WireStore,
} from './api.ts';
import { bool, instantOrNull, int, intOr, text } from './wire-values.ts';

const label = z.union([z.string(), z.number()]).transform(String);

/** bigcommerce.md 3.1 */
export const shipment: z.ZodType<WireShipment> = z.object({
  id: int,
  order_id: int,
  order_address_id: intOr(null),
  date_created: instantOrNull,
  tracking_number: text,
  tracking_link: text,
  tracking_carrier: text,
  shipping_method: text,
  shipping_provider: text,
  comments: text,
  items: z
    .array(z.object({ order_product_id: int, quantity: int }))
    .nullish()
    .or(z.strictObject({}).transform(() => []))
    .transform((items) => items ?? []),
});

/** bigcommerce.md 8 */
const metafieldShape = z.object({
  id: int,
  namespace: label,
  key: label,
  // Text by the documentation; a number that an app wrote is the id of a pickup point all the same.
  value: label,
  permission_set: z.string().catch(''),
});
export const metafield: z.ZodType<WireMetafield> = metafieldShape;

/** One of a list of all orders': null where it cannot be read, so that it takes none of the others along. */
export const ordersMetafield: z.ZodType<OrdersMetafield | null> = metafieldShape
  .extend({ resource_id: int })
  .transform(({ resource_id: orderId, ...field }) => ({ ...field, orderId }))
  .nullable()
  .catch(null);

/** bigcommerce.md 4.1 */
export const hook: z.ZodType<WireHook> = z.object({
  id: int,
  scope: z.string(),
  destination: z.string(),
  is_active: bool,
  headers: z
    .record(z.string(), label)
    .nullish()
    .catch({})
    .transform((headers) => headers ?? {}),
});

/** bigcommerce.md 4.1; one that cannot be read is left out: nothing is decided by it. */
export const hooksAdmin: z.ZodType<{ blocked_domains: WireBlockedDomain[] }> = z.object({
  blocked_domains: z
    .array(
      z
        .object({ destination: z.string(), time_left: intOr(null) })
        .nullable()
        .catch(null),
    )
    .nullish()
    .catch(null)
    .transform((domains) => (domains ?? []).filter((domain) => domain !== null)),
});

/** bigcommerce.md 2.7 */
export const orderStatus: z.ZodType<WireOrderStatus> = z.object({
  id: int,
  name: label,
  system_label: text,
  custom_label: text,
  order: intOr(null),
});

/** bigcommerce.md 7.7 */
export const storeInformation: z.ZodType<WireStore> = z.object({
  id: label,
  name: z.string().catch(''),
  domain: text,
  secure_url: text,
  country_code: text,
  timezone: z
    .object({ name: text })
    .nullish()
    .catch(null)
    .transform((zone) => zone?.name ?? null),
  language: text,
  currency: text,
  weight_units: text,
  dimension_units: text,
  plan_name: text,
  store_id: intOr(null),
  default_channel_id: intOr(null),
});

export const time: z.ZodType<{ time: number }> = z.object({ time: int });

/** The envelope of V3; its `meta` is not needed. */
export const envelope = <T>(data: z.ZodType<T>) => z.object({ data });

/**
 * What the product may ask of a BigCommerce store, and the shapes of the answers. Names are BigCommerce's own, narrowed
 * to what is used and made safe at the edge: numbers are numbers also where the wire had text, dates are `Date`, and
 * what was missing or "" is null. Money stays the decimal text that it was, like "109.0000".
 *
 * Every method throws AppError (src/bigcommerce/errors.ts). Nothing is ever tried twice here: retries are the engine's.
 */
import type { AppError } from '../errors.ts';
import type { Call } from '../exchanges/exchange.ts';

/** A connected store, with its token in the clear for the time of the call. */
export interface StoreConnection {
  readonly storeHash: string;
  readonly accessToken: string;
}

export interface BigCommerceApi {
  /** The shop's clock. The cheapest call that proves a token. */
  getTime(store: StoreConnection, call: Call): Promise<Date>;
  getStore(store: StoreConnection, call: Call): Promise<WireStore>;
  getOrderStatuses(store: StoreConnection, call: Call): Promise<WireOrderStatus[]>;

  /** The order with all its lines and shipping addresses, or null if the shop has none such. */
  getOrder(store: StoreConnection, orderId: number, call: Call): Promise<WireOrder | null>;
  /** The rates that the shopper chose for a shipping address; none for orders that no storefront made. */
  listShippingQuotes(
    store: StoreConnection,
    orderId: number,
    addressId: number,
    call: Call,
  ): Promise<WireShippingQuote[]>;
  /** One page; fewer than `limit` orders, or none, means that it was the last. */
  listOrders(store: StoreConnection, query: OrderQuery, call: Call): Promise<OrderPage>;
  /** Files or voids tax documents and mails the shopper in some shops: only where the merchant asked for it. */
  setOrderStatus(store: StoreConnection, orderId: number, statusId: number, call: Call): Promise<WireOrderHead>;

  /** All shipments of an order. */
  listShipments(store: StoreConnection, orderId: number, call: Call): Promise<WireShipment[]>;
  /** Mails the shopper. After `outcome_unknown`, list and look for the tracking number before asking again. */
  createShipment(store: StoreConnection, orderId: number, draft: ShipmentDraft, call: Call): Promise<WireShipment>;
  updateShipment(
    store: StoreConnection,
    orderId: number,
    shipmentId: number,
    change: ShipmentChange,
    call: Call,
  ): Promise<WireShipment>;
  /** Deletes one shipment; one that is gone already is no error. There is deliberately no way to delete them all. */
  deleteShipment(store: StoreConnection, orderId: number, shipmentId: number, call: Call): Promise<void>;

  /** All metafields of an order that this token may see, or those of one namespace. */
  listMetafields(
    store: StoreConnection,
    orderId: number,
    query: { readonly namespace?: string },
    call: Call,
  ): Promise<WireMetafield[]>;
  /** A page of the metafields of all orders of the store that this token may see; those that cannot be read are left out. */
  listMetafieldsOfOrders(store: StoreConnection, query: MetafieldQuery, call: Call): Promise<MetafieldPage>;
  /** @throws AppError `conflict` when the namespace and key exist */
  createMetafield(store: StoreConnection, orderId: number, draft: MetafieldDraft, call: Call): Promise<WireMetafield>;
  updateMetafield(
    store: StoreConnection,
    orderId: number,
    metafieldId: number,
    change: { readonly value: string },
    call: Call,
  ): Promise<WireMetafield>;
  /** One that is gone already is no error. */
  deleteMetafield(store: StoreConnection, orderId: number, metafieldId: number, call: Call): Promise<void>;

  /** All webhooks that this API account made; nobody else's are visible. */
  listHooks(store: StoreConnection, call: Call): Promise<WireHook[]>;
  /** Domains that BigCommerce sends this API account's webhooks to no more for some minutes, since too many failed there. */
  listBlockedDomains(store: StoreConnection, call: Call): Promise<WireBlockedDomain[]>;
  createHook(store: StoreConnection, draft: HookDraft, call: Call): Promise<WireHook>;
  updateHook(store: StoreConnection, hookId: number, change: Partial<HookDraft>, call: Call): Promise<WireHook>;
  /** One that is gone already is no error. */
  deleteHook(store: StoreConnection, hookId: number, call: Call): Promise<void>;

  /** What the store's last answer said of its request quota, which all apps of the store share. */
  quota(storeHash: string): Quota | undefined;
}

/** An order as the shop has it now. */
export interface WireOrder {
  readonly order: WireOrderHead;
  readonly lines: readonly WireLine[];
  /** None for digital-only and merchant-pickup orders. */
  readonly addresses: readonly WireShippingAddress[];
  /** False only for a list without `include`: lines and addresses were not read, and the empty lists say nothing. */
  readonly complete: boolean;
}

/** A page of orders: one that cannot be read takes none of the others along. */
export interface OrderPage {
  readonly orders: readonly WireOrder[];
  readonly unreadable: readonly UnreadableOrder[];
}

/** An order of a list that cannot be read, and why. */
export interface UnreadableOrder {
  /** Null where not even its number can be read. */
  readonly orderId: number | null;
  readonly modifiedAt: Date | null;
  readonly failure: AppError;
}

export interface WireOrderHead {
  readonly id: number;
  readonly customer_id: number | null;
  readonly date_created: Date;
  /** Null where it cannot be read: it decides nothing. */
  readonly date_modified: Date | null;
  readonly date_shipped: Date | null;
  readonly status_id: number;
  readonly status: string | null;
  readonly custom_status: string | null;
  readonly channel_id: number;
  /** Archived. */
  readonly is_deleted: boolean;
  readonly order_is_digital: boolean;
  readonly order_source: string | null;
  readonly external_source: string | null;
  readonly external_order_id: string | null;
  /** What the shopper pays in; `currency_code` is only what was displayed. */
  readonly default_currency_code: string | null;
  readonly currency_code: string | null;
  readonly total_inc_tax: string;
  readonly refunded_amount: string | null;
  /** Units, not lines. */
  readonly items_total: number;
  readonly items_shipped: number;
  readonly shipping_address_count: number | null;
  readonly payment_method: string | null;
  readonly payment_status: string | null;
  readonly cart_id: string | null;
  readonly customer_locale: string | null;
  readonly customer_message: string | null;
  readonly staff_notes: string | null;
  readonly billing_address: WireAddress;
}

export interface WireAddress {
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly company: string | null;
  readonly street_1: string | null;
  readonly street_2: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly zip: string | null;
  readonly country: string | null;
  readonly country_iso2: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  /** A field with several values has them joined with ", ". */
  readonly form_fields: readonly { readonly name: string; readonly value: string }[];
}

export interface WireShippingAddress extends WireAddress {
  /** The order_address_id that lines and shipments refer to. */
  readonly id: number;
  readonly items_total: number | null;
  readonly items_shipped: number | null;
  /** Display text of the method that was chosen at checkout; "None" for orders made by API. */
  readonly shipping_method: string | null;
}

/**
 * bigcommerce.md 2.4; both fields are what a shipping provider's rate said of itself (5.5), from whichever place in the
 * answer has it whole.
 */
export interface WireShippingQuote {
  readonly id: string | null;
  readonly rate_id: string | null;
  readonly rate_code: string | null;
}

export interface WireLine {
  /** The order_product_id that shipments refer to. */
  readonly id: number;
  /** 0 for a custom line. */
  readonly product_id: number;
  readonly variant_id: number | null;
  /** Not 0: the shopper collects it at the merchant's. */
  readonly order_pickup_method_id: number;
  readonly order_address_id: number | null;
  readonly parent_order_product_id: number | null;
  readonly name: string;
  readonly sku: string;
  /** `physical`, `digital`, `giftcertificate` */
  readonly type: string;
  readonly quantity: number;
  readonly quantity_shipped: number;
  readonly quantity_refunded: number;
  /** Decimal text of one unit, in the store's weight unit. */
  readonly weight: string | null;
  readonly width: string | null;
  readonly height: string | null;
  readonly depth: string | null;
  readonly price_inc_tax: string;
  readonly total_inc_tax: string | null;
}

export interface OrderQuery {
  readonly minDateModified?: Date;
  readonly maxDateModified?: Date;
  /** From 1. */
  readonly page: number;
  /** At most 250. */
  readonly limit: number;
  readonly sort?: 'date_modified:asc' | 'date_modified:desc' | 'id:asc' | 'id:desc';
  readonly statusId?: number;
  /** Read lines and shipping addresses too. */
  readonly include: boolean;
}

export interface WireShipment {
  readonly id: number;
  readonly order_id: number;
  readonly order_address_id: number | null;
  readonly date_created: Date | null;
  readonly tracking_number: string | null;
  readonly tracking_link: string | null;
  readonly tracking_carrier: string | null;
  readonly shipping_method: string | null;
  readonly shipping_provider: string | null;
  readonly comments: string | null;
  readonly items: readonly { readonly order_product_id: number; readonly quantity: number }[];
}

export interface ShipmentDraft {
  readonly order_address_id: number;
  readonly items: readonly { readonly order_product_id: number; readonly quantity: number }[];
  /** ≤ 50 characters. */
  readonly tracking_number: string;
  /** ≤ 500 characters. */
  readonly tracking_link?: string;
  readonly tracking_carrier?: string;
  readonly shipping_method?: string;
  readonly comments?: string;
}

/** The items of a shipment cannot be changed. */
export type ShipmentChange = Partial<Omit<ShipmentDraft, 'items' | 'order_address_id'>>;

export interface WireMetafield {
  readonly id: number;
  readonly namespace: string;
  readonly key: string;
  readonly value: string;
  readonly permission_set: string;
}

/** bigcommerce.md 8: all of these filters are documented for the list of all orders, too (orders.v3.yml, April 2026). */
export interface MetafieldQuery {
  readonly namespaces: readonly string[];
  readonly keys: readonly string[];
  readonly modifiedSince: Date;
  readonly page: number;
  readonly limit: number;
}

export interface MetafieldPage {
  readonly fields: readonly OrdersMetafield[];
  /** Whether the page was full: there may be another one. */
  readonly full: boolean;
}

export interface OrdersMetafield extends WireMetafield {
  readonly orderId: number;
}

export interface MetafieldDraft {
  readonly permission_set: 'app_only' | 'read' | 'write' | 'read_and_sf_access' | 'write_and_sf_access';
  /** 1–64 characters. */
  readonly namespace: string;
  /** 1–64 characters. */
  readonly key: string;
  /** 1–65 535 characters; JSON must be made text first. */
  readonly value: string;
  readonly description?: string;
}

export interface WireHook {
  readonly id: number;
  readonly scope: string;
  readonly destination: string;
  readonly is_active: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

export interface WireBlockedDomain {
  /** The schema says a URL; whether it has a scheme or a path was never seen. */
  readonly destination: string;
  /** Seconds until it ends. */
  readonly time_left: number | null;
}

export interface HookDraft {
  readonly scope: string;
  readonly destination: string;
  readonly is_active: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

export interface WireStore {
  readonly id: string;
  readonly name: string;
  readonly domain: string | null;
  readonly secure_url: string | null;
  readonly country_code: string | null;
  readonly timezone: string | null;
  readonly language: string | null;
  readonly currency: string | null;
  /** As the shop writes it: `KGS`, `Grams`, `Ounces`, … */
  readonly weight_units: string | null;
  readonly dimension_units: string | null;
  readonly plan_name: string | null;
  readonly store_id: number | null;
  readonly default_channel_id: number | null;
}

export interface WireOrderStatus {
  readonly id: number;
  readonly name: string;
  readonly system_label: string | null;
  readonly custom_label: string | null;
  readonly order: number | null;
}

export interface Quota {
  readonly requestsLeft: number;
  readonly requestsQuota: number | null;
  readonly resetsAt: Date;
  readonly seenAt: Date;
}

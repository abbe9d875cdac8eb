/** A BigCommerce order as the product holds it: normalised, in our units. The reading is src/orders/normalise.ts. */
export interface Order {
  readonly orderId: number;
  readonly statusId: number;
  readonly channelId: number;
  readonly archived: boolean;
  readonly digital: boolean;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
  /** The currency that the shopper paid in. */
  readonly currency: string;
  readonly totalMinor: number;
  /** The cart that it was made of; left out where the shop has none: orders by API, and those of the control panel. */
  readonly cartId?: string;
  /** What the shopper read the shop in, as a language tag like `sv` or `en-GB`; left out where the shop has none. */
  readonly customerLocale?: string;
  readonly customerMessage: string | null;
  readonly staffNotes: string | null;
  readonly unitsTotal: number;
  readonly unitsShipped: number;
  readonly billing: Address;
  readonly addresses: readonly ShippingAddress[];
  /** Id of the pickup point that an app kept in the order's metafields; only where the store's settings name the field. */
  readonly pickupPointInMetafield?: string;
  /** Code of the warehouse, likewise. */
  readonly warehouseInMetafield?: string;
  readonly lines: readonly OrderLine[];
}

/** As the shop has it, trimmed; empty strings are null. Free text, to be wrapped and checked by src/booking. */
export interface Address {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly company: string | null;
  readonly street1: string | null;
  readonly street2: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly postcode: string | null;
  /** ISO 3166 alpha-2, upper case. */
  readonly country: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  /** Custom form fields by name. */
  readonly formFields: Readonly<Record<string, string>>;
}

export interface ShippingAddress extends Address {
  /** BigCommerce's order_address_id. */
  readonly addressId: number;
  /** Display text of the method that the shopper chose. */
  readonly shippingMethod: string | null;
  /** Id of the pickup point in the rate that was chosen; only where the store's settings say that rates have one. */
  readonly pickupPointInQuote?: string;
}

export type SizeMillimetres = readonly [longest: number, middle: number, shortest: number];

export interface OrderLine {
  /** BigCommerce's order_product_id. */
  readonly lineId: number;
  readonly productId: number;
  readonly variantId: number | null;
  readonly addressId: number | null;
  readonly sku: string;
  readonly name: string;
  readonly kind: 'physical' | 'digital' | 'gift_certificate';
  readonly merchantPickup: boolean;
  readonly quantity: number;
  readonly quantityShipped: number;
  readonly quantityRefunded: number;
  /** Of one unit; null where the shop has none. */
  readonly weightGrams: number | null;
  /** Of one unit, longest side first; null or left out where the shop has none, or not all three. */
  readonly sizeMillimetres?: SizeMillimetres | null;
  readonly unitPriceMinor: number;
}

/** Where a line goes: a line that names no address goes to the first. 0 where the order has none. */
export const addressIdOf = (line: Pick<OrderLine, 'addressId'>, order: Pick<Order, 'addresses'>): number =>
  line.addressId ?? order.addresses[0]?.addressId ?? 0;

import { randomUUID } from 'node:crypto';
import { decimal4, rfc2822 } from './format.ts';
import type { Address, Line, Order, ShippingAddress, Store } from './model.ts';

/** An order as a test or a demo describes it; everything that is left out is filled in. */
export interface OrderDraft {
  /** 11, Awaiting Fulfillment, when left out. */
  statusId?: number;
  /** Arrives as Incomplete and changes its status then, as orders of a storefront do. */
  viaIncomplete?: boolean;
  customer?: AddressDraft;
  billing?: AddressDraft;
  shippingAddresses?: ShippingAddressDraft[];
  lines: LineDraft[];
  customerMessage?: string;
  staffNotes?: string;
  externalSource?: string;
  orderSource?: string;
  paymentMethod?: string;
  channelId?: number;
  /** Null where the control panel or an API made it; left out: a cart's, which is what a storefront leaves. */
  cartId?: string | null;
  /** `fi` when left out. */
  customerLocale?: string;
  /** ISO-8601 or RFC-2822. */
  dateCreated?: string;
  includeLosesLines?: boolean;
  unreadable?: boolean;
}

export type AddressDraft = Partial<Address>;

export interface ShippingAddressDraft extends AddressDraft {
  shippingMethod?: string;
  /** What a live rate left behind, completed to a `shipping_quotes` item. */
  quotes?: Record<string, unknown>[];
}

export interface LineDraft {
  name: string;
  sku?: string;
  quantity?: number;
  price?: number | string;
  /** In the store's weight unit. */
  weight?: number | string;
  /** Of one unit, in centimetres. */
  size?: { width: number | string; height: number | string; depth: number | string };
  type?: Line['type'];
  /** Which of the shipping addresses, by position. */
  address?: number;
  pickupMethodId?: number;
  productId?: number;
}

const somebody: Address = {
  firstName: 'Aino',
  lastName: 'Esimerkki',
  company: '',
  street1: 'Esimerkkikatu 5 A 7',
  street2: '',
  city: 'Helsinki',
  state: '',
  zip: '00530',
  country: 'Finland',
  countryIso2: 'FI',
  phone: '+358401234567',
  email: 'aino@example.com',
  formFields: [],
};

/** Builds the order; ids are counted per store, the first order is 100 as in a fresh real store. */
export function orderFrom(store: Store, draft: OrderDraft): Order {
  const { lastId } = store;
  const createdAt = draft.dateCreated === undefined ? Date.now() : Date.parse(draft.dateCreated);
  const billing = { ...somebody, ...draft.customer, ...draft.billing };
  const isShipped = (line: LineDraft) => (line.type ?? 'physical') === 'physical' && !line.pickupMethodId;
  const places = draft.shippingAddresses ?? (draft.lines.some(isShipped) ? [{}] : []);
  const addresses = places.map((place): ShippingAddress => {
    const { quotes = [], shippingMethod = 'Free Shipping', ...fields } = place;
    const id = ++lastId.address;
    const completed = quotes.map((quote) => ({ ...quoteFrame(++lastId.quote, createdAt), ...quote }));
    return { ...billing, formFields: [], ...fields, id, shippingMethod, quotes: completed };
  });
  const statusId = draft.viaIncomplete === true ? 0 : (draft.statusId ?? 11);
  const now = Date.now();
  return {
    id: ++lastId.order,
    customerId: 0,
    createdAt,
    modifiedAt: now,
    shippedAt: null,
    statusId,
    statusHistory: [{ statusId, at: now, by: 'control' }],
    paymentMethod: draft.paymentMethod ?? 'Manual',
    paymentStatus: '',
    refundedAmount: '0.0000',
    staffNotes: draft.staffNotes ?? null,
    customerMessage: draft.customerMessage ?? null,
    isDeleted: false,
    billing,
    channelId: draft.channelId ?? 1,
    cartId: draft.cartId === undefined ? randomUUID() : draft.cartId,
    customerLocale: draft.customerLocale ?? 'fi',
    orderSource: draft.orderSource ?? 'www',
    externalSource: draft.externalSource ?? null,
    externalOrderId: '',
    addresses,
    lines: draft.lines.map((line) => lineFrom(store, addresses, line)),
    shipments: [],
    metafields: [],
    includeLosesLines: draft.includeLosesLines ?? false,
    ...(draft.unreadable === true && { unreadable: true }),
  };
}

export function lineFrom(store: Store, addresses: ShippingAddress[], draft: LineDraft): Line {
  const type = draft.type ?? 'physical';
  const pickupMethodId = draft.pickupMethodId ?? 0;
  const address = type === 'physical' && pickupMethodId === 0 ? addresses[draft.address ?? 0] : undefined;
  const id = ++store.lastId.line;
  return {
    id,
    productId: draft.productId ?? 5000 + id,
    addressId: address?.id ?? 0,
    pickupMethodId,
    name: draft.name,
    sku: draft.sku ?? '',
    type,
    price: decimal4(draft.price ?? 10),
    weight: decimal4(draft.weight ?? (type === 'physical' ? 500 : 0)),
    ...(draft.size ? { size: sizeFrom(draft.size) } : {}),
    quantity: draft.quantity ?? 1,
    quantityShipped: 0,
    quantityRefunded: 0,
  };
}

const sizeFrom = ({ width, height, depth }: NonNullable<LineDraft['size']>) => ({
  width: decimal4(width),
  height: decimal4(height),
  depth: decimal4(depth),
});

/** The keys of a `shipping_quotes` item (bigcommerce.md 2.4). */
function quoteFrame(id: number, at: number) {
  return {
    id: String(id),
    uuid: `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
    timestamp: rfc2822(at),
    shipping_provider_id: '',
    shipping_provider_quote: [],
    provider_code: '',
    carrier_code: '',
    rate_code: '',
    rate_id: '',
    method_id: 0,
  };
}

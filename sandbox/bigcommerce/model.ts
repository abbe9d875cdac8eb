/** What the stand-in remembers. Dates are Unix milliseconds of the real clock, money and weights text with 4 decimals. */
export interface BigCommerceState {
  stores: Record<string, Store>;
  /** Webhook deliveries that have not been acknowledged yet. */
  pending: Delivery[];
  webhooks: WebhookSwitches;
  /** Those that get nothing for a while; over all stores, as they are counted by API account (bigcommerce.md 4.3). */
  blockedDomains?: BlockedDomain[];
}

export interface BlockedDomain {
  clientId: string;
  /** Scheme and host. */
  domain: string;
  /** On the sandbox clock. */
  until: number;
  reasons: { description: string; count: number; at: number }[];
}

export interface Store {
  hash: string;
  storeId: number;
  name: string;
  accounts: Account[];
  /** Calls per window; 0 = unlimited. */
  quota: number;
  /** Milliseconds of a window, 30 s for all real plans (bigcommerce.md 6.1); shorter where a test can't wait for it. */
  quotaWindowMs?: number;
  weightUnits: string;
  currency: string;
  /** Whether webhooks carry the Standard Webhooks signature (bigcommerce.md 4.4 leaves open which accounts get it). */
  signs: boolean;
  /** Whether shipments roll the order's status up to 3 and 2; unofficial behaviour (bigcommerce.md 3.5). */
  rollsUp: boolean;
  /**
   * How the quotes of an address are answered: one bare object (the official schema, and what a live provider app was seen to
   * read), or the list that the prose speaks of. Without any it is 204 either way (checkout-shoppers.md 1).
   */
  quotesAs: 'object' | 'list';
  orders: Record<string, Order>;
  hooks: Hook[];
  lastId: Record<'order' | 'line' | 'address' | 'shipment' | 'metafield' | 'hook' | 'refund' | 'quote', number>;
  requests: {
    total: number;
    throttled: number;
    mostAtOnce?: number;
    busiestWindow?: number;
    byRoute: Record<string, number>;
  };
  deliveries: { sent: number; acknowledged: number; failed: number; dropped: number; exhausted: number };
}

/** An API account: whose token it is decides which hooks and private metafields it sees. */
export interface Account {
  clientId: string;
  clientSecret: string;
  token: string;
  scopes: string[];
}

export interface Address {
  firstName: string;
  lastName: string;
  company: string;
  street1: string;
  street2: string;
  city: string;
  state: string;
  zip: string;
  country: string;
  countryIso2: string;
  phone: string;
  email: string;
  formFields: { name: string; value: unknown }[];
}

export interface ShippingAddress extends Address {
  id: number;
  shippingMethod: string;
  quotes: Record<string, unknown>[];
}

export interface Line {
  id: number;
  productId: number;
  /** 0 = not shipped to anywhere: digital lines and merchant pickup. */
  addressId: number;
  pickupMethodId: number;
  name: string;
  sku: string;
  type: 'physical' | 'digital' | 'giftcertificate';
  price: string;
  weight: string;
  /** In centimetres; left out where the product has none. */
  size?: { width: string; height: string; depth: string };
  quantity: number;
  quantityShipped: number;
  quantityRefunded: number;
}

export interface Shipment {
  id: number;
  addressId: number;
  createdAt: number;
  trackingNumber: string;
  trackingLink: string;
  trackingCarrier: string;
  shippingMethod: string;
  shippingProvider: string;
  merchantShippingCost: string;
  comments: string;
  items: { order_product_id: number; quantity: number }[];
  /** Which API account, or 'control', created it. */
  by: string;
  /** Whether the answer to its creation left whole; 'none' while it is on its way. */
  answered: 'whole' | 'cut' | 'none';
}

export interface Metafield {
  id: number;
  ownerClientId: string;
  permissionSet: string;
  namespace: string;
  key: string;
  value: string;
  description: string;
  createdAt: number;
  modifiedAt: number;
}

export interface Order {
  id: number;
  customerId: number;
  createdAt: number;
  modifiedAt: number;
  shippedAt: number | null;
  statusId: number;
  statusHistory: { statusId: number; at: number; by: string }[];
  paymentMethod: string;
  paymentStatus: string;
  refundedAmount: string;
  staffNotes: string | null;
  customerMessage: string | null;
  isDeleted: boolean;
  billing: Address;
  channelId: number;
  cartId: string | null;
  customerLocale: string;
  orderSource: string;
  externalSource: string | null;
  externalOrderId: string;
  addresses: ShippingAddress[];
  lines: Line[];
  shipments: Shipment[];
  metafields: Metafield[];
  /** The include answers empty line items, as reported for valid orders (bigcommerce.md 2.9). */
  includeLosesLines: boolean;
  /** Its date makes no sense in any answer, as something that nobody can read. */
  unreadable?: boolean;
  /** Nothing that happens to it is told to anybody's hook. */
  losesHooks?: boolean;
}

export interface Hook {
  id: number;
  clientId: string;
  scope: string;
  destination: string;
  headers: Record<string, string> | null;
  isActive: boolean;
  /** Switched off by the shop. */
  isDeactivated?: boolean;
  /** The last event for it, or when it was switched on, on the sandbox clock. */
  lastEventAt?: number;
  createdAt: number;
  updatedAt: number;
}

export interface Delivery {
  storeHash: string;
  hookId: number;
  /** The `webhook-id`, the same over all tries and duplicates. */
  messageId: string;
  body: string;
  failures: number;
  /** When the next try is due, on the sandbox clock. */
  dueAt: number;
}

/** How webhooks misbehave, for as long as it is set. */
export interface WebhookSwitches {
  /** How many of the next deliveries are lost. */
  drop: number;
  /** How many of the next deliveries are made twice. */
  duplicate: number;
  /** Real milliseconds by which each delivery is late. */
  delayMs: number;
  /** Every other delivery is held back, so that neighbours change places. */
  reorder: boolean;
  paused: boolean;
}

export const initialState = (): BigCommerceState => ({
  stores: {},
  pending: [],
  webhooks: { drop: 0, duplicate: 0, delayMs: 0, reorder: false, paused: false },
});

/** Units of a line that can still be shipped: bought, less shipped and refunded (bigcommerce.md 2.5). */
export function unitsToShip(line: Line): number {
  if (line.type !== 'physical' || line.pickupMethodId !== 0) return 0;
  return Math.max(0, line.quantity - line.quantityShipped - line.quantityRefunded);
}

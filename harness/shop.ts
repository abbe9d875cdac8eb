import { ask } from './ask.ts';

/** An order as it is placed in the stand-in shop; what is left out is filled in there. */
export interface OrderToPlace {
  /** 11, Awaiting Fulfillment, when left out (bigcommerce.md 2.7). */
  readonly statusId?: number;
  /** Comes as Incomplete and changes its status then, as orders of a storefront do. */
  readonly viaIncomplete?: boolean;
  /** BigCommerce's number of the storefront; 1 when left out. */
  readonly channelId?: number;
  /** ISO 8601; now when left out. */
  readonly dateCreated?: string;
  /** Its lines are missing where the order is read with everything included (bigcommerce.md 2.9). */
  readonly includeLosesLines?: boolean;
  /** Answers about it cannot be read. */
  readonly unreadable?: boolean;
  /** The language that the shopper ordered in; `fi` when left out. */
  readonly customerLocale?: string;
  readonly billing: AddressToPlace;
  readonly shippingAddresses?: readonly AddressToPlace[];
  readonly lines: readonly {
    readonly name: string;
    readonly sku?: string;
    readonly quantity?: number;
    /** In the shop's unit: grams, but for the shop that changes it (demo-stores.ts). */
    readonly weight?: number;
    readonly type?: 'physical' | 'digital' | 'giftcertificate';
    /** Which of the shipping addresses, by position; the first when left out. */
    readonly address?: number;
    /** Above 0: the shopper comes for it. */
    readonly pickupMethodId?: number;
  }[];
}

export interface AddressToPlace {
  readonly firstName: string;
  readonly lastName: string;
  readonly company?: string;
  readonly street1: string;
  readonly city: string;
  readonly zip: string;
  readonly country: string;
  readonly countryIso2: string;
  readonly phone: string;
  readonly email: string;
  readonly shippingMethod?: string;
  readonly formFields?: readonly { readonly name: string; readonly value: string }[];
}

/** What the merchant and the shopper do to an order that was placed. */
export interface OrderAtTheShop {
  readonly storeHash: string;
  readonly orderId: number;
  pay(): Promise<void>;
  cancel(): Promise<void>;
  /** Any change that the stand-in's control interface knows, like `{ shippingAddress: { street1: '…' } }`. */
  change(change: object): Promise<void>;
  refund(line: number, quantity: number): Promise<void>;
  /** As editing an order in the control panel may do: the same goods under a line with another id. */
  replaceLine(line: number): Promise<void>;
  /** The merchant, or another program, makes a shipment of these lines' units, by position. */
  shipElsewhere(lines: readonly number[]): Promise<void>;
  /** The next shipment record that anybody writes by the API is kept, and answered with an error. */
  spoilRecord(): Promise<void>;
  /** Records that anybody writes by the API are refused in these words, until it takes them again. */
  refuseRecords(status: number, words: string): Promise<void>;
  takeRecords(): Promise<void>;
  /** An app of the shop writes it. */
  writeMetafield(field: { namespace: string; key: string; value: string }): Promise<void>;
  /** In its whole store, from now on. */
  weighIn(unit: WeightUnit): Promise<void>;
  /** The hook of this order is delivered again, so often. */
  hookAgain(times: number): Promise<void>;
  /** @throws Error where the shop has a record of a shipment already */
  hasNoRecord(): Promise<void>;
}

/** The shop's own books of one order. */
export interface ShopOrder {
  readonly id: number;
  readonly status_id: number;
  readonly lines: readonly {
    readonly id: number;
    readonly quantity: number;
    readonly name: string;
    readonly sku: string;
    readonly weight: string;
    readonly price: string;
  }[];
  readonly shipments: readonly {
    readonly id: number;
    readonly tracking_number: string;
    readonly tracking_link?: string;
    readonly shipping_method?: string;
    readonly items: readonly { readonly quantity: number }[];
    /** An API account, or `control`: somebody else. */
    readonly by: string;
  }[];
}

export interface ShopStore {
  readonly hash: string;
  readonly token: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly name: string;
  /** Left out: grams, or as it is. */
  readonly weightUnits?: WeightUnit;
}

export type WeightUnit = 'Grams' | 'KGS';

/** The stand-in shop from behind the counter. */
export interface Shop {
  openStore(store: ShopStore): Promise<void>;
  place(storeHash: string, order: OrderToPlace): Promise<OrderAtTheShop>;
  order(storeHash: string, orderId: number): OrderAtTheShop;
  orderBooks(storeHash: string, orderId: number): Promise<ShopOrder>;
  /** While paused, deliveries of webhooks wait. */
  pauseWebhooks(paused: boolean): Promise<void>;
}

/** Requests per 30 seconds of a standard plan (bigcommerce.md 6.1); 0 is any number. */
const quotaOf = { standardPlan: 150, noLimit: 0 };

export function createShop(url: string, { standardQuota = false }: { standardQuota?: boolean } = {}): Shop {
  const orderPath = (storeHash: string, orderId: number) => `${url}/_control/stores/${storeHash}/orders/${orderId}`;
  const order = (storeHash: string, orderId: number): OrderAtTheShop => {
    const path = orderPath(storeHash, orderId);
    const books = () => ask<ShopOrder>('GET', path);
    const recordFault = `records-${storeHash}-${orderId}`;
    const takeRecords = () => ask('DELETE', `${url}/_control/faults/${recordFault}`);
    return {
      storeHash,
      orderId,
      pay: () => ask('POST', `${path}/pay`),
      cancel: () => ask('POST', `${path}/cancel`),
      change: (change) => ask('PATCH', path, change),
      async refund(line, quantity) {
        await ask('PATCH', path, { refund: [{ lineId: (await books()).lines[line]?.id, quantity }] });
      },
      async replaceLine(line) {
        const old = (await books()).lines[line];
        if (!old) throw new Error(`The order has no line ${line + 1}.`);
        const { id, name, sku, quantity, weight, price } = old;
        await ask('PATCH', path, { addLines: [{ name, sku, quantity, weight, price }], removeLine: id });
      },
      async shipElsewhere(lines) {
        const all = (await books()).lines;
        const items = lines.map((i) => ({ order_product_id: all[i]?.id, quantity: all[i]?.quantity }));
        await ask('POST', `${path}/shipments`, { items });
      },
      spoilRecord: () =>
        ask('POST', `${url}/_control/faults`, {
          ...{ kind: 'status', status: 500, after: true, method: 'POST' },
          path: `/stores/${storeHash}/v2/orders/${orderId}/shipments$`,
        }),
      async refuseRecords(status, words) {
        await takeRecords();
        await ask('POST', `${url}/_control/faults`, {
          ...{ id: recordFault, kind: 'status', status, body: [{ status, message: words }], times: -1, method: 'POST' },
          path: `/stores/${storeHash}/v2/orders/${orderId}/shipments$`,
        });
      },
      takeRecords,
      writeMetafield: (field) => ask('PUT', `${path}/metafields`, field),
      weighIn: (weightUnits) => ask('PUT', `${url}/_control/stores/${storeHash}/units`, { weightUnits }),
      async hookAgain(times) {
        const once = () => ask('POST', `${url}/_control/webhooks/redeliver`, { hash: storeHash, orderId });
        await Promise.all(Array.from({ length: times }, once));
      },
      async hasNoRecord() {
        const { length } = (await books()).shipments;
        if (length > 0) throw new Error(`The shop has ${length} records of ${storeHash}/${orderId} too early.`);
      },
    };
  };
  return {
    order,
    // Without a limit of requests: a fast clock would use up an hour's share in a second.
    openStore: (store) =>
      ask('POST', `${url}/_control/stores`, {
        ...store,
        quota: standardQuota ? quotaOf.standardPlan : quotaOf.noLimit,
      }),
    async place(storeHash, draft) {
      const { id } = await ask<{ id: number }>('POST', `${url}/_control/stores/${storeHash}/orders`, draft);
      return order(storeHash, id);
    },
    orderBooks: (storeHash, orderId) => ask('GET', orderPath(storeHash, orderId)),
    pauseWebhooks: (paused) => ask('PUT', `${url}/_control/webhooks`, { paused }),
  };
}

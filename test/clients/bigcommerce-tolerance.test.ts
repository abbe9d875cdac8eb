import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BigCommerceApi } from '../../src/bigcommerce/api.ts';
import { createBigCommerce } from '../../src/bigcommerce/client.ts';
import { createHttpSender, type HttpSender } from '../../src/http-client/sender.ts';
import { startServer, type Reply, type TestServer } from './server.ts';
import { aWireAddress, aWireLine, aWireOrder } from './wire-order.builder.ts';

/** What shops really send in place of what the documentation shows: bigcommerce.md 0.4, 2 and 9, checkout-shoppers.md 1. */

const store = { storeHash: 'abc123', accessToken: 'tok-canary' };
const call = { about: { storeHash: 'abc123', orderId: 100 } };

let byPath: [pattern: RegExp, reply: Reply][];
let server: TestServer;
let sender: HttpSender;
let shop: BigCommerceApi;

beforeEach(async () => {
  byPath = [];
  server = await startServer(
    ({ method, path }) => byPath.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1] ?? { status: 404 },
  );
  sender = createHttpSender({ timeouts: { total: 1_000 } });
  shop = createBigCommerce({ baseUrl: server.url, sender, log: () => {}, clock: { now: () => new Date() } });
});
afterEach(async () => {
  await server.close();
  await sender.close();
});

const answers = (...replies: [RegExp, Reply][]): void => void (byPath = replies);
const asked = () => server.received.map(({ path }) => path.replace('/stores/abc123', ''));
const order = (body: object) => {
  answers([/orders\/100\?/, { status: 200, body }]);
  return shop.getOrder(store, 100, call);
};

describe('the rates that a shopper chose', () => {
  const quote = { id: '55', rate_id: 'PO2103.001003230', rate_code: 'PO2103', shipping_provider_quote: [] };
  const read = { id: '55', rate_id: 'PO2103.001003230', rate_code: 'PO2103' };
  const nested = { rateId: 'PO2103.001003230', code: 'PO2103', name: 'Noutopiste', rate: { value: 5 } };

  test.each<[string, Reply, object[]]>([
    ['a list of one', { status: 200, body: [quote] }, [read]],
    ['one bare object', { status: 200, body: quote }, [read]],
    ['204', { status: 204 }, []],
    ['an empty list', { status: 200, body: [] }, []],
    ['an empty object', { status: 200, body: {} }, []],
    ['null', { status: 200, body: 'null' }, []],
    ['no body', { status: 200 }, []],
    ['{} for absent texts', { status: 200, body: { ...quote, rate_code: {} } }, [{ ...read, rate_code: null }]],
    [
      'the rate in the provider’s own words',
      { status: 200, body: { id: '55', shipping_provider_quote: nested } },
      [read],
    ],
    [
      'a list of one provider’s quote',
      { status: 200, body: { id: '55', rate_id: {}, shipping_provider_quote: [nested] } },
      [read],
    ],
    [
      'a rate id that is shortened, and whole in the provider’s own words',
      { status: 200, body: { ...quote, rate_id: 'PO2103.0010', shipping_provider_quote: nested } },
      [read],
    ],
    [
      'another rate id in the provider’s own words, which is read second',
      { status: 200, body: { ...quote, shipping_provider_quote: { ...nested, rateId: 'PO2103.999999999' } } },
      [read],
    ],
    [
      'a provider’s quote that makes no sense',
      { status: 200, body: { ...quote, shipping_provider_quote: 'UPS' } },
      [read],
    ],
  ])('the rates that a shopper chose are read from %s', async (_shape, reply, expected) => {
    answers([/shipping_quotes/, reply]);
    expect(await shop.listShippingQuotes(store, 100, 88, call)).toEqual(expected);
  });

  test('no rate is made up from an answer that makes no sense', async () => {
    answers([/shipping_quotes/, { status: 200, body: ['PO2103'] }]);
    await expect(shop.listShippingQuotes(store, 100, 88, call)).rejects.toMatchObject({
      code: 'bigcommerce_unreadable',
    });
  });
});

describe('a part of an order that we could do without', () => {
  test.each<[string, Record<string, unknown>]>([
    ['a date of change that is none', { date_modified: 'soon' }],
    ['billing as an empty list', { billing_address: [] }],
    ['billing that makes no sense', { billing_address: 'Aino' }],
    ['notes as {}', { staff_notes: {} }],
    ['a number of shipped units that is none', { items_shipped: 'some' }],
    ['a customer that is none', { customer_id: [] }],
  ])('an order is read in spite of a part that is not needed: %s', async (_what, fields) => {
    expect(await order(aWireOrder(fields))).toMatchObject({ complete: true, lines: [{ id: 310 }] });
  });

  test('an address is read with null where the shop sent {} or [] for an absent text', async () => {
    const address = { ...aWireAddress({ company: {}, street_2: [], state: {} }), line_items: [aWireLine()] };
    const consignments = { pickups: [], shipping: [address], downloads: [], email: { gift_certificates: [] } };
    expect((await order(aWireOrder({ consignments })))?.addresses).toMatchObject([
      { company: null, street_2: null, state: null },
    ]);
    expect(asked()).toHaveLength(1);
  });

  test.each<[string, unknown, object[]]>([
    ['an empty object', {}, []],
    ['null', null, []],
    [
      'one of them that cannot be read, beside one that can',
      [{ label: 'no name' }, 'x', { name: 'Pickup point', value: 1003230 }],
      [{ name: 'Pickup point', value: '1003230' }],
    ],
    [
      'a value that nobody can read',
      [{ name: 'Pickup point', value: { id: 1 } }],
      [{ name: 'Pickup point', value: '' }],
    ],
  ])('an address is read with form fields as %s', async (_what, form_fields, expected) => {
    const shipping = [{ ...aWireAddress({ form_fields }), line_items: [aWireLine()] }];
    const read = await order(aWireOrder({ consignments: { pickups: [], shipping } }));
    expect(read?.addresses[0]?.form_fields).toEqual(expected);
  });
});

describe('a part that decides what is shipped, and to whom', () => {
  const lineThat = (fields: Record<string, unknown>) => ({
    body: aWireOrder({}, [aWireLine(fields)]),
    line: aWireLine(fields),
  });

  test.each<[string, Record<string, unknown>]>([
    ['when it was made', { date_created: 'soon' }],
    ['its status', { status_id: 'paid' }],
    ['whether it is archived', { is_deleted: 'perhaps' }],
    ['its storefront', { channel_id: 'main' }],
  ])('an order is not read where a decisive part makes no sense: %s', async (_what, fields) => {
    await expect(order(aWireOrder(fields))).rejects.toMatchObject({ kind: 'invalid', code: 'bigcommerce_unreadable' });
  });

  test.each<[string, Record<string, unknown>]>([
    ['how many were shipped', { quantity_shipped: 'all' }],
    ['how many were refunded', { quantity_refunded: [1] }],
    ['whether the shopper collects it', { order_pickup_method_id: 'shop' }],
    ['what kind it is', { type: ['digital'] }],
  ])('an order is not read where a decisive part of a line makes no sense: %s', async (_what, fields) => {
    const { body, line } = lineThat(fields);
    answers(
      [/products\?/, { status: 200, body: [line] }],
      [/shipping_addresses\?/, { status: 200, body: [aWireAddress()] }],
      [/orders\/100\?/, { status: 200, body }],
    );
    await expect(shop.getOrder(store, 100, call)).rejects.toMatchObject({ code: 'bigcommerce_unreadable' });
  });

  test('an order is not read where the street of its address is not a text', async () => {
    const street = aWireAddress({ street_1: { line: 'Kuvitteellinen katu 1' } });
    answers(
      [/products\?/, { status: 200, body: [aWireLine()] }],
      [/shipping_addresses\?/, { status: 200, body: [street] }],
      [
        /orders\/100\?/,
        { status: 200, body: aWireOrder({ consignments: { shipping: [{ ...street, line_items: [] }] } }) },
      ],
    );
    const failure = shop.getOrder(store, 100, call);
    await expect(failure).rejects.toMatchObject({ code: 'bigcommerce_unreadable' });
    await expect(failure).rejects.not.toThrow(/Kuvitteellinen/);
  });

  test.each([
    ['1', true],
    ['0', false],
    ['true', true],
    ['false', false],
    [1, true],
    [null, false],
  ])('an order is archived where the shop says %o: %s', async (is_deleted, expected) => {
    expect((await order(aWireOrder({ is_deleted })))?.order.is_deleted).toBe(expected);
  });
});

test('an order that cannot be read does not keep the other orders of its page from being read', async () => {
  const page = [
    aWireOrder({ id: 100 }),
    aWireOrder({ id: 101, date_created: 'soon' }),
    aWireOrder({ id: 'x', date_created: 'soon', date_modified: 'soon' }),
    aWireOrder({ id: 102, items_total: 3 }),
    aWireOrder({ id: 103 }),
    'no order',
  ];
  answers(
    [/102\/products\?/, { status: 200, body: [aWireLine({ quantity: 'many' })] }],
    [/orders\?/, { status: 200, body: page }],
  );
  const { orders, unreadable } = await shop.listOrders(store, { page: 1, limit: 50, include: true }, call);
  expect(orders.map((it) => it.order.id)).toEqual([100, 103]);
  const modifiedAt = new Date('2026-06-18T14:23:09Z');
  expect(unreadable).toMatchObject([
    { orderId: 101, modifiedAt, failure: { code: 'bigcommerce_unreadable' } },
    { orderId: null, modifiedAt: null },
    { orderId: 102, modifiedAt },
    { orderId: null },
  ]);
});

test.each([
  ['closed to us', { status: 403, body: { status: 403, title: 'Forbidden', errors: {} } }, 'bigcommerce_forbidden'],
  ['locked', { status: 423 }, 'bigcommerce_locked'],
] as [string, Reply, string][])(
  'an order of a page that is %s does not keep the others from being read',
  async (_, reply, code) => {
    answers(
      [/101\/products\?/, reply],
      [/v2\/store/, { status: 200, body: {} }],
      [/orders\?/, { status: 200, body: [aWireOrder({ id: 101, items_total: 3 }), aWireOrder({ id: 102 })] }],
    );
    const { orders, unreadable } = await shop.listOrders(store, { page: 1, limit: 50, include: true }, call);
    expect(orders.map((it) => it.order.id)).toEqual([102]);
    expect(unreadable).toMatchObject([{ orderId: 101, failure: { code } }]);
  },
);

describe('an order with missing lists', () => {
  const doubtful = aWireOrder({ shipping_address_count: 2 });

  test.each([
    ['lines', [/shipping_addresses/, { status: 200, body: [aWireAddress()] }]],
    ['addresses', [/products/, { status: 200, body: [aWireLine()] }]],
  ] as [string, [RegExp, Reply]][])(
    'an order is not taken as deleted where only the list of its %s is missing',
    async (_part, other) => {
      answers(other, [/orders\/100\?/, { status: 200, body: doubtful }]);
      await expect(shop.getOrder(store, 100, call)).rejects.toMatchObject({ code: 'bigcommerce_unreadable' });
    },
  );

  test('an order without a list of addresses has no addresses, where nothing of it is shipped', async () => {
    answers(
      [/products/, { status: 200, body: [aWireLine({ type: 'digital', order_address_id: 0 })] }],
      [/orders\/100\?/, { status: 200, body: doubtful }],
    );
    expect(await shop.getOrder(store, 100, call)).toMatchObject({ lines: [{ type: 'digital' }], addresses: [] });
  });
});

describe('a 403', () => {
  const noScope = {
    status: 403,
    body: { status: 403, title: "You don't have a required scope to access the endpoint" },
  };
  const no = { status: 403, body: { status: 403, title: 'Not this one.' } };
  const theStore = [/\/v2\/store$/, { status: 200, body: { id: 'abc123' } }] as [RegExp, Reply];
  const shipment = { order_address_id: 88, items: [], tracking_number: 'JJFI1' };

  test('a 403 of a missing scope names the scope and suspends no account', async () => {
    answers(theStore, [/./, noScope]);
    const reading = shop.getOrder(store, 100, call);
    await expect(reading).rejects.toMatchObject({ kind: 'forbidden', code: 'bigcommerce_scope_missing', status: 403 });
    await expect(reading).rejects.toThrow(/Orders \(read-only or modify\)/);
    await expect(shop.createShipment(store, 100, shipment, call)).rejects.toThrow(/Orders \(modify\)/);
  });

  test('a 403 of one order is about that order where other orders can be read', async () => {
    answers(theStore, [/orders\?limit=1/, { status: 200, body: [aWireOrder()] }], [/./, no]);
    await expect(shop.getOrder(store, 100, call)).rejects.toMatchObject({
      kind: 'forbidden',
      code: 'bigcommerce_forbidden',
    });
  });

  test('a 403 without a text is about the scope where no other order can be read either', async () => {
    answers(theStore, [/./, { status: 403 }]);
    await expect(shop.getOrder(store, 100, call)).rejects.toMatchObject({ code: 'bigcommerce_scope_missing' });
  });

  test('a 403 of the store’s own route means that the token is refused', async () => {
    answers([/./, no]);
    await expect(shop.getOrder(store, 100, call)).rejects.toMatchObject({ kind: 'credentials' });
  });

  test('a 403 of the store’s own route for its scope alone does not mean that the token is refused', async () => {
    answers([/\/v2\/store$/, noScope], [/orders\?limit=1/, { status: 200, body: [] }], [/./, no]);
    await expect(shop.getOrder(store, 100, call)).rejects.toMatchObject({ code: 'bigcommerce_forbidden' });
    await expect(shop.getStore(store, call)).rejects.toMatchObject({ code: 'bigcommerce_scope_missing' });
  });

  test('a 403 counts as an outage of the shop where the store’s own route is out of order', async () => {
    answers([/\/v2\/store$/, { status: 503 }], [/./, no]);
    await expect(shop.getOrder(store, 100, call)).rejects.toMatchObject({ kind: 'retryable' });
  });
});

describe('a 401', () => {
  test('a 401 of one route suspends no account where the store’s own route takes the token', async () => {
    answers([/\/v2\/store$/, { status: 200, body: { id: 'abc123' } }], [/./, { status: 401 }]);
    await expect(shop.listHooks(store, call)).rejects.toMatchObject({ code: 'bigcommerce_scope_missing' });
  });

  test('a 401 of several calls is checked against the store’s own route once', async () => {
    answers([/./, { status: 401 }]);
    const all = await Promise.allSettled([1, 2, 3, 4].map((id) => shop.getOrder(store, id, call)));
    expect(all).toMatchObject(Array(4).fill({ status: 'rejected', reason: { kind: 'credentials' } }));
    expect(asked().filter((path) => path === '/v2/store').length).toBeLessThanOrEqual(2);
  });
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BigCommerceApi } from '../../src/bigcommerce/api.ts';
import { createBigCommerce } from '../../src/bigcommerce/client.ts';
import type { Exchange } from '../../src/exchanges/exchange.ts';
import { createHttpSender, type HttpSender } from '../../src/http-client/sender.ts';
import { startServer, type Received, type Reply, type TestServer } from './server.ts';
import { aWireAddress, aWireLine, aWireOrder } from './wire-order.builder.ts';

const store = { storeHash: 'abc123', accessToken: 'tok-canary' };
const call = { about: { storeHash: 'abc123', orderId: 100 } };
const now = new Date('2026-11-22T10:00:00Z');

let reply: (request: Received) => Reply;
let server: TestServer;
let sender: HttpSender;
let shop: BigCommerceApi;
let log: Exchange[];

beforeEach(async () => {
  log = [];
  server = await startServer((request) => reply(request));
  sender = createHttpSender({ timeouts: { total: 1_000 } });
  shop = createBigCommerce({
    baseUrl: server.url,
    sender,
    log: (exchange) => log.push(exchange),
    clock: { now: () => now },
  });
});
afterEach(async () => {
  await server.close();
  await sender.close();
});

const answers = (...byPath: [pattern: RegExp, reply: Reply][]): void => {
  reply = (request) =>
    byPath.find(([pattern]) => pattern.test(`${request.method} ${request.path}`))?.[1] ?? { status: 404 };
};

describe('reading an order', () => {
  test('an order takes one call where lines and addresses came with it', async () => {
    answers([/orders\/100/, { status: 200, body: aWireOrder() }]);
    const order = await shop.getOrder(store, 100, call);
    expect(order).toMatchObject({
      complete: true,
      order: { id: 100, status_id: 11, total_inc_tax: '109.0000', date_shipped: null, staff_notes: null },
      lines: [{ id: 310, quantity: 2, weight: '0.5000', order_address_id: 88 }],
      addresses: [
        { id: 88, zip: '00100', country_iso2: 'FI', form_fields: [{ name: 'Pickup point', value: '001003230' }] },
      ],
    });
    expect(order?.order.date_modified).toEqual(new Date('2026-06-18T14:23:09Z'));
    expect(server.received.map((it) => it.path)).toEqual([
      '/stores/abc123/v2/orders/100?include=consignments.line_items&consignment_structure=object',
    ]);
    expect(server.received[0]!.headers['x-auth-token']).toBe('tok-canary');
  });

  test.each([
    ['the units do not add up', aWireOrder({ items_total: 3 })],
    ['line items came empty', aWireOrder({}, [])],
    ['there is a warning of missing lines', aWireOrder({ __warning__: 'only 50' })],
    ['the legacy array came', aWireOrder({ consignments: [{ id: 88 }] })],
    ['only links came', aWireOrder({ consignments: { url: 'https://x.example', resource: '/y' } })],
    ['an address is missing', aWireOrder({ shipping_address_count: 2 })],
    ['a line is of an address that did not come', aWireOrder({}, [aWireLine({ order_address_id: 89 })])],
  ])('an order takes calls for lines and addresses where %s', async (_why, body) => {
    answers(
      [/products\?page=1/, { status: 200, body: [aWireLine({ quantity: 3 })] }],
      [/shipping_addresses\?page=1/, { status: 200, body: [aWireAddress()] }],
      [/orders\/100\?/, { status: 200, body }],
    );
    const order = await shop.getOrder(store, 100, call);
    expect(order).toMatchObject({ complete: true, lines: [{ id: 310, quantity: 3 }], addresses: [{ id: 88 }] });
    expect(server.received).toHaveLength(3);
  });

  test('an answer about another order, of a connection that is out of step, is not taken', async () => {
    answers([/orders\/100\?/, { status: 200, body: aWireOrder({ id: 99 }) }]);
    await expect(shop.getOrder(store, 100, call)).rejects.toMatchObject({ kind: 'retryable' });
  });

  test('a long order is read over all pages, also from a shop that gives fifty lines at a time', async () => {
    const lines = (from: number, count: number) => Array.from({ length: count }, (_, n) => aWireLine({ id: from + n }));
    answers(
      [/products\?page=1/, { status: 200, body: lines(1, 50) }],
      [/products\?page=2/, { status: 200, body: lines(51, 50) }],
      [/products\?page=3/, { status: 204 }],
      [/shipping_addresses/, { status: 200, body: [aWireAddress()] }],
      [/orders\/100\?/, { status: 200, body: aWireOrder({ items_total: 200 }) }],
    );
    expect((await shop.getOrder(store, 100, call))?.lines).toHaveLength(100);
  });

  test('a digital order is known by its empty address list', async () => {
    answers(
      [/products/, { status: 200, body: [aWireLine({ type: 'digital', order_address_id: 0 })] }],
      [/shipping_addresses/, { status: 204 }],
      [/orders\/100\?/, { status: 200, body: aWireOrder({ shipping_address_count: 0, items_total: 9 }) }],
    );
    expect(await shop.getOrder(store, 100, call)).toMatchObject({ lines: [{ type: 'digital' }], addresses: [] });
  });

  test('an order that the shop does not have is null', async () => {
    reply = () => ({ status: 404, body: [{ status: 404, message: 'The requested resource was not found.' }] });
    expect(await shop.getOrder(store, 100, call)).toBeNull();
  });

  test('an order is read with numbers that came as text and nulls that came as empty text', async () => {
    const body = aWireOrder({ status_id: '11', items_total: '2', external_id: '', customer_message: '' });
    answers([/orders\/100/, { status: 200, body }]);
    expect((await shop.getOrder(store, 100, call))?.order).toMatchObject({ status_id: 11, customer_message: null });
  });
});

test('an empty page of orders is an empty list', async () => {
  reply = () => ({ status: 204 });
  const query = { minDateModified: new Date('2026-11-01T00:00:00.500Z'), page: 2, limit: 250, include: true } as const;
  expect(await shop.listOrders(store, { ...query, sort: 'date_modified:asc' }, call)).toEqual({
    orders: [],
    unreadable: [],
  });
  const sent = new URL(server.received[0]!.path, server.url).searchParams;
  expect(Object.fromEntries(sent)).toEqual({
    page: '2',
    limit: '250',
    sort: 'date_modified:asc',
    min_date_modified: '2026-11-01T00:00:00+00:00',
    include: 'consignments.line_items',
    consignment_structure: 'object',
  });
});

test('other calls to the shop have their turn between two pages of orders', async () => {
  answers([/orders\?/, { status: 200, body: Array.from({ length: 50 }, (_, n) => aWireOrder({ id: 100 + n })) }]);
  let turns = 0;
  let isRead = false;
  const takeTurns = () => {
    turns += log.length; // the exchange is written down when its answer has come
    if (!isRead) setImmediate(takeTurns);
  };
  takeTurns();
  expect((await shop.listOrders(store, { page: 1, limit: 50, include: true }, call)).orders).toHaveLength(50);
  isRead = true;
  expect(turns).toBeGreaterThanOrEqual(50);
});

test('a list without include says that lines were not read', async () => {
  reply = () => ({ status: 200, body: [aWireOrder()] });
  expect(await shop.listOrders(store, { page: 1, limit: 50, include: false }, call)).toMatchObject({
    orders: [{ order: { id: 100 }, lines: [], addresses: [], complete: false }],
  });
});

describe('the rates that a shopper chose', () => {
  const quotes = { url: /GET .*\/shipping_addresses\/88\/shipping_quotes$/ };
  test('the rates that a shopper chose are read with the provider’s own data', async () => {
    const rate = { id: '7', uuid: 'u', shipping_provider_quote: {}, rate_id: 'PO2103-001003230', rate_code: '' };
    answers([quotes.url, { status: 200, body: [rate] }]);
    expect(await shop.listShippingQuotes(store, 100, 88, call)).toEqual([
      { id: '7', rate_id: 'PO2103-001003230', rate_code: null },
    ]);
  });

  test.each([
    ['of an order that no storefront made', 204],
    ['of an address that is gone', 404],
  ])('the rates %s are an empty list', async (_why, status) => {
    answers([quotes.url, { status }]);
    expect(await shop.listShippingQuotes(store, 100, 88, call)).toEqual([]);
  });
});

test('a shipment is created with an empty provider, so that the mail has its tracking link', async () => {
  reply = () => ({ status: 201, body: { id: 7, order_id: 100, items: [], tracking_number: 'JJFI1' } });
  const draft = { order_address_id: 88, tracking_number: 'JJFI1', items: [{ order_product_id: 310, quantity: 2 }] };
  expect(await shop.createShipment(store, 100, draft, call)).toMatchObject({ id: 7, tracking_number: 'JJFI1' });
  expect(JSON.parse(server.received[0]!.body)).toEqual({ shipping_provider: '', ...draft });
});

test('a shipment whose answer is lost has an unknown outcome, and is not asked for again', async () => {
  reply = () => ({ harm: 'reset' });
  const draft = { order_address_id: 88, tracking_number: 'JJFI1', items: [] };
  await expect(shop.createShipment(store, 100, draft, call)).rejects.toMatchObject({ kind: 'outcome_unknown' });
  expect(server.received).toHaveLength(1);
});

test('deleting what is deleted already is no error', async () => {
  reply = () => ({ status: 404 });
  await shop.deleteShipment(store, 100, 7, call);
  expect(server.received[0]).toMatchObject({ method: 'DELETE', path: '/stores/abc123/v2/orders/100/shipments/7' });
});

test.each([0, Number.NaN, -1, undefined as unknown as number])(
  'an id of %s never becomes a call that deletes all of them',
  async (broken) => {
    reply = () => ({ status: 204 });
    await expect(shop.deleteShipment(store, 100, broken, call)).rejects.toThrow(TypeError);
    expect(server.received).toEqual([]);
  },
);

test('a webhook keeps its headers, and the log does not', async () => {
  const draft = {
    scope: 'store/order/*',
    destination: 'https://l.example/x',
    is_active: true,
    headers: { s: 'canary' },
  };
  reply = () => ({ status: 200, body: { data: { id: 5, ...draft }, meta: {} } });
  expect(await shop.createHook(store, draft, call)).toEqual({ id: 5, ...draft });
  expect(JSON.stringify(log)).not.toContain('canary');
});

test('a metafield that exists is a conflict', async () => {
  reply = () => ({ status: 409, body: { status: 409, title: 'Conflict' } });
  const draft = { permission_set: 'read', namespace: 'lahetti', key: 'k', value: 'v' } as const;
  await expect(shop.createMetafield(store, 100, draft, call)).rejects.toMatchObject({ kind: 'conflict' });
});

test('the quota of a store is what its last answer said', async () => {
  const headers = {
    'X-Rate-Limit-Requests-Left': '12',
    'X-Rate-Limit-Requests-Quota': '150',
    'X-Rate-Limit-Time-Reset-Ms': '4000',
  };
  reply = () => ({ status: 200, headers, body: { time: 1_750_000_000 } });
  expect(shop.quota('abc123')).toBeUndefined();
  expect(await shop.getTime(store, call)).toEqual(new Date(1_750_000_000_000));
  expect(shop.quota('abc123')).toEqual({
    requestsLeft: 12,
    requestsQuota: 150,
    resetsAt: new Date(now.getTime() + 4000),
    seenAt: now,
  });
});

describe('the log of calls to the shop', () => {
  test('each call to the shop is written down once with its purpose, and without people or tokens', async () => {
    answers([/orders\/100/, { status: 200, body: aWireOrder() }]);
    await shop.getOrder(store, 100, call);
    expect(log).toHaveLength(1);
    expect(log[0]).toMatchObject({
      system: 'bigcommerce',
      account: 'abc123',
      at: now,
      method: 'GET',
      purpose: 'read order',
      status: 200,
      errorCode: null,
      about: call.about,
    });
    expect(JSON.stringify(log)).not.toMatch(/Esimerkki|Kuvitteellinen|aino@|tok-canary/);
  });

  test.each([
    ['an answer that refuses', { status: 401, body: 'Unauthorized' }, 'bigcommerce_token_refused', 401],
    ['an answer that cannot be read', { status: 200, body: '{"id":' }, 'bigcommerce_garbled', 200],
    ['no answer', { harm: 'reset' }, 'bigcommerce_unreachable', null],
    ['half an answer', { harm: 'half', status: 200, body: '{"id":1' }, 'bigcommerce_unreachable', 200],
  ] as [string, Reply, string, number | null][])(
    'each call to the shop is written down once for %s',
    async (_name, harm, errorCode, status) => {
      reply = () => harm;
      await expect(shop.getOrder(store, 100, call)).rejects.toMatchObject({ code: errorCode });
      expect(log).toHaveLength(server.received.length);
      expect(log[0]).toMatchObject({ errorCode, status });
    },
  );
});

import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { eventually } from '../support/wait.ts';
import type { OrderInHand } from './order.ts';
import type { Shop } from './shop.ts';
import { startWorld } from './world.ts';

const world = await startWorld();

const ordersOf = (shop: Shop, count: number): Promise<OrderInHand[]> =>
  Promise.all(Array.from({ length: count }, () => shop.order()));

async function bookedOrders(shop: Shop, count: number): Promise<OrderInHand[]> {
  const orders = await ordersOf(shop, count);
  for (const order of orders) await order.bookToTheEnd();
  return orders;
}

/** Tells the shop of all of them, one every 20 ms. */
async function tellAll(orders: readonly OrderInHand[]): Promise<void> {
  await Promise.all(
    orders.map(async (order, i) => {
      await delay(20 * i);
      await order.tell();
    }),
  );
}

async function expectAllTold(orders: readonly OrderInHand[]): Promise<void> {
  for (const order of orders) {
    const { trackingNumbers, told, attention } = await order.only();
    expect({ told, attention }).toEqual({ told: 'told', attention: null });
    expect((await order.inShop()).shipments.map((record) => record.tracking_number)).toEqual(trackingNumbers);
  }
}

const requestsOf = async (shop: Shop): Promise<number> =>
  (await world.bigcommerce.books()).stores.find(({ hash }) => hash === shop.storeHash)!.requests.total;

describe('an outage of BigCommerce', () => {
  test('an outage of BigCommerce is one incident, needs no person, and each shipment has one record afterwards', async () => {
    const shop = await world.shop({ speed: 200, httpMs: 1_000 });
    const orders = await bookedOrders(shop, 12);
    const mend = await world.bigcommerce.harm({ kind: 'hangup-before', times: -1, path: shop.storeHash });
    const before = await requestsOf(shop);
    const allTold = tellAll(orders);
    await eventually(async () => expect(await shop.troubles()).toHaveLength(1));
    await eventually(async () => (await requestsOf(shop)) - before >= 3);
    expect(await shop.troubles()).toMatchObject([{ system: 'bigcommerce', state: 'paused' }]);
    for (const order of orders) expect((await order.only()).attention).toBeNull();

    await mend();
    await allTold;
    await expectAllTold(orders);
    expect(await shop.troubles()).toEqual([]);
  });

  test('an outage of BigCommerce that hides that it stored leaves one record of each shipment', async () => {
    const shop = await world.shop({ speed: 1_000, httpMs: 700 });
    const orders = await bookedOrders(shop, 4);
    await world.bigcommerce.harm({ kind: 'hangup-after', times: 4, method: 'POST', path: shop.storeHash });
    await tellAll(orders);
    await expectAllTold(orders);
  });

  test('an outage of BigCommerce keeps thirty orders waiting, and all are planned afterwards', async () => {
    const shop = await world.shop();
    const orders = await ordersOf(shop, 30);
    const mend = await world.bigcommerce.harm({ kind: 'status', status: 503, times: -1, path: shop.storeHash });
    const before = await requestsOf(shop);
    const looks = Promise.all(orders.map((order) => order.look()));
    await eventually(async () =>
      expect(await shop.troubles()).toMatchObject([{ system: 'bigcommerce', state: 'paused' }]),
    );
    await eventually(async () => (await requestsOf(shop)) - before > 30);
    await mend();
    await looks;
    for (const order of orders) expect((await order.state()).phase).toBe('under_way');
    expect(await shop.troubles()).toEqual([]);
  });
});

describe('a BigCommerce that asks for fewer requests', () => {
  test('a BigCommerce that throttles gets no call until the time that it names', async () => {
    const shop = await world.shop();
    const [order, another] = (await ordersOf(shop, 2)) as [OrderInHand, OrderInHand];
    const headers = { 'x-rate-limit-time-reset-ms': '700', 'x-retry-after': '1' };
    await world.bigcommerce.harm({ kind: 'throttle', headers, path: shop.storeHash });
    const startedAt = performance.now();
    const looked = order.look();
    await eventually(async () => expect(await shop.troubles()).toMatchObject([{ reason: 'throttled' }]));
    const before = await requestsOf(shop);
    await expect(another.lookOnce()).rejects.toMatchObject({ kind: 'paused', code: 'bigcommerce_paused' });
    expect(await requestsOf(shop)).toBe(before);
    await looked;
    expect(performance.now() - startedAt).toBeGreaterThan(950);
    expect(await shop.troubles()).toEqual([]);
  });

  test('a BigCommerce that throttles without a time gets no call for ten seconds', async () => {
    const shop = await world.shop();
    const order = await shop.order();
    await world.bigcommerce.harm({ kind: 'throttle', path: shop.storeHash });
    await expect(order.lookOnce()).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 10_000 });
    const before = await requestsOf(shop);
    await expect(order.lookOnce()).rejects.toMatchObject({ kind: 'paused', code: 'bigcommerce_paused' });
    expect(await requestsOf(shop)).toBe(before);
  });
});

test('a token that the shop does not take is one incident, and what waits goes on when it is taken again', async () => {
  const shop = await world.shop();
  const orders = await bookedOrders(shop, 3);
  const mend = await world.bigcommerce.harm({ kind: 'status', status: 401, times: -1, path: shop.storeHash });
  const allTold = tellAll(orders);
  await eventually(async () =>
    expect(await shop.troubles()).toEqual([
      { system: 'bigcommerce', state: 'closed', reason: 'bigcommerce_token_refused' },
    ]),
  );
  await mend();
  await allTold;
  await expectAllTold(orders);
  expect(await shop.troubles()).toEqual([]);
});

test('a BigCommerce that answers late, but within the limit, has one record of each', async () => {
  const shop = await world.shop();
  const orders = await bookedOrders(shop, 4);
  const mend = await world.bigcommerce.harm({ kind: 'slow', ms: 400, times: -1, path: shop.storeHash });
  await tellAll(orders);
  await mend();
  await expectAllTold(orders);
});

describe('a scope that the access token lacks', () => {
  const noScope = {
    status: 403,
    body: { status: 403, title: "You don't have a required scope to access the endpoint", errors: {} },
  };

  test('stops what needs it, and nothing else: without leave to change orders they are read and booked', async () => {
    const shop = await world.shop();
    const order = await shop.order();
    await order.bookToTheEnd();
    const path = `/${shop.storeHash}/v2/orders/`;
    const mend = await world.bigcommerce.harm({ kind: 'status', ...noScope, times: -1, method: 'POST', path });
    await expect(order.tellOnce()).rejects.toMatchObject({ kind: 'forbidden', code: 'bigcommerce_scope_missing' });
    expect(await shop.troubles()).toEqual([
      { system: 'bigcommerce_orders_modify', state: 'closed', reason: 'bigcommerce_scope_missing' },
    ]);
    const another = await shop.order();
    expect((await another.bookToTheEnd()).phase).toBe('booked');
    await expect(another.tellOnce()).rejects.toMatchObject({ kind: 'paused' });

    await mend();
    await expectAllTold(await Promise.all([order, another].map(async (one) => (await one.tell(), one))));
    expect(await shop.troubles()).toEqual([]);
  });

  test('a 403 of one order is about that order, and the others of the store go on', async () => {
    const shop = await world.shop();
    const [order, another] = (await ordersOf(shop, 2)) as [OrderInHand, OrderInHand];
    const body = { status: 403, title: 'Not this one.', errors: {} };
    const path = `/${shop.storeHash}/v2/orders/${order.ref.orderId}`;
    const mend = await world.bigcommerce.harm({ kind: 'status', status: 403, body, times: -1, path });
    await expect(order.lookOnce()).rejects.toMatchObject({ kind: 'forbidden', code: 'bigcommerce_forbidden' });
    expect(await shop.troubles()).toEqual([]);
    expect((await another.lookOnce()).phase).toBe('under_way');
    await mend();
    expect((await order.lookOnce()).phase).toBe('under_way');
  });
});

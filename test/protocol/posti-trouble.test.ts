import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { eventually } from '../support/wait.ts';
import { expectExactlyOneLive } from './exactly-one.ts';
import type { OrderInHand } from './order.ts';
import { allRoles, type Shop } from './shop.ts';
import { startWorld } from './world.ts';

const world = await startWorld();

const ordersOf = (shop: Shop, count: number): Promise<OrderInHand[]> =>
  Promise.all(Array.from({ length: count }, () => shop.order()));

/** Starts booking all of them, one every 20 ms: the pace of the task queue (50 a second, posti.md 2). */
async function bookAll(orders: readonly OrderInHand[]): Promise<void> {
  await Promise.all(
    orders.map(async (order, i) => {
      await delay(20 * i);
      await order.bookToTheEnd();
    }),
  );
}

const logIns = async () => (await world.posti.books()).requests.byRoute['POST /auth/api/v1/token'] ?? 0;
const bookingCalls = async () =>
  (await world.posti.books()).requests.byRoute['POST /shippingapi/api/v2/shipping/order'] ?? 0;

async function expectAllBooked(orders: readonly OrderInHand[]): Promise<void> {
  for (const order of orders) {
    expect(await order.only()).toMatchObject({ phase: 'booked', attention: null });
    await expectExactlyOneLive(order);
  }
}

const unknownAttempts = async (orders: readonly OrderInHand[]): Promise<number> => {
  const attempts = await Promise.all(orders.map((order) => order.attempts()));
  return attempts.flat().filter(({ state }) => state === 'unknown').length;
};

describe('an account that Posti does not let in', () => {
  test('an account that Posti refuses is one incident from the first 401, is not called again and again, and all orders go on when its secret is mended', async () => {
    const shop = await world.shop({ speed: 3_000 });
    const orders = await ordersOf(shop, 10);
    await shop.connect('a wrong secret');
    const [before, booked] = [await logIns(), await bookingCalls()];
    const allBooked = bookAll(orders);

    await eventually(() => shop.troubles().then((rows) => rows.length > 0));
    const startedAt = performance.now();
    expect(await shop.troubles()).toEqual([{ system: 'posti', state: 'closed', reason: 'posti_credentials_refused' }]);
    await eventually(async () => (await logIns()) - before >= 2);
    // A probe every 15 minutes, here three thousand times faster: five refused log-ins an hour would lock an account.
    const probes = (performance.now() - startedAt) / 300;
    expect((await logIns()) - before).toBeLessThanOrEqual(Math.ceil(probes) + 1);
    expect(await bookingCalls()).toBe(booked);
    for (const order of orders) expect((await order.only()).attention).toBeNull();

    await shop.connect();
    await allBooked;
    await expectAllBooked(orders);
    expect(await shop.troubles()).toEqual([]);
  });

  test('an account that lacks the role goes on by itself when it gets it', async () => {
    const shop = await world.shop({ roles: ['2026-04'], speed: 3_000 });
    const orders = await ordersOf(shop, 3);
    const allBooked = bookAll(orders);
    await eventually(async () =>
      expect(await shop.troubles()).toEqual([{ system: 'posti', state: 'closed', reason: 'posti_role_missing' }]),
    );
    await shop.renewAccount({ roles: allRoles });
    await allBooked;
    await expectAllBooked(orders);
  });

  test('an account that got the role is not closed again by a worker whose token is from before', async () => {
    const shop = await world.shop({ roles: ['2026-04'], speed: 3_000 });
    const [first, second] = (await ordersOf(shop, 2)) as [OrderInHand, OrderInHand];
    const slow = shop.startWorker();
    await expect(first.bookOnce(slow)).rejects.toMatchObject({ code: 'posti_role_missing' });
    await shop.renewAccount({ roles: allRoles });
    await first.bookToTheEnd();
    await second.bookOnce(slow);
    await expectAllBooked([first, second]);
    expect(await shop.troubles()).toEqual([]);
  });

  test('an account that is locked for a while goes on by itself when it no longer is', async () => {
    const shop = await world.shop({ speed: 3_000 });
    const orders = await ordersOf(shop, 3);
    const unlock = await world.posti.harm({
      ...{ kind: 'status', status: 401, times: -1, path: '/auth', match: shop.clientId },
      body: { error: 'Unauthorized', message: 'User account is locked' },
    });
    const allBooked = bookAll(orders);
    await eventually(async () => expect(await shop.troubles()).toMatchObject([{ system: 'posti', state: 'closed' }]));
    await unlock();
    await allBooked;
    await expectAllBooked(orders);
  });
});

describe('an outage of Posti', () => {
  test.each([
    ['hangs up', { kind: 'hangup-before' }],
    ['answers 503 everywhere', { kind: 'status', status: 503 }],
  ] as const)(
    'an outage of Posti that %s is one incident, needs no person, and all orders are booked afterwards',
    async (_name, fault) => {
      const shop = await world.shop({ speed: 100 });
      await shop.renewAccount({ rateLimit: 50 }); // Posti's own, posti.md 2
      // A token that lives: the outage meets bookings, not log-ins.
      const [first, ...orders] = (await ordersOf(shop, 31)) as [OrderInHand, ...OrderInHand[]];
      await first.bookToTheEnd();
      const { throttled } = (await world.posti.books()).requests;
      const mend = await world.posti.harm({ ...fault, times: -1, path: '.*' });
      // How many meet it before the account is paused hangs on the machine: here three do, and all others come after it.
      await Promise.allSettled(orders.slice(0, 3).map((order) => order.bookOnce()));
      await eventually(() => shop.troubles().then((rows) => rows.length > 0));
      const calls = await bookingCalls();
      const allBooked = bookAll(orders);

      await eventually(async () => (await probes()) > 1);
      expect(await shop.troubles()).toMatchObject([{ system: 'posti', state: 'paused' }]);
      expect((await bookingCalls()) - calls).toBeLessThanOrEqual(3);
      expect(await unknownAttempts(orders)).toBeLessThanOrEqual(3);
      for (const order of orders) expect((await order.only()).attention).toBeNull();

      await mend();
      await allBooked;
      await expectAllBooked(orders);
      expect(await unknownAttempts(orders)).toBeLessThanOrEqual(3);
      expect(await shop.troubles()).toEqual([]);
      expect((await world.posti.books()).requests.throttled - throttled).toBe(0);
    },
  );

  const probes = async () => {
    const { byRoute } = (await world.posti.books()).requests;
    return (byRoute['POST /auth/api/v1/token'] ?? 0) + (byRoute['GET /shippingapi/api/v2/shipping/order'] ?? 0);
  };

  test('an outage of Posti in which it only hangs costs no more than the bookings on their way, all of them listed', async () => {
    const shop = await world.shop({ speed: 50, httpMs: 700 });
    const onTheirWay = await ordersOf(shop, 3);
    const orders = await ordersOf(shop, 10);
    const mend = await world.posti.harm({ kind: 'slow', ms: 1_000, times: -1, path: '/shipping/order' });
    await Promise.all(onTheirWay.map((order) => order.bookOnce()));
    const calls = await bookingCalls();
    const waiting = await Promise.allSettled(orders.map((order) => order.bookOnce()));
    expect(waiting.map(({ status }) => status)).toEqual(orders.map(() => 'rejected'));
    expect(await bookingCalls()).toBe(calls);

    await mend();
    await bookAll([...onTheirWay, ...orders]);
    // What hung is carried out late, beside the attempt that counts.
    await eventually(async () => expect((await onTheirWay[2]!.bookings()).length).toBe(2));
    await expectAllBooked([...onTheirWay, ...orders]);
    expect(await unknownAttempts([...onTheirWay, ...orders])).toBe(3);
  });

  test('an outage of Posti that one worker met is known to the next one before it calls', async () => {
    const shop = await world.shop({ speed: 10 });
    const [one, another] = (await ordersOf(shop, 2)) as [OrderInHand, OrderInHand];
    await world.posti.harm({ kind: 'hangup-after', match: `"${one.reference(1)}"` });
    await one.bookOnce();
    const calls = await bookingCalls();
    await expect(another.bookOnce(shop.startWorker())).rejects.toMatchObject({ kind: 'paused', code: 'posti_paused' });
    expect(await bookingCalls()).toBe(calls);
    expect(await another.attempts()).toEqual([]);
  });
});

describe('a Posti that asks for fewer requests', () => {
  test.each([{}, { 'retry-after': '1' }])(
    'a Posti that asks for fewer requests pauses the account at the first 429 (%j)',
    async (headers) => {
      const shop = await world.shop({ speed: 10 });
      const order = await shop.order();
      await world.posti.harm({ kind: 'throttle', headers, match: `"${order.reference(1)}"` });
      await expect(order.bookOnce()).rejects.toMatchObject({ kind: 'throttled', code: 'posti_throttled' });
      expect(await shop.troubles()).toEqual([{ system: 'posti', state: 'paused', reason: 'throttled' }]);
      await order.bookToTheEnd();
      await expectAllBooked([order]);
      expect(await unknownAttempts([order])).toBe(0);
    },
  );

  test('a Posti that asks for fewer requests gets all orders in the end, and leaves no orphans', async () => {
    const shop = await world.shop();
    await shop.renewAccount({ rateLimit: 6 });
    const orders = await ordersOf(shop, 8);
    await bookAll(orders);
    await expectAllBooked(orders);
    expect(await unknownAttempts(orders)).toBe(0);
  });
});

test('a Posti that answers late, but within the limit, books each order once', async () => {
  const shop = await world.shop();
  const orders = await ordersOf(shop, 4);
  const mend = await world.posti.harm({ kind: 'slow', ms: 600, times: -1, path: '/shipping/order' });
  await bookAll(orders);
  await mend();
  await expectAllBooked(orders);
  for (const order of orders) expect(await order.attempts()).toHaveLength(1);
  expect(await shop.troubles()).toEqual([]);
});

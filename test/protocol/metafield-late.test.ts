import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import { expect, test } from 'vitest';
import { createSweepActivities } from '../../activities/sweep.ts';
import { createBigCommerce } from '../../src/bigcommerce/client.ts';
import { createSystemHealth } from '../../src/health/system-health.ts';
import { createHttpSender } from '../../src/http-client/sender.ts';
import type { Shop } from './shop.ts';
import { startWorld } from './world.ts';

const world = await startWorld();
const { pool, stores } = world;
const log = pino({ level: 'silent' });
const point = '001003230';
const field = { namespace: 'checkout_app', key: 'point' };
const lookingIntoMetafields = { defaultService: { service: 'PO2103' }, pickupPoint: { metafield: field } };

async function sweep({ storeHash }: Shop) {
  const sender = createHttpSender();
  const clock = { now: () => new Date() };
  const { sweepOrders } = createSweepActivities({
    ...{ pool, stores, log, clock, speed: 1 },
    bigcommerce: createBigCommerce({ baseUrl: world.bigcommerce.url, sender, log: () => {}, clock }),
    health: createSystemHealth({ pool, log, speed: 1 }),
  });
  return new MockActivityEnvironment().run(sweepOrders, { storeHash }).finally(() => sender.close());
}

test('a pickup point that an app writes after the first look is noticed without a hook, and is where the parcel goes', async () => {
  const shop = await world.shop({ settings: lookingIntoMetafields });
  const order = await shop.order();
  expect(await order.only()).toMatchObject({ phase: 'planned' });

  await order.merchant('PUT', '/metafields', { ...field, value: point });
  expect(await sweep(shop)).toMatchObject({ differing: 0, metafields: 1 });
  expect(await order.waitingHints()).toBe(1);
  await order.hintsDispatched();
  await order.look();
  expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked' });
  expect(await order.bookings()).toMatchObject([{ agent: point }]);

  expect(await sweep(shop)).toMatchObject({ metafields: 0 });
  expect(await order.waitingHints()).toBe(0);
});

test('one that is written anew after the label was made is one change that a person decides, and no second label', async () => {
  const shop = await world.shop({ settings: lookingIntoMetafields });
  const order = await shop.order();
  await order.merchant('PUT', '/metafields', { ...field, value: point });
  await order.look();
  expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked', attention: null });

  await order.merchant('PUT', '/metafields', { ...field, value: '001003231' });
  expect(await sweep(shop)).toMatchObject({ metafields: 1 });
  await order.look();
  expect(await order.only()).toMatchObject({ phase: 'booked', attention: { code: 'label_no_longer_matches' } });
  expect(await order.bookings()).toHaveLength(1);
});

test('the shop is asked for no metafield where the settings use none', async () => {
  const shop = await world.shop();
  await (await shop.order()).merchant('PUT', '/metafields', { ...field, value: point });
  await sweep(shop);
  const { stores: books } = await world.bigcommerce.books();
  const routes = Object.keys(books.find(({ hash }) => hash === shop.storeHash)!.requests.byRoute);
  expect(routes.filter((name) => name.includes('metafields'))).toEqual([]);
});

test('one that comes while Posti is being asked has the order looked at again afterwards', async () => {
  const shop = await world.shop({ settings: lookingIntoMetafields });
  const order = await shop.order();
  let meanwhile: object | undefined;
  shop.meddle(async (request, answer) => {
    if (request.method !== 'POST' || !request.body?.includes(order.reference(1)) || meanwhile) return answer;
    await order.merchant('PUT', '/metafields', { ...field, value: point });
    await order.look();
    meanwhile = await order.only();
    return answer;
  });
  await order.bookOnce();
  expect(meanwhile).toMatchObject({ attemptOut: true, lookAgain: true });
  await order.look();
  expect(await order.only()).toMatchObject({ phase: 'booked', attention: { code: 'label_no_longer_matches' } });
});

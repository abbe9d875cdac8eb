import { beforeAll, expect, test } from 'vitest';
import { countsOf, onceEach } from './books.ts';
import {
  allTold,
  anHourFromNow,
  bookingCalls,
  incidents,
  placeInTurn,
  requestsAtPosti,
  requestsAtShops,
  shipmentsOf,
  spoilAll,
  unknownAttempts,
} from './outage.ts';
import { eventually } from '../support/wait.ts';
import { startSystem, type System } from './system.ts';

/** Of ours for one request: in production 30, of which a slow system takes 20. */
const httpSeconds = 6;

/**
 * A call to Posti of which nobody knows what came is a possible orphan. How many there can be when it goes down: what is
 * out at that moment, at most 25 on each of the two workers, and what a worker lets go within the 0.3 s for which it
 * believes an open row of `system_health` – the first failure closes it for all. Ten orders a second come here, so that
 * it is three or four; twice that is allowed for a busy machine. Each probe after that is a question that books nothing.
 */
const mostOrphans = 8;

const soon = { within: 30_000 };

let system: System;
beforeAll(async () => {
  // An hour is ten seconds; the limits of requests are those of the real systems, in real time.
  system = await startSystem({
    ...{ workers: 2, speed: 360, ourSpeed: 360, standardQuota: true },
    env: { LAHETTI_HTTP_TIMEOUT_SECONDS: String(httpSeconds) },
  });
  return system.end;
});

test('a Posti that is down for an hour is one incident, asks nobody, and all orders that came meanwhile are booked once', async () => {
  // Both workers have a token that lives: the outage meets bookings, and not only log-ins.
  await allTold(system, await placeInTurn(system, 6, 0));
  const [callsBefore, { throttled }] = [await bookingCalls(system), await requestsAtPosti(system)];
  const mend = await spoilAll(system, 'posti', { kind: 'refuse' });
  const hourHasPassed = await anHourFromNow(system);
  const orders = await placeInTurn(system, 40);
  await eventually(async () => (await incidents(system)).some((row) => row.system === 'posti'), soon);
  const begun = (await incidents(system)).filter((row) => row.system === 'posti');
  await hourHasPassed();

  const shown = await incidents(system);
  expect(shown.filter((row) => row.system === 'posti')).toEqual(begun);
  expect(begun).toMatchObject([{ state: 'paused' }]);
  // Tracking is asked for what was booked before, and has a row of its own.
  expect(shown.every((row) => /^posti(_tracking)?$/.test(row.system))).toBe(true);
  const waiting = await shipmentsOf(system, orders);
  expect(waiting.filter(({ attention, phase }) => attention !== null || phase !== 'planned')).toEqual([]);
  expect((await bookingCalls(system)) - callsBefore).toBeLessThanOrEqual(mostOrphans);

  await mend();
  await allTold(system, orders);
  expect(await countsOf(system, orders)).toEqual(onceEach(orders));
  expect(await unknownAttempts(system, orders)).toBeLessThanOrEqual(mostOrphans);
  expect((await requestsAtPosti(system)).throttled - throttled).toBe(0);
  expect((await incidents(system)).filter((row) => row.system === 'posti')).toEqual([]);
});

test('a BigCommerce that is down for an hour is one incident of each store, and every shipment has one record afterwards', async () => {
  // Some are being looked at, booked and told of when it goes down; the others come while it is.
  const orders = await placeInTurn(system, 20, 20);
  const mend = await spoilAll(system, 'bigcommerce', { kind: 'refuse' });
  const hourHasPassed = await anHourFromNow(system);
  orders.push(...(await placeInTurn(system, 20)));
  const accounts = [...new Set(orders.map(({ storeHash }) => storeHash))].sort();
  const ofOrders = async () => (await incidents(system)).filter(({ account }) => accounts.includes(account));
  await eventually(async () => (await ofOrders()).length === accounts.length, soon);
  const begun = await ofOrders();
  await hourHasPassed();

  expect(await ofOrders()).toEqual(begun);
  expect(begun).toMatchObject(accounts.map((account) => ({ system: 'bigcommerce', account, state: 'paused' })));
  expect((await shipmentsOf(system, orders)).filter(({ attention }) => attention !== null)).toEqual([]);

  await mend();
  await allTold(system, orders);
  expect(await countsOf(system, orders)).toEqual(onceEach(orders));
  expect(await unknownAttempts(system, orders)).toBe(0);
  expect(await ofOrders()).toEqual([]);
  const requests = await requestsAtShops(system);
  expect(accounts.map((account) => requests.get(account)?.throttled)).toEqual(accounts.map(() => 0));
});

test('a BigCommerce and a Posti that both take two thirds of the time that we allow cost nothing but the time', async () => {
  const mends = [
    await spoilAll(system, 'bigcommerce', { kind: 'slow', ms: (httpSeconds * 1_000 * 2) / 3 }),
    await spoilAll(system, 'posti', { kind: 'slow', ms: (httpSeconds * 1_000 * 2) / 3 }),
  ];
  const orders = await placeInTurn(system, 12, 20);
  await allTold(system, orders);
  expect(await incidents(system)).toEqual([]);
  for (const mend of mends) await mend();
  expect(await countsOf(system, orders)).toEqual(onceEach(orders));
  expect(await unknownAttempts(system, orders)).toBe(0);
});

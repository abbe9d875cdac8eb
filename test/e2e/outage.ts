import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Fault } from '../../sandbox/faults.ts';
import { ask } from '../../harness/ask.ts';
import type { PlacedOrder } from '../../harness/placed-orders.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import type { ShipmentState } from '../../src/domain/order-state.ts';
import { eventually } from '../support/wait.ts';
import type { System } from './system.ts';

/** A time in which a stand-in is away or slow, and what people and our own books see of it. */

type StandIn = 'posti' | 'bigcommerce';

/** From now on, at most to the end of the test, every request to the stand-in is spoiled so. Gives the way to end it. */
export async function spoilAll({ urls }: System, standIn: StandIn, fault: Fault): Promise<() => Promise<void>> {
  const faults = `${urls[standIn]}/_control/faults`;
  const { id } = await ask<{ id: string }>('POST', faults, { path: '.*', times: -1, ...fault });
  const mend = () => ask('DELETE', `${faults}/${id}`);
  onTestFinished(mend);
  return mend;
}

/** An hour of the stand-ins' clock from now. Await the call, and later what it gives. */
export async function anHourFromNow({ urls }: System): Promise<() => Promise<unknown>> {
  const clock = async () => Date.parse((await ask<{ now: string }>('GET', `${urls.posti}/_control/clock`)).now);
  const end = (await clock()) + 3_600_000;
  return () => eventually(async () => (await clock()) >= end, { within: 60_000, every: 100 });
}

/** Orders that come one after the other, as a shop's do. */
export async function placeInTurn(system: System, count: number, everyMs = 100): Promise<PlacedOrder[]> {
  const placed: PlacedOrder[] = [];
  for (let i = 0; i < count; i++) {
    placed.push(await system.place('home delivery'));
    await delay(everyMs);
  }
  return placed;
}

export interface Incident {
  readonly system: string;
  readonly account: string;
  readonly state: string;
  /** Epoch milliseconds: the same all along where it is one incident and not many. */
  readonly since: number;
}

/** What people are shown of it. */
export async function incidents({ parts }: System): Promise<Incident[]> {
  const { rows } = await parts.pool.query<Incident>(
    `select system, account, state, extract(epoch from since)::float * 1000 as since
       from lahetti.system_health where state <> 'open' order by system, account`,
  );
  return rows;
}

export async function shipmentsOf({ parts }: System, orders: readonly PlacedOrder[]): Promise<ShipmentState[]> {
  const states = await Promise.all(orders.map((order) => loadOrderState(parts.pool, order)));
  return states.flatMap((state) => state?.shipments ?? []);
}

/** Waits until the shop has been told of all of them; what took so long is in the error. */
export async function allTold(system: System, orders: readonly PlacedOrder[], within = 60_000): Promise<void> {
  const left = async () =>
    orders.length - (await shipmentsOf(system, orders)).filter(({ told }) => told === 'told').length;
  await eventually(async () => (await left()) === 0, { within, every: 200 }).catch(async () => {
    throw new Error(
      `${await left()} of ${orders.length} orders are not told of: ${JSON.stringify(await incidents(system))}`,
    );
  });
}

/** How many attempts nobody can say the outcome of: each is a possible orphan. */
export async function unknownAttempts(system: System, orders: readonly PlacedOrder[]): Promise<number> {
  const views = await Promise.all(orders.map(({ storeHash, orderId }) => system.api.order(storeHash, orderId)));
  const attempts = views.flatMap((view) => view?.shipments ?? []).flatMap((shipment) => shipment.attempts);
  return attempts.filter(({ state }) => state === 'unknown').length;
}

interface Requests {
  readonly byRoute: Readonly<Record<string, number>>;
  readonly throttled: number;
}

export async function requestsAtPosti({ urls }: System): Promise<Requests> {
  return (await ask<{ requests: Requests }>('GET', `${urls.posti}/_control/books`)).requests;
}

export async function bookingCalls(system: System): Promise<number> {
  return (await requestsAtPosti(system)).byRoute['POST /shippingapi/api/v2/shipping/order'] ?? 0;
}

/** By store. */
export async function requestsAtShops({ urls }: System): Promise<Map<string, Requests>> {
  const { stores } = await ask<{ stores: { hash: string; requests: Requests }[] }>(
    'GET',
    `${urls.bigcommerce}/_control/books`,
  );
  return new Map(stores.map(({ hash, requests }) => [hash, requests]));
}

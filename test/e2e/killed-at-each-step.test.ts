import { beforeAll, expect, test } from 'vitest';
import type { Fault } from '../../sandbox/faults.ts';
import { ask } from '../../harness/ask.ts';
import type { PlacedOrder } from '../../harness/placed-orders.ts';
import { bookingReference } from '../../src/booking/reference.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import type { OrderState } from '../../src/domain/order-state.ts';
import { eventually } from '../support/wait.ts';
import { bookingsOf } from './books.ts';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem({
    sweepEverySeconds: 3_600,
    watchmanEverySeconds: 2,
    env: { LAHETTI_HTTP_TIMEOUT_SECONDS: '6' },
  });
  return system.end;
});

/** A step, and the request by which the other side knows that it is being done. */
interface Step {
  readonly what: string;
  readonly scenario: string;
  readonly standIn: 'bigcommerce' | 'posti';
  readonly request: (order: PlacedOrder) => Pick<Fault, 'method' | 'path' | 'match'>;
}

const ofOrder = ({ storeHash, orderId }: PlacedOrder, rest = '') => `/stores/${storeHash}/v2/orders/${orderId}${rest}$`;

/** Those that take longest until they come to their step first, so that all are at it at once. */
const steps: readonly Step[] = [
  {
    what: 'a record is taken back',
    scenario: 'cancelled when booked',
    standIn: 'bigcommerce',
    request: (order) => ({ method: 'DELETE', path: ofOrder(order, '/shipments/\\d+') }),
  },
  {
    what: 'Posti is asked for scans',
    scenario: 'home delivery',
    standIn: 'posti',
    request: () => ({ method: 'GET', path: '^/tracking/' }),
  },
  {
    what: 'the shop is told',
    scenario: 'home delivery',
    standIn: 'bigcommerce',
    request: (order) => ({ method: 'POST', path: ofOrder(order, '/shipments') }),
  },
  {
    what: 'Posti books',
    scenario: 'home delivery',
    standIn: 'posti',
    request: (order) => ({ method: 'POST', path: '/shipping/order$', match: referenceOf(order) }),
  },
  {
    what: 'the shop is read',
    scenario: 'home delivery',
    standIn: 'bigcommerce',
    request: (order) => ({ method: 'GET', path: ofOrder(order) }),
  },
];

function referenceOf({ storeHash, orderId }: PlacedOrder): string {
  const storeNumber = system.stores.find((store) => store.storeHash === storeHash)!.id;
  return bookingReference({ storeNumber, orderId, n: 1, attempt: 1 });
}

/** Places an order, and waits until it is at its step: the request is there, and is carried out after a while. */
async function placeAt({ scenario, standIn, request }: Step): Promise<PlacedOrder> {
  const faults = `${system.urls[standIn]}/_control/faults`;
  await system.shop.pauseWebhooks(true);
  const order = await system.place(scenario);
  const { id } = await ask<Fault>('POST', faults, { kind: 'slow', ms: 4_000, ...request(order) });
  await system.shop.pauseWebhooks(false);
  const hasCome = async () => {
    await system.orders.look();
    return !(await ask<Fault[]>('GET', faults)).some((fault) => fault.id === id);
  };
  await eventually(hasCome, { within: 30_000 });
  return order;
}

test('a worker killed in the middle of each step leaves one live shipment and one record, by the books', async () => {
  const placed: PlacedOrder[] = [];
  for (const step of steps) placed.push(await placeAt(step));
  await system.killWorker(0);
  await system.startWorker(0);
  await system.ended(placed, 90_000);
});

const isAt: Record<string, (state: OrderState) => boolean> = {
  planned: ({ shipments }) => shipments.length > 0,
  booked: ({ shipments }) => shipments[0]?.phase === 'booked',
  told: ({ shipments }) => shipments[0]?.told === 'told',
  delivered: ({ shipments }) => shipments[0]?.phase === 'delivered',
};

// What the step did is committed; that it was done is perhaps not yet known to the engine.
test.each(Object.keys(isAt))('a worker killed as soon as a shipment is %s goes on from there', async (moment) => {
  const order = await system.place('home delivery');
  await eventually(
    async () => {
      const state = await loadOrderState(system.parts.pool, order);
      return state !== undefined && isAt[moment]!(state);
    },
    { within: 30_000, every: 1 },
  );
  await system.killWorker(0);
  await system.startWorker(0);
  await system.ended([order], 90_000);
  const bookings = await bookingsOf(system, order);
  expect(bookings.filter(({ usableLabel }) => usableLabel)).toHaveLength(1);
  // Whoever has written the answer down does not book again.
  if (moment !== 'planned') expect(bookings).toHaveLength(1);
});

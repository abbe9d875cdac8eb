import { beforeAll, expect, test } from 'vitest';
import { ask } from '../../harness/ask.ts';
import { eventually } from '../support/wait.ts';
import { bookingsOf } from './books.ts';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem({ env: { LAHETTI_HTTP_TIMEOUT_SECONDS: '3' } });
  return system.end;
});

async function requestsAtPosti(): Promise<Record<string, number>> {
  type Books = { requests: { byRoute: Record<string, number> } };
  return (await ask<Books>('GET', `${system.urls.posti}/_control/books`)).requests.byRoute;
}

test('a worker killed while Posti is booking leaves one live shipment, and the other booking is listed as an orphan', async () => {
  const { urls } = system;
  const path = '/shippingapi/api/v2/shipping/order';
  await ask('POST', `${urls.posti}/_control/faults`, { method: 'POST', path, kind: 'slow', ms: 2_000 });
  const order = await system.place('home delivery');
  // The request has arrived at Posti, which carries it out whether anybody waits for the answer or not.
  await eventually(async () => (await requestsAtPosti())[`POST ${path}`] === 1, { within: 20_000 });
  await system.killWorker(0);
  await system.startWorker(0);
  await system.ended([order], 90_000);

  const booked = await bookingsOf(system, order);
  expect(booked.map(({ usableLabel }) => usableLabel)).toEqual([false, true]);
  const view = await system.api.order(order.storeHash, order.orderId);
  expect(view?.shipments[0]?.attempts).toMatchObject([
    { reference: booked[0]!.reference, state: 'unknown', watch: expect.any(String) },
    { reference: booked[1]!.reference, state: 'live' },
  ]);
});

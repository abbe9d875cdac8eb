import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { beforeAll, expect, test } from 'vitest';
import { ask } from '../../harness/ask.ts';
import type { PlacedOrder } from '../../harness/placed-orders.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import { orderUpdated, shopDelivery } from '../http/shop-delivery.ts';
import { eventually } from '../support/wait.ts';
import { bookingsOf } from './books.ts';
import { startSystem, type System } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem({ sweepEverySeconds: 3, watchmanEverySeconds: 2 });
  return system.end;
});

/** One webhook as the shop would deliver it; gives the status of the answer. */
async function deliverHint({ storeHash, orderId }: Pick<PlacedOrder, 'storeHash' | 'orderId'>): Promise<number> {
  const { secret } = system.memory.data;
  const delivery = shopDelivery(orderUpdated(orderId, storeHash), {
    secret: `${secret}hook${storeHash}`,
    signWith: [`${secret}client${storeHash}`],
    id: `msg_${randomUUID()}`,
  });
  return (await fetch(`${system.urls.api}/webhooks/bigcommerce/${storeHash}`, delivery)).status;
}

async function readsOf({ storeHash, orderId }: PlacedOrder): Promise<number> {
  const { exchanges } = await ask<{ exchanges: { method: string; system: string; path: string }[] }>(
    'GET',
    `${system.urls.api}/api/v1/orders/${storeHash}/${orderId}/exchanges?limit=200`,
    undefined,
    { authorization: `Bearer ${system.memory.data.apiToken}` },
  );
  return exchanges.filter((each) => each.system === 'bigcommerce' && each.method === 'GET').length;
}

const stateOf = (order: PlacedOrder) => loadOrderState(system.parts.pool, order);
test('300 hints for one order are a few reads of the shop and one booking', async () => {
  const order = await system.place('home delivery');
  const answers = await Promise.all(Array.from({ length: 300 }, () => deliverHint(order)));
  expect(new Set(answers)).toEqual(new Set([200]));
  await system.ended([order]);

  expect(await bookingsOf(system, order)).toHaveLength(1);
  expect(await readsOf(order)).toBeLessThan(60);
});

test('a hint that comes as the workflow ends is not lost: the order is looked at once more', async () => {
  const orders = await Promise.all(Array.from({ length: 6 }, () => system.place('digital only')));
  const lastHint = await Promise.all(
    orders.map(async (order, i) => {
      let at = 0;
      const until = performance.now() + 2_000;
      while (performance.now() < until) {
        at = Date.now();
        expect(await deliverHint(order)).toBe(200);
        await new Promise((resolve) => setTimeout(resolve, 30 * (i + 1)));
      }
      return at;
    }),
  );
  await system.ended(orders);
  await eventually(async () => {
    for (const [i, { storeHash, orderId }] of orders.entries()) {
      const view = await system.api.order(storeHash, orderId);
      expect(new Date(view!.order!.readAt).getTime()).toBeGreaterThanOrEqual(lastHint[i]!);
    }
    return true;
  });
});

test('an order whose webhook was lost is found by the sweep', async () => {
  await ask('PUT', `${system.urls.bigcommerce}/_control/webhooks`, { drop: 1 });
  const order = await system.place('to Åland');
  await system.ended([order]);
});

test('an order that is due and does not run is started by the watchman', async () => {
  const { connection, namespace } = system.parts.temporal;
  const order = await system.place('home delivery');
  await eventually(async () => (await stateOf(order))?.shipments[0]?.told === 'told', { within: 20_000 });
  const handle = new Client({ connection, namespace }).workflow.getHandle(orderWorkflowId(order));
  const { runId } = await handle.describe();
  // No news from the shop may start it in the watchman's place.
  await system.shop.pauseWebhooks(true);
  await handle.terminate('terminated by a test');

  await system.ended([order]);
  expect((await handle.describe()).runId).not.toBe(runId);
  await system.shop.pauseWebhooks(false);
});

test('a store in observe mode plans and books nothing; switched live, its order ships', async () => {
  const order = await system.place('observed only');
  await system.ended([order]);
  expect(await bookingsOf(system, order)).toEqual([]);

  const { settings, version } = await system.parts.stores.settings(order.storeHash);
  await system.parts.stores.saveSettings(order.storeHash, { ...settings, mode: 'live' }, 'test', {
    ifVersion: version,
  });
  expect(await deliverHint(order)).toBe(200);
  await eventually(async () => (await stateOf(order))?.phase === 'done', { within: 40_000 });
  expect(await bookingsOf(system, order)).toMatchObject([{ usableLabel: true, parcels: [{ status: 'DELIVERED' }] }]);
});

import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, expect, test } from 'vitest';
import type { Pool } from '../../src/db/pool.ts';
import { insertCommand } from '../../src/inbox/commands.sql.ts';
import { dueOrders } from '../../src/orders/due.sql.ts';
import { isDue, type Attention, type ShipmentPhase, type ShipmentState } from '../../src/domain/order-state.ts';
import { testDatabase } from '../support/postgres.ts';
import { aCommand, aStore, keptOrder } from './inbox-rows.ts';

let pool: Pool;
beforeAll(async () => {
  ({ pool } = await testDatabase());
});
beforeEach(async () => {
  await pool.query('truncate lahetti.stores, lahetti.inbox, lahetti.commands cascade');
});

const attention: Attention = {
  code: 'no_service',
  since: '2026-01-01T00:00:00Z',
  commands: ['retry'],
};

function* everyShipment(): Generator<ShipmentState> {
  const phases: ShipmentPhase[] = ['planned', 'booked', 'delivered', 'returned', 'cancelled'];
  for (const phase of phases)
    for (const blocked of [null, 'on_hold', 'store_in_observe_mode'] as const)
      for (const needs of [null, attention, { ...attention, code: 'shop_refused_withdrawal' }])
        for (const attemptOut of [false, true])
          for (const cancelling of [false, true])
            for (const told of ['not_yet', 'refused'] as const)
              for (const deliveryStatus of ['in_transit', 'delivered', 'returned'] as const)
                yield { ...template, phase, blocked, attention: needs, attemptOut, cancelling, told, deliveryStatus };
}

test('Postgres and the workflows call the same shipments due', async () => {
  const store = await aStore(pool);
  const expected: number[] = [];
  let orderId = 0;
  for (const shipment of everyShipment()) {
    orderId += 1;
    await keptShipment(await keptOrder(pool, store, orderId), shipment);
    if (isDue(shipment)) expected.push(orderId);
  }
  const due = await dueOrders(pool, { limit: 5_000 });
  expect(due.map((order) => order.orderId)).toEqual(expected);
  expect(expected.length).toBeGreaterThan(0);
  expect(expected.length).toBeLessThan(orderId);
});

test('an attempt that has its outcome does not make a blocked shipment due', async () => {
  const store = await aStore(pool);
  const key = await keptShipment(await keptOrder(pool, store, 1), { ...template, blocked: 'on_hold' });
  for (const state of ['refused', 'failed', 'unknown', 'superseded', 'withdrawn']) await anAttempt(key, state);
  expect(await dueOrders(pool, { limit: 10 })).toEqual([]);
});

test('after the loss of the engine, an order that it was told of and that nobody has read since is due', async () => {
  const store = await aStore(pool);
  const told = (orderId: number, at: string) =>
    pool.query(
      `insert into lahetti.inbox (store_id, order_id, source, delivery_key, dispatched_at)
       values ($1, $2, 'webhook', $3, now() + $4::interval)`,
      [store.id, orderId, randomUUID(), at],
    );
  await told(1, '0'); // and never read
  for (const orderId of [2, 3]) await keptOrder(pool, store, orderId);
  await told(2, '1 second');
  await told(3, '-1 hour'); // and read since
  const due = await dueOrders(pool, { limit: 10, handedOver: true });
  expect(due.map(({ orderId }) => orderId)).toEqual([1, 2]);
  expect(await dueOrders(pool, { limit: 10 })).toEqual([]);
});

test('an order with an open command is due, also one that was never read', async () => {
  const store = await aStore(pool);
  await insertCommand(pool, aCommand(store, 77));
  expect(await dueOrders(pool, { limit: 10 })).toEqual([
    { storeId: store.id, storeHash: store.storeHash, orderId: 77 },
  ]);
});

test('orders of a paused or disconnected store are not due', async () => {
  for (const state of ['paused', 'disconnected'] as const) {
    const store = await aStore(pool, { state });
    await keptShipment(await keptOrder(pool, store, 1), template);
  }
  expect(await dueOrders(pool, { limit: 10 })).toEqual([]);
});

test('pages follow each other without a gap, over several stores', async () => {
  for (const store of [await aStore(pool), await aStore(pool)]) {
    for (const orderId of [3, 1, 2]) await keptShipment(await keptOrder(pool, store, orderId), template);
  }
  const all = await dueOrders(pool, { limit: 10 });
  const first = await dueOrders(pool, { limit: 4 });
  const rest = await dueOrders(pool, { limit: 4, after: first.at(-1) });
  expect(all).toHaveLength(6);
  expect([...first, ...rest]).toEqual(all);
});

const template: ShipmentState = {
  n: 1,
  phase: 'planned',
  since: '2026-01-01T00:00:00Z',
  blocked: null,
  attention: null,
  cancelling: false,
  lookAgain: false,
  attempts: 0,
  attemptOut: false,
  labelKept: false,
  labelHandedOut: false,
  told: 'not_yet',
  trackingNumbers: [],
  deliveryStatus: 'unknown',
  transition: 1,
};

async function keptShipment(orderKey: number, shipment: ShipmentState): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    `insert into lahetti.shipments (order_pk, n, address_id, phase, blocked, attention, cancelling, told, delivery_status)
     values ($1, $2, 1, $3, $4, $5, $6, $7, $8) returning id`,
    [
      ...[orderKey, shipment.n, shipment.phase, shipment.blocked, shipment.attention, shipment.cancelling],
      ...[shipment.told, shipment.deliveryStatus],
    ],
  );
  if (shipment.attemptOut) await anAttempt(rows[0]!.id, 'sent');
  return rows[0]!.id;
}

async function anAttempt(shipmentKey: number, state: string): Promise<void> {
  await pool.query(
    `insert into lahetti.booking_attempts (shipment_id, attempt, revision, reference, request_hash, owner, state, take_over_at)
     select $1, 1 + count(*), 1, $2, 'hash', $3, $4, now() from lahetti.booking_attempts where shipment_id = $1`,
    [shipmentKey, randomUUID(), randomUUID(), state],
  );
}

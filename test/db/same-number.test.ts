import { beforeEach, expect, test } from 'vitest';
import { insertCommand, leaseCommands } from '../../src/inbox/commands.sql.ts';
import { closeHints, insertHint, leaseHints, releaseHints } from '../../src/inbox/inbox.sql.ts';
import { knownDigests } from '../../src/orders/sweep.sql.ts';
import { findUnread, forgetUnread } from '../../src/orders/unread-orders.sql.ts';
import { loadOrderState } from '../../src/orders/state.sql.ts';
import { testDatabase } from '../support/postgres.ts';
import { aCommand, aHint } from './inbox-rows.ts';
import { anOrderDesk, only, type OrderDesk } from './order-desk.ts';

// Every BigCommerce store numbers its orders from 100: two stores have the same numbers, and nothing else in common.

const { pool } = await testDatabase();
const lease = { limit: 50, leaseMs: 30_000 };
const orderId = 100;
let one: OrderDesk;
let other: OrderDesk;

beforeEach(async () => {
  await pool.query('truncate lahetti.stores, lahetti.inbox, lahetti.commands, lahetti.unread_orders cascade');
  one = await anOrderDesk(pool, { orderId });
  other = await anOrderDesk(pool, { orderId });
});

const hint = (desk: OrderDesk) => insertHint(pool, aHint(desk.store, orderId));
const leased = async () => (await leaseHints(pool, lease)).map(({ storeId }) => storeId).sort((a, b) => a - b);
const both = () => [one.store.id, other.store.id];

test('two orders of one number in two stores are each synced, booked and told of by themselves', async () => {
  for (const desk of [one, other]) await desk.look();
  expect(only(await one.book())).toMatchObject({ phase: 'booked' });
  expect(only(await loadOrderState(pool, other.ref).then((state) => state!))).toMatchObject({ phase: 'planned' });
  expect(other.carrier.booked).toEqual([]);
  await other.book();
  await other.tell();
  expect(only((await loadOrderState(pool, one.ref))!)).toMatchObject({ phase: 'booked', told: 'not_yet' });
  expect(one.shop.shipments).toEqual([]);
});

test('a command for one of two orders of one number does nothing to the other', async () => {
  for (const desk of [one, other]) await desk.look();
  const command = aCommand(one.store, orderId, { kind: 'cancel' });
  await insertCommand(pool, command);
  await other.steps.applyCommand(other.ref, { commandId: command.id, kind: 'cancel', n: null }).catch(() => {});
  for (const { ref } of [one, other]) {
    expect(only((await loadOrderState(pool, ref))!)).toMatchObject({ phase: 'planned', cancelling: false });
  }
  await one.command('hold');
  expect(await loadOrderState(pool, other.ref)).toMatchObject({ onHold: false });
});

test('commands for one of two orders of one number do not wait for those of the other', async () => {
  for (const { store } of [one, other]) await insertCommand(pool, aCommand(store, orderId));
  expect((await leaseCommands(pool, lease)).map(({ storeId }) => storeId).sort()).toEqual(both());
});

test('hints of two orders of one number are leased at once, and closing those of one leaves those of the other', async () => {
  // The younger hint is of the one whose dispatch ends first: ids alone must not decide.
  await hint(other);
  await hint(one);
  const hints = await leaseHints(pool, lease);
  expect(hints.map(({ storeId, count }) => [storeId, count]).sort()).toEqual(both().map((id) => [id, 1]));
  const ofOne = hints.find(({ storeId }) => storeId === one.store.id)!;
  await releaseHints(pool, { ...ofOne, delayMs: 0 });
  expect(await leased()).toEqual([one.store.id]);
  await closeHints(pool, ofOne);
  const { rows } = await pool.query(`select store_id from lahetti.inbox where dispatched_at is null`);
  expect(rows).toEqual([{ store_id: other.store.id }]);
});

test('the first hint of one of two orders of one number is leased at once, though hints of the other were dispatched before', async () => {
  await hint(other);
  await closeHints(pool, (await leaseHints(pool, lease))[0]!);
  await hint(one);
  expect(await leaseHints(pool, { ...lease, gatherMs: 60_000 })).toMatchObject([{ storeId: one.store.id }]);
});

test('a hint of one of two orders of one number while the other is told of makes no call to the shop', async () => {
  for (const desk of [one, other]) await desk.look();
  await one.book();
  await hint(other);
  await closeHints(pool, (await leaseHints(pool, lease))[0]!);
  await hint(other);
  one.shop.getOrder = () => Promise.reject(new Error('nobody should ask'));
  expect(only(await one.tell())).toMatchObject({ told: 'told' });
});

test('one of two orders of one number is listed as not read while only the other was read', async () => {
  await other.look();
  await hint(one);
  expect(await findUnread(pool, one.ref)).toMatchObject({ ...one.ref, tries: 0 });
  await closeHints(pool, (await leaseHints(pool, lease))[0]!);
  expect(await findUnread(pool, one.ref)).toMatchObject({ ...one.ref, tries: 0 });
  expect(await findUnread(pool, other.ref)).toBeUndefined();
  expect((await knownDigests(pool, { storeId: one.store.id, orderIds: [orderId] })).size).toBe(0);
  await forgetUnread(pool, other.store.id, orderId);
  expect(await findUnread(pool, one.ref)).toMatchObject(one.ref);
});

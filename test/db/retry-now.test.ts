import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Pool } from '../../src/db/pool.ts';
import { reopen, stopUntil, tryAtOnce } from '../../src/health/system-health.sql.ts';
import type { SystemAccount } from '../../src/health/system-account.ts';
import { closeRetry, leaseRetries, releaseRetry, retryOrderNow } from '../../src/health/retry-now.sql.ts';
import { insertHint } from '../../src/inbox/inbox.sql.ts';
import { testDatabase } from '../support/postgres.ts';
import { aHint } from './inbox-rows.ts';
import { anOrderDesk, type OrderDesk } from './order-desk.ts';

let pool: Pool;
beforeAll(async () => {
  ({ pool } = await testDatabase());
});
beforeEach(async () => {
  await pool.query('truncate lahetti.retry_now, lahetti.system_health, lahetti.inbox');
});

/** Orders of one Posti account, each of a store of its own. */
async function orders(count: number): Promise<{ desks: OrderDesk[]; posti: SystemAccount }> {
  const { rows } = await pool.query<{ id: number }>(
    `insert into lahetti.carrier_accounts (client_id, client_secret, key_id)
     values (gen_random_uuid()::text, ''::bytea, 'none') returning id`,
  );
  const id = rows[0]!.id;
  const desks: OrderDesk[] = [];
  for (let i = 0; i < count; i += 1) {
    const desk = await anOrderDesk(pool);
    await pool.query('update lahetti.stores set carrier_account_id = $2 where id = $1', [desk.store.id, id]);
    await desk.look();
    desks.push(desk);
  }
  return { desks, posti: { system: 'posti', account: String(id) } };
}

const shop = (desk: OrderDesk): SystemAccount => ({ system: 'bigcommerce', account: desk.ref.storeHash });
const close = (who: SystemAccount, reason = 'posti_role_missing') => stopUntil(pool, who, 'closed', reason, 900_000);
async function toBeTried(): Promise<{ orderId: number; byPerson: boolean }[]> {
  const { rows } = await pool.query<{ orderId: number; byPerson: boolean }>(
    `select order_id as "orderId", by_person as "byPerson" from lahetti.retry_now order by store_id, order_id`,
  );
  return rows;
}
const account = (...desks: OrderDesk[]) => desks.map(({ ref }) => ({ orderId: ref.orderId, byPerson: false }));

test('an account that works again lets the orders that are to be booked with it be tried at once, and no others', async () => {
  const { desks, posti } = await orders(3);
  const [one, booked, held] = desks as [OrderDesk, OrderDesk, OrderDesk];
  await booked.book();
  await held.command('hold');
  const another = await orders(1);
  await close(posti);
  expect(await reopen(pool, posti)).toBe(true);
  expect(await toBeTried()).toEqual(account(one));
  expect(another.desks[0]!.ref.orderId).toBeGreaterThan(0);
});

test('a shop that takes us in again lets its orders that are to be told or read be tried at once', async () => {
  const [desk] = (await orders(1)).desks as [OrderDesk];
  await desk.book();
  await close(shop(desk), 'bigcommerce_token_refused');
  await reopen(pool, shop(desk));
  expect(await toBeTried()).toEqual(account(desk));

  await pool.query('truncate lahetti.retry_now');
  await desk.tell();
  await insertHint(pool, aHint(desk.store, 77));
  await pool.query('update lahetti.inbox set dispatched_at = now()');
  await close(shop(desk), 'bigcommerce_token_refused');
  await reopen(pool, shop(desk));
  expect(await toBeTried()).toEqual([{ orderId: 77, byPerson: false }]);
});

test('an account that may have been mended is tried by a few, who show whether it was', async () => {
  const { posti } = await orders(5);
  await tryAtOnce(pool, posti);
  expect(await toBeTried()).toEqual([]);
  await close(posti);
  await tryAtOnce(pool, posti);
  expect(await toBeTried()).toHaveLength(3);
});

test('nobody is hurried where nothing was waited for, or where the system had said for how long', async () => {
  const { posti } = await orders(1);
  await stopUntil(pool, posti, 'paused', 'throttled', 2_000);
  expect(await reopen(pool, posti)).toBe(true);
  expect(await reopen(pool, posti)).toBe(false);
  expect(await toBeTried()).toEqual([]);
});

test('a retry of what waits for an account that is closed is refused with what it waits for; of what may go on it is made at once', async () => {
  const { desks, posti } = await orders(1);
  const [desk] = desks as [OrderDesk];
  await close(posti);
  const { outcome } = await desk.command('retry', { n: 1 });
  expect(outcome).toEqual({
    outcome: 'refused',
    reason:
      'Shipment 1 waits for Posti, which does not let our account in (posti role missing). Mend the account, then run "doctor --again": all that waits for it goes on at once.',
  });
  expect(await toBeTried()).toEqual([]);

  await reopen(pool, posti);
  await pool.query('truncate lahetti.retry_now');
  expect((await desk.command('retry', { n: 1 })).outcome).toEqual({ outcome: 'done' });
  expect(await toBeTried()).toEqual([{ orderId: desk.ref.orderId, byPerson: true }]);
  expect((await desk.timeline()).at(-1)).toMatchObject({ what: 'retried', who: 'aino' });
});

test('a retry says when a system that is out of order is tried again, and that a paused store is to be resumed', async () => {
  const { desks, posti } = await orders(1);
  const [desk] = desks as [OrderDesk];
  await stopUntil(pool, posti, 'paused', 'posti_unavailable', 60_000);
  const waits = await desk.command('retry', { n: 1 });
  expect(waits.outcome.reason).toMatch(
    /out of order \(posti unavailable\)\. It is tried again by itself at \d\d:\d\d UTC\.$/,
  );
  await pool.query(`update lahetti.stores set state = 'paused' where id = $1`, [desk.store.id]);
  expect((await desk.command('retry', { n: 1 })).outcome.reason).toBe(
    'Shipment 1 waits: its store is paused. Resume the store first.',
  );
});

describe('an order that is to be tried again while a relay has just taken it to the engine', () => {
  const lease = { limit: 10, leaseMs: 30_000 };

  async function taken() {
    const { desks, posti } = await orders(1);
    const [desk] = desks as [OrderDesk];
    await close(posti);
    await reopen(pool, posti);
    const [retry] = await leaseRetries(pool, lease);
    return { desk, posti, retry: retry! };
  }

  test('an order that a person asks to retry while a relay has just taken it to the engine is tried once more', async () => {
    const { desk, retry } = await taken();
    await retryOrderNow(pool, desk.store.id, desk.ref.orderId);
    await closeRetry(pool, retry);
    const again = await leaseRetries(pool, lease);
    expect(again).toMatchObject([{ orderId: desk.ref.orderId, byPerson: true }]);

    // The one that is done late does not give back what another relay has by now.
    await releaseRetry(pool, retry);
    expect(await leaseRetries(pool, lease)).toEqual([]);
    await closeRetry(pool, again[0]!);
    expect(await toBeTried()).toEqual([]);
  });

  test('an order whose account works again while a relay has just taken it to the engine is tried once more', async () => {
    const { desk, posti, retry } = await taken();
    await close(posti);
    await reopen(pool, posti);
    await closeRetry(pool, retry);
    expect(await toBeTried()).toEqual(account(desk));
    expect(await leaseRetries(pool, lease)).toHaveLength(1);
  });

  test('an order that a relay has just taken to the engine is tried once where nothing more happens to it', async () => {
    const { retry } = await taken();
    await closeRetry(pool, retry);
    expect(await toBeTried()).toEqual([]);
  });
});

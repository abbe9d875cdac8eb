import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { unreadInLine, unreadInLines } from '../../src/cli/unread-words.ts';
import { viewOrder, unreadOf } from '../../src/orders/view.ts';
import { orderSearch } from '../../src/http/api/orders/schemas.ts';
import { reopen, stopUntil } from '../../src/health/system-health.sql.ts';
import type { SystemAccount } from '../../src/health/system-account.ts';
import { closeHints, insertHint, leaseHints } from '../../src/inbox/inbox.sql.ts';
import { countAttention } from '../../src/metrics/database-readings.sql.ts';
import { dueOrders } from '../../src/orders/due.sql.ts';
import { countUnread, findUnread } from '../../src/orders/unread-orders.sql.ts';
import { describeOrder } from '../../workflows/words.ts';
import type { OrderInHand } from './order.ts';
import { runStep } from './patience.ts';
import type { Shop } from './shop.ts';
import { startWorld } from './world.ts';

const world = await startWorld();
const { pool } = world;
const notRunning = { liveState: () => Promise.resolve({ kind: 'not_running' } as const) };
const listed = (shop: Shop) => unreadOf(pool, orderSearch.parse({ store: shop.storeHash }));

/** From now on the shop's answer about an order, or about any, has a date that is none, and a person's name. */
function spoil(shop: Shop, orderId: number | string = '\\d+') {
  const body = { id: orderId, date_created: 'soon', billing_address: { first_name: 'Aino Kanarialintu' } };
  const path = `/${shop.storeHash}/v2/orders/${orderId}$`;
  return world.bigcommerce.harm({ kind: 'status', status: 200, body, times: -1, path });
}

/** The time of a person's patience is over. */
async function longAgo({ ref }: OrderInHand): Promise<void> {
  await pool.query(
    `update lahetti.unread_orders
        set failing_since = failing_since - interval '1 hour', own_since = own_since - interval '1 hour',
            next_try_at = now() - interval '1 minute'
      where order_id = $1 and store_id = (select id from lahetti.stores where store_hash = $2)`,
    [ref.orderId, ref.storeHash],
  );
}

describe('an order that was heard of', () => {
  test('an order that was heard of is listed from its first hint on, until it is read', async () => {
    const shop = await world.shop();
    const orderId = 4711;
    const hint = { storeId: shop.store.id, orderId, source: 'webhook', scope: null } as const;
    await insertHint(pool, { ...hint, deliveryKey: randomUUID() });
    const expected = { storeHash: shop.storeHash, orderId, failingSince: null, tries: 0, failure: null };
    expect(await listed(shop)).toMatchObject([expected]);

    await leaseHints(pool, { limit: 10, leaseMs: 60_000 });
    await pool.query(`update lahetti.inbox set dispatched_at = now() where order_id = $1`, [orderId]);
    expect(await listed(shop)).toMatchObject([expected]);
    expect(await countUnread(pool, shop.storeHash)).toMatchObject({ waiting: 1, failing: 0 });

    // The shop has no such order: that is what a look finds, and there is nothing more to list.
    await runStep(() => shop.worker.lookAtOrder({ storeHash: shop.storeHash, orderId }));
    expect(await listed(shop)).toEqual([]);
  });

  test('an order that was heard of while its store is paused is not listed when the store goes on: a sweep finds it anew', async () => {
    const shop = await world.shop();
    const setState = (state: string) =>
      pool.query(`update lahetti.stores set state = $2 where id = $1`, [shop.store.id, state]);
    await setState('paused');
    const hint = { storeId: shop.store.id, orderId: 4712, source: 'webhook', scope: null } as const;
    await insertHint(pool, { ...hint, deliveryKey: randomUUID() });
    const leased = await leaseHints(pool, { limit: 1_000, leaseMs: 60_000 });
    // As the relay does with a hint of a store that is not connected.
    expect(
      await closeHints(
        pool,
        leased.find(({ storeId }) => storeId === shop.store.id)!,
      ),
    ).toBe(1);
    await setState('connected');
    expect(await listed(shop)).toEqual([]);
    expect(await countUnread(pool, shop.storeHash)).toMatchObject({ waiting: 0 });
  });
});

describe('an order that cannot be read', () => {
  test('an order that cannot be read is listed with what failed, since when, and when it is tried again', async () => {
    const shop = await world.shop({ speed: 1 });
    const order = await shop.order();
    const mend = await spoil(shop, order.ref.orderId);
    await expect(order.lookOnce()).rejects.toMatchObject({ code: 'bigcommerce_unreadable' });
    const failingSince = (await listed(shop))[0]!.failingSince!;
    await expect(order.lookOnce()).rejects.toMatchObject({ code: 'bigcommerce_unreadable' });

    const [unread] = await listed(shop);
    expect(unread).toMatchObject({ tries: 2, failingSince, code: 'bigcommerce_unreadable', attention: null });
    expect(unread!.failure).toContain('date_created');
    expect(unread!.nextTryAt!.getTime()).toBeGreaterThan(unread!.triedAt!.getTime());
    expect(await countUnread(pool, shop.storeHash)).toMatchObject({ failing: 1, needAttention: 0 });
    const view = await viewOrder(pool, notRunning, order.ref);
    expect(view.unread).toEqual(unread);
    const words = [unreadInLine(unread!), ...unreadInLines(unread!)].join('\n');
    expect(words).toMatch(/not read yet.*bigcommerce unreadable; next try 20/);
    expect(words).toContain('2 tries');
    expect(JSON.stringify([unread, words])).not.toContain('Kanarialintu');
    // It is this order's trouble, and no outage: nobody else waits for it.
    expect(await shop.troubles()).toEqual([]);

    await mend();
    await order.lookOnce();
    expect(await listed(shop)).toEqual([]);
  });

  test('an order that cannot be read needs a person after a while, also one that was never read, and its run ends', async () => {
    const shop = await world.shop();
    const mend = await spoil(shop);
    const order = await shop.order(); // looked at until the look ends
    const state = await order.lookOnce();
    expect(state).toMatchObject({
      phase: 'needs_attention',
      attention: { code: 'order_unreadable', commands: ['reprocess'] },
      shipments: [],
    });
    expect(describeOrder(state)).toContain('It needs a person: order unreadable. What helps: reprocess.');
    expect(await countUnread(pool, shop.storeHash)).toMatchObject({ failing: 1, needAttention: 1 });
    expect(await countAttention(pool)).toContainEqual({ name: 'order_unreadable', count: 1 });
    const inAttention = orderSearch.parse({ store: shop.storeHash, phase: 'needs_attention' });
    expect(await unreadOf(pool, inAttention)).toHaveLength(1);
    expect(await viewOrder(pool, notRunning, order.ref)).toMatchObject({
      unread: { tries: expect.any(Number) as number },
    });

    // Nothing in the engine remembers it: it is due by its row.
    await longAgo(order);
    expect(await dueOrders(pool, { limit: 1_000 })).toContainEqual(expect.objectContaining(order.ref));

    await mend();
    expect(await order.lookOnce()).toMatchObject({ phase: 'under_way', attention: null });
    expect(await listed(shop)).toEqual([]);
  });

  test('an order that can no longer be read goes on with its bookings, and nothing more is booked by an old plan', async () => {
    const shop = await world.shop();
    const [booked, planned] = [await shop.order(), await shop.order()];
    await booked.bookToTheEnd();
    const mend = await spoil(shop);
    for (const order of [booked, planned]) {
      await order.lookOnce().catch(() => {});
      await longAgo(order);
      expect(await order.lookOnce()).toMatchObject({
        phase: 'needs_attention',
        attention: { code: 'order_unreadable' },
      });
    }
    await booked.tellOnce();
    expect(await booked.only()).toMatchObject({ phase: 'booked', told: 'told' });
    expect(await planned.only()).toMatchObject({ phase: 'planned', lookAgain: true });

    await mend();
    for (const order of [booked, planned]) expect(await order.lookOnce()).toMatchObject({ attention: null });
    expect((await planned.bookToTheEnd()).phase).toBe('booked');
    expect((await viewOrder(pool, notRunning, planned.ref)).unread).toBeNull();
  });

  test('an order that cannot be read because the shop fails for it alone needs a person, while an outage of the shop needs nobody', async () => {
    const shop = await world.shop({ speed: 20_000 });
    const [order, another] = [await shop.order(), await shop.order()];
    const path = `/${shop.storeHash}/v2/orders/${order.ref.orderId}\\b`;
    const mend = await world.bigcommerce.harm({ kind: 'status', status: 500, times: -1, path });
    await expect(order.lookOnce()).rejects.toMatchObject({ kind: 'retryable' });
    await longAgo(order);
    await pool.query(`update lahetti.orders set read_at = now() - interval '2 hours' where store_id = $1`, [
      shop.store.id,
    ]);
    await expect(order.lookOnce()).rejects.toMatchObject({ kind: 'retryable' });
    expect((await findUnread(pool, order.ref))?.attention).toBeNull();

    // From here on it is the order's own failure: others of the shop are read between its tries.
    await another.lookOnce();
    await expect(order.lookOnce()).rejects.toMatchObject({ kind: 'retryable' });
    await longAgo(order);
    await another.lookOnce();
    expect(await order.lookOnce()).toMatchObject({ attention: { code: 'order_unreadable' } });
    await mend();
    expect(await order.look()).toMatchObject({ attention: null });
  });

  test('just after a long outage of the shop, once and by an error of the shop, needs nobody: only its own failures count', async () => {
    const shop = await world.shop({ speed: 1 });
    const [order, another] = [await shop.order(), await shop.order()];
    // Each time a worker that does not remember that the shop was open a moment ago.
    const look = ({ ref }: OrderInHand) => runStep(() => shop.startWorker().lookAtOrder(ref));
    const account: SystemAccount = { system: 'bigcommerce', account: shop.storeHash };
    const path = `/${shop.storeHash}/v2/orders/${order.ref.orderId}\\b`;
    for (const outage of ['the first', 'one more after failures of its own']) {
      await stopUntil(pool, account, 'paused', 'bigcommerce_unavailable', 3_600_000);
      await expect(look(order), outage).rejects.toMatchObject({ kind: 'paused' });
      await longAgo(order);
      await reopen(pool, account);

      await look(another);
      const mend = await world.bigcommerce.harm({ kind: 'status', status: 500, times: -1, path });
      await expect(look(order), outage).rejects.toMatchObject({ kind: 'retryable' });
      expect((await findUnread(pool, order.ref))?.attention, outage).toBeNull();
      await longAgo(order);
      await mend();
    }

    await look(another);
    await world.bigcommerce.harm({ kind: 'status', status: 500, times: -1, path });
    expect(await look(order)).toMatchObject({ attention: { code: 'order_unreadable' } });
  });
});

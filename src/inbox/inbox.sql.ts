import type { Db } from '../db/pool.ts';
import { one } from '../db/rows.ts';

export type HintSource = 'webhook' | 'sweep' | 'watchman' | 'api' | 'cli' | 'carrier';

/** "Look at this order", from whomever. Carries no data. */
export interface NewHint {
  readonly storeId: number;
  readonly orderId: number;
  readonly source: HintSource;
  /** What makes a delivery the same delivery, within its store: the webhook-id, or an id of our own. */
  readonly deliveryKey: string;
  /** The webhook's scope, for those who read the inbox. */
  readonly scope: string | null;
}

/** All hints of one order that one dispatch answers. */
export interface LeasedHints {
  readonly storeId: number;
  readonly storeHash: string;
  readonly storeState: 'connected' | 'paused' | 'disconnected';
  readonly orderId: number;
  /** Greatest id among them. */
  readonly upTo: number;
  readonly count: number;
  /** How often the oldest of them was leased, this time included. */
  readonly tries: number;
  /** Of the youngest of them, by which its trace is found (src/tracing/hint-ids.ts). */
  readonly source: HintSource;
  readonly deliveryKey: string;
}

/** Keeps a hint. Says whether it is new: false for a delivery that is known already. */
export async function insertHint(db: Db, hint: NewHint): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into lahetti.inbox (store_id, order_id, source, delivery_key, scope) values ($1, $2, $3, $4, $5)
     on conflict (store_id, delivery_key) do nothing`,
    [hint.storeId, hint.orderId, hint.source, hint.deliveryKey, hint.scope],
  );
  return rowCount === 1;
}

/** Keeps many hints in one statement. Says of each, in the same order, whether it is new. */
export async function insertHints(db: Db, hints: readonly NewHint[]): Promise<boolean[]> {
  if (hints.length === 0) return [];
  // In the order of their keys, so that two who insert the same deliveries wait for each other and never lock up.
  const { rows } = await db.query<{ store_id: number; delivery_key: string }>(
    `insert into lahetti.inbox (store_id, order_id, source, delivery_key, scope)
     select store_id, order_id, source, delivery_key, scope
     from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[])
       as hint (store_id, order_id, source, delivery_key, scope)
     order by store_id, delivery_key
     on conflict (store_id, delivery_key) do nothing
     returning store_id, delivery_key`,
    [
      hints.map((hint) => hint.storeId),
      hints.map((hint) => hint.orderId),
      hints.map((hint) => hint.source),
      hints.map((hint) => hint.deliveryKey),
      hints.map((hint) => hint.scope),
    ],
  );
  const fresh = new Set(rows.map((row) => `${row.store_id} ${row.delivery_key}`));
  // A delivery that is there twice is new once.
  return hints.map((hint) => fresh.delete(`${hint.storeId} ${hint.deliveryKey}`));
}

/** Wakes whoever listens (src/inbox/listen.ts). A trigger does it for what is no webhook (0006-hints-gathered.sql). */
export async function notifyRelay(db: Db): Promise<void> {
  await db.query(`select pg_notify('lahetti_inbox', 'inbox')`);
}

/**
 * Leases all waiting hints of at most `limit` orders, those that wait longest first. An order that is leased is nobody
 * else's until `leaseMs` have passed; hints that come meanwhile wait for the next lease and become one dispatch.
 *
 * The first hint ever of an order can be had at once. Later ones rarely come alone (each change in a shop is several
 * webhooks): they can be had when the oldest of them is `gatherMs` old, all together, however many follow.
 */
export async function leaseHints(
  db: Db,
  { limit, leaseMs, gatherMs = 0 }: { limit: number; leaseMs: number; gatherMs?: number },
): Promise<LeasedHints[]> {
  // The oldest waiting hint of an order stands for it: whoever has its row lock has the order.
  const { rows } = await db.query<LeasedRow>(
    `with heads as (
       select i.store_id, i.order_id
       from lahetti.inbox i
       where i.dispatched_at is null and (i.leased_until is null or i.leased_until <= now())
         and not exists (
           select from lahetti.inbox other
           where other.store_id = i.store_id and other.order_id = i.order_id and other.dispatched_at is null
             and (other.id < i.id or other.leased_until > now()))
         and (i.received_at <= now() - $3 * interval '1 millisecond' or not exists (
           select from lahetti.inbox before
           where before.store_id = i.store_id and before.order_id = i.order_id and before.dispatched_at is not null))
       order by i.received_at
       limit $1
       for update skip locked
     ), leased as (
       update lahetti.inbox i
       set leased_until = now() + $2 * interval '1 millisecond', tries = i.tries + 1
       from heads
       where i.store_id = heads.store_id and i.order_id = heads.order_id and i.dispatched_at is null
       returning i.id, i.store_id, i.order_id, i.received_at, i.tries, i.source, i.delivery_key
     ), heard_of as (
       -- Listed from now on until it is read, also where that never succeeds (src/orders/unread-orders.sql.ts).
       insert into lahetti.unread_orders (store_id, order_id, since)
       select l.store_id, l.order_id, min(l.received_at)
       from leased l
       join lahetti.stores st on st.id = l.store_id and st.state = 'connected'
       where not exists (select from lahetti.orders o where o.store_id = l.store_id and o.order_id = l.order_id)
       group by l.store_id, l.order_id
       on conflict do nothing
     )
     select l.store_id, s.store_hash, s.state, l.order_id, max(l.id) as up_to, count(*) as count, max(l.tries) as tries,
            (array_agg(l.source order by l.id desc))[1] as source,
            (array_agg(l.delivery_key order by l.id desc))[1] as delivery_key
     from leased l
     join lahetti.stores s on s.id = l.store_id
     group by l.store_id, s.store_hash, s.state, l.order_id
     order by min(l.received_at)`,
    [limit, leaseMs, gatherMs],
  );
  return rows.map((row) => ({
    storeId: row.store_id,
    storeHash: row.store_hash,
    storeState: row.state,
    orderId: row.order_id,
    upTo: row.up_to,
    count: row.count,
    tries: row.tries,
    source: row.source,
    deliveryKey: row.delivery_key,
  }));
}

/** How many hints wait; counts no further than `limit`. */
export async function countWaiting(db: Db, limit: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*) from (select from lahetti.inbox where dispatched_at is null limit $1) waiting`,
    [limit],
  );
  return one(rows).count;
}

/** Milliseconds until the next hint that is being gathered has waited for `gatherMs`; null where none is. */
export async function nextGatheredIn(db: Db, gatherMs: number): Promise<number | null> {
  const { rows } = await db.query<{ ms: number | null }>(
    `select (extract(epoch from min(received_at) - now()) * 1000)::float8 + $1 as ms from lahetti.inbox
     where dispatched_at is null and received_at > now() - $1 * interval '1 millisecond'`,
    [gatherMs],
  );
  return one(rows).ms;
}

/**
 * Marks the leased hints of an order, up to an id, as dispatched; gives back how many. One that was committed late, with a
 * smaller id but after the lease, is left: what it tells of may be younger than our dispatch.
 */
export async function closeHints(
  db: Db,
  { storeId, orderId, upTo }: { storeId: number; orderId: number; upTo: number },
): Promise<number> {
  const { rowCount } = await db.query(
    `update lahetti.inbox set dispatched_at = now()
     where store_id = $1 and order_id = $2 and id <= $3 and dispatched_at is null and leased_until is not null`,
    [storeId, orderId, upTo],
  );
  return rowCount ?? 0;
}

/** Gives back a lease: the order's hints may be leased again after `delayMs`. */
export async function releaseHints(
  db: Db,
  hints: { storeId: number; orderId: number; upTo: number; delayMs: number },
): Promise<void> {
  await db.query(
    `update lahetti.inbox set leased_until = case when $4 > 0 then now() + $4 * interval '1 millisecond' end
     where store_id = $1 and order_id = $2 and id <= $3 and dispatched_at is null`,
    [hints.storeId, hints.orderId, hints.upTo, hints.delayMs],
  );
}

export interface InboxBacklog {
  /** Hints that were not dispatched yet, and the orders they are about. */
  readonly hints: number;
  readonly orders: number;
  /** Age of the oldest one; 0 where none waits. */
  readonly oldestHintMs: number;
  /** Commands without an outcome. */
  readonly commands: number;
  readonly oldestCommandMs: number;
}

/** What waits to be dispatched, for metrics and alerts. */
export async function readBacklog(db: Db): Promise<InboxBacklog> {
  const { rows } = await db.query<BacklogRow>(
    `select h.*, c.*
     from (select count(*) as hints, count(distinct (store_id, order_id)) as orders,
                  coalesce(extract(epoch from now() - min(received_at)) * 1000, 0)::float8 as oldest_hint_ms
           from lahetti.inbox where dispatched_at is null) h,
          (select count(*) as commands,
                  coalesce(extract(epoch from now() - min(at)) * 1000, 0)::float8 as oldest_command_ms
           from lahetti.commands where closed_at is null) c`,
  );
  const row = one(rows);
  return {
    hints: row.hints,
    orders: row.orders,
    oldestHintMs: row.oldest_hint_ms,
    commands: row.commands,
    oldestCommandMs: row.oldest_command_ms,
  };
}

interface LeasedRow {
  store_id: number;
  store_hash: string;
  state: LeasedHints['storeState'];
  order_id: number;
  up_to: number;
  count: number;
  tries: number;
  source: HintSource;
  delivery_key: string;
}

interface BacklogRow {
  hints: number;
  orders: number;
  oldest_hint_ms: number;
  commands: number;
  oldest_command_ms: number;
}

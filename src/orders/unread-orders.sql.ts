import type { Attention } from '../domain/order-state.ts';
import type { OrderRef } from '../domain/order-ref.ts';
import type { Db } from '../db/pool.ts';
import { maybeOne, one } from '../db/rows.ts';

/** An order that we heard of and have not read since. */
export interface UnreadOrder extends OrderRef {
  /** Its first hint; of an order that was read before, the first look that failed. */
  readonly since: Date;
  /** Null until a look at it fails. */
  readonly failingSince: Date | null;
  readonly tries: number;
  readonly triedAt: Date | null;
  readonly nextTryAt: Date | null;
  readonly code: string | null;
  /** In our own words, with nothing about a person. */
  readonly failure: string | null;
  readonly attention: Attention | null;
}

/**
 * Whose trouble a failed look is, as far as the failure tells. `shop`: the shop failed, maybe for this order alone; that is so
 * where others of the store are read between its tries. `everybody`: no order can be read, as in a pause of the shop.
 */
export type WhoseFailure = 'order' | 'shop' | 'everybody';

export interface FailedLook {
  readonly storeId: number;
  readonly orderId: number;
  readonly code: string;
  readonly failure: string;
  readonly whose: WhoseFailure;
  readonly nextTryMs: number;
}

/** Writes down that a look failed. Locks the row for the rest of the transaction. */
export async function noteFailedLook(tx: Db, look: FailedLook): Promise<FailingFor> {
  const { rows } = await tx.query<FailingFor>(
    `with between_tries as (
       select exists (select from lahetti.orders o join lahetti.unread_orders u on u.store_id = o.store_id
                       where u.store_id = $1 and u.order_id = $2 and o.read_at > u.tried_at) as others_are_read
     ), failure as (
       select others_are_read, $6 = 'order' or ($6 = 'shop' and others_are_read) as is_own from between_tries
     )
     insert into lahetti.unread_orders as u
       (store_id, order_id, failing_since, own_since, tries, tried_at, next_try_at, failure_code, failure)
     select $1, $2, now(), case when is_own then now() end, 1, now(), now() + $5 * interval '1 millisecond', $3, $4 from failure
     on conflict (store_id, order_id) do update set
       failing_since = coalesce(u.failing_since, now()), tries = u.tries + 1, tried_at = now(),
       own_since = case when $6 = 'everybody' then null else coalesce(u.own_since, excluded.own_since) end,
       next_try_at = excluded.next_try_at, failure_code = excluded.failure_code, failure = excluded.failure
     returning attention, coalesce(extract(epoch from now() - own_since) * 1000, 0)::float8 as "ownForMs",
       (select others_are_read from failure) as "othersAreRead"`,
    [look.storeId, look.orderId, look.code, look.failure, look.nextTryMs, look.whose],
  );
  return one(rows);
}

export interface FailingFor {
  readonly attention: Attention | null;
  /** Outages of the shop do not count: after one it begins anew. */
  readonly ownForMs: number;
  /** Of the same store, since the last try of this one. */
  readonly othersAreRead: boolean;
}

/** From now on it needs a person, and is tried again so late. */
export async function needPersonForUnread(
  tx: Db,
  { storeId, orderId }: Pick<FailedLook, 'storeId' | 'orderId'>,
  attention: Attention,
  nextTryMs: number,
): Promise<void> {
  await tx.query(
    `update lahetti.unread_orders set attention = $3, next_try_at = now() + $4 * interval '1 millisecond'
      where store_id = $1 and order_id = $2`,
    [storeId, orderId, JSON.stringify(attention), nextTryMs],
  );
}

/** It was read, or the shop has none such. */
export async function forgetUnread(tx: Db, storeId: number, orderId: number): Promise<void> {
  await tx.query(`delete from lahetti.unread_orders where store_id = $1 and order_id = $2`, [storeId, orderId]);
}

/** Of stores that are connected. Hints that nobody has taken yet count from when they came in. */
const unread = `(
  select st.store_hash, u.order_id, u.since, u.failing_since, u.tries, u.tried_at, u.next_try_at, u.failure_code, u.failure, u.attention
    from lahetti.unread_orders u join lahetti.stores st on st.id = u.store_id
   where st.state = 'connected'
   union all
  select st.store_hash, i.order_id, min(i.received_at), null, 0, null, null, null, null, null
    from lahetti.inbox i join lahetti.stores st on st.id = i.store_id
   where i.dispatched_at is null and st.state = 'connected'
     and not exists (select from lahetti.orders o where o.store_id = i.store_id and o.order_id = i.order_id)
     and not exists (select from lahetti.unread_orders u where u.store_id = i.store_id and u.order_id = i.order_id)
   group by 1, 2)`;

/** Those that need a person first, then those that fail, then those that only wait; of each the oldest first. */
export async function listUnread(
  db: Db,
  filter: {
    readonly store?: string | undefined;
    readonly orderId?: number | undefined;
    readonly needsPerson?: boolean | undefined;
    readonly limit: number;
  },
): Promise<UnreadOrder[]> {
  const { rows } = await db.query<UnreadOrder>(
    `select u.store_hash as "storeHash", u.order_id as "orderId", u.since, u.failing_since as "failingSince", u.tries,
            u.tried_at as "triedAt", u.next_try_at as "nextTryAt", u.failure_code as code, u.failure, u.attention
       from ${unread} u
      where ($1::text is null or u.store_hash = $1) and ($2::bigint is null or u.order_id = $2)
        and ($3::boolean is null or (u.attention is not null) = $3)
      order by u.attention is null, u.failing_since is null, u.since, u.order_id limit $4`,
    [filter.store ?? null, filter.orderId ?? null, filter.needsPerson ?? null, filter.limit],
  );
  return rows;
}

export async function findUnread(db: Db, ref: OrderRef): Promise<UnreadOrder | undefined> {
  return maybeOne(await listUnread(db, { store: ref.storeHash, orderId: ref.orderId, limit: 1 }));
}

export interface UnreadCounts {
  /** Were not looked at yet. */
  readonly waiting: number;
  /** Looks at them failed, and are tried again. */
  readonly failing: number;
  /** Of those, a person has to look. */
  readonly needAttention: number;
  /** How long the one that failed first has been failing; 0 where none does. */
  readonly oldestFailureMs: number;
}

/** How many orders were not read, of all connected stores or one. */
export async function countUnread(db: Db, store?: string): Promise<UnreadCounts> {
  const { rows } = await db.query<UnreadCounts>(
    `select count(*) filter (where failing_since is null)::int as waiting,
            count(*) filter (where failing_since is not null)::int as failing,
            count(*) filter (where attention is not null)::int as "needAttention",
            coalesce(max(extract(epoch from now() - failing_since)) * 1000, 0)::float8 as "oldestFailureMs"
       from ${unread} u where ($1::text is null or store_hash = $1)`,
    [store ?? null],
  );
  return one(rows);
}

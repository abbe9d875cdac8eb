import type { OrderRef } from '../domain/order-ref.ts';
import type { Db } from '../db/pool.ts';
import type { SystemAccount } from './system-account.ts';

/** An order whose waiting steps are to be tried at once. */
export interface RetryNow extends OrderRef {
  readonly storeId: number;
  /** Whatever they wait for; otherwise only what waits for an account. */
  readonly byPerson: boolean;
  /** Which lease of the row this is: another one, or none, where the order is to be tried once more. */
  readonly lease: string;
}

/** A person asks for it. Where a relay has just taken the row, that lease ends: its steps may have been looked at already. */
export async function retryOrderNow(db: Db, storeId: number, orderId: number): Promise<void> {
  await db.query(
    `insert into lahetti.retry_now (store_id, order_id, by_person) values ($1, $2, true)
     on conflict (store_id, order_id) do update set by_person = true, leased_until = null`,
    [storeId, orderId],
  );
}

/**
 * Orders with a step that needs this account, by what they have to do next: to be booked or to get their label (`posti`),
 * to be read, told to the shop or taken back (`bigcommerce`, and the scopes of its token). Parcels are followed by their own clock.
 *
 * Where a relay has just taken one, that lease ends: since then its steps may have begun to wait anew.
 *
 * @param atMost null for all of them; few, where it is not known yet whether the account works again
 */
export async function retryOrdersOf(
  db: Db,
  { system, account }: SystemAccount,
  atMost: number | null,
): Promise<number> {
  if (system === 'posti_tracking') return 0;
  const { rowCount } = await db.query(
    `insert into lahetti.retry_now (store_id, order_id)
     select waiting.store_id, waiting.order_id from (
       select o.store_id, o.order_id
         from lahetti.stores st
         join lahetti.orders o on o.store_id = st.id
         join lahetti.shipments s on s.order_pk = o.id
        where $1 = 'posti' and st.carrier_account_id::text = $2
          and (s.phase = 'planned' and s.blocked is null and s.attention is null and not s.cancelling
               or s.phase = 'booked' and not s.cancelling and not exists (
                 select from lahetti.booking_attempts a join lahetti.labels l on l.attempt_id = a.id
                  where a.shipment_id = s.id and a.state = 'live' and l.pdf is not null))
       union
       select o.store_id, o.order_id
         from lahetti.stores st
         join lahetti.orders o on o.store_id = st.id
         join lahetti.shipments s on s.order_pk = o.id
        where $1 like 'bigcommerce%' and st.store_hash = $2 and s.phase in ('planned', 'booked')
          and (s.cancelling
               or s.phase = 'booked' and s.told not in ('told', 'refused', 'withdrawn')
                  and (s.told = 'not_yet' or s.delivery_status not in ('unknown', 'registered')))
       union
       select i.store_id, i.order_id
         from lahetti.stores st
         join lahetti.inbox i on i.store_id = st.id
         left join lahetti.orders o on o.store_id = i.store_id and o.order_id = i.order_id
        where $1 like 'bigcommerce%' and st.store_hash = $2 and i.dispatched_at is not null
          and (o.id is null or o.read_at < i.dispatched_at)
     ) waiting
     order by waiting.store_id, waiting.order_id
     limit $3
     on conflict (store_id, order_id) do update set leased_until = null`,
    [system, account, atMost],
  );
  return rowCount ?? 0;
}

/** Takes some of them, those that wait longest first; whoever is killed with them loses them when the lease ends. */
export async function leaseRetries(
  db: Db,
  { limit, leaseMs }: { limit: number; leaseMs: number },
): Promise<RetryNow[]> {
  const { rows } = await db.query<RetryNow>(
    `update lahetti.retry_now r set leased_until = now() + $2 * interval '1 millisecond'
       from (select store_id, order_id from lahetti.retry_now
              where leased_until is null or leased_until < now()
              order by by_person desc, at limit $1 for update skip locked) next
       join lahetti.stores st on st.id = next.store_id
      where r.store_id = next.store_id and r.order_id = next.order_id
      returning r.store_id as "storeId", st.store_hash as "storeHash", r.order_id as "orderId", r.by_person as "byPerson",
        r.leased_until::text as lease`,
    [limit, leaseMs],
  );
  return rows;
}

/**
 * It was done, or is not worth another try: the steps go on by themselves some minutes later. Asked for again meanwhile, it
 * stays and is done once more.
 */
export async function closeRetry(db: Db, { storeId, orderId, lease }: RetryNow): Promise<void> {
  await db.query(
    `delete from lahetti.retry_now where store_id = $1 and order_id = $2 and leased_until = $3::timestamptz`,
    [storeId, orderId, lease],
  );
}

/** The engine did not answer: somebody tries again. */
export async function releaseRetry(db: Db, { storeId, orderId, lease }: RetryNow): Promise<void> {
  await db.query(
    `update lahetti.retry_now set leased_until = null
      where store_id = $1 and order_id = $2 and leased_until = $3::timestamptz`,
    [storeId, orderId, lease],
  );
}

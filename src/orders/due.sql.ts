import type { OrderRef } from '../domain/order-ref.ts';
import type { Db } from '../db/pool.ts';

export interface DueOrder extends OrderRef {
  readonly storeId: number;
}

/**
 * Orders of connected stores for which something can be done without anybody's hint: a shipment that `isDue`
 * (src/domain/order-state.ts) would call due, a command without an outcome, or a reading that failed and is due again. In the order of store and order id;
 * `after` is the last one of the page before.
 *
 * With `handedOver` also orders of which the engine was told and that nobody has read since: what a lost engine knew.
 * A minute more than that, because a read is dated when it is written down.
 */
export async function dueOrders(
  db: Db,
  {
    limit,
    after,
    handedOver = false,
  }: {
    limit: number;
    after?: { storeId: number; orderId: number } | undefined;
    handedOver?: boolean;
  },
): Promise<DueOrder[]> {
  const { rows } = await db.query<{ store_id: number; store_hash: string; order_id: number }>(
    `select due.store_id, st.store_hash, due.order_id
     from (
       select o.store_id, o.order_id
       from lahetti.orders o
       join lahetti.shipments s on s.order_pk = o.id
       where s.phase = 'booked' and not (s.cancelling and s.attention is not null and s.attention->>'code' = 'shop_refused_withdrawal')
                                and not (not s.cancelling and s.told = 'refused' and s.attention is not null
                                         and s.delivery_status in ('delivered', 'returned'))
          or s.phase = 'planned' and (
               s.cancelling and (s.attention is null or s.attention->>'code' <> 'shop_refused_withdrawal')
               or s.blocked is null and s.attention is null
               or exists (select from lahetti.booking_attempts a where a.shipment_id = s.id and a.state = 'sent'))
       union
       select c.store_id, c.order_id from lahetti.commands c where c.closed_at is null
       union
       -- Could not be read: the engine gave it back to wait (activities/failed-look.ts), or lost it.
       select u.store_id, u.order_id from lahetti.unread_orders u
       where case when u.attention is not null then u.next_try_at <= now()
                  else coalesce(u.next_try_at, u.since) < now() - interval '10 minutes' end
       union
       select i.store_id, i.order_id
       from lahetti.inbox i
       left join lahetti.orders o on o.store_id = i.store_id and o.order_id = i.order_id
       where $4 and i.dispatched_at is not null
         and (o.id is null or o.read_at < i.dispatched_at + interval '1 minute')
     ) due
     join lahetti.stores st on st.id = due.store_id and st.state = 'connected'
     where (due.store_id, due.order_id) > ($2::bigint, $3::bigint)
     order by due.store_id, due.order_id
     limit $1`,
    [limit, after?.storeId ?? 0, after?.orderId ?? 0, handedOver],
  );
  return rows.map((row) => ({ storeId: row.store_id, storeHash: row.store_hash, orderId: row.order_id }));
}

import type { Db } from '../src/db/pool.ts';
import type { OrderRef } from '../src/domain/order-ref.ts';

/**
 * A text for each of these orders that we have read, by its name (`<store hash>/<order id>`), which is another one after
 * the order or a shipment moved, or an attempt was opened. One cheap statement, so that of many orders only those that
 * moved have to be loaded.
 */
export async function orderStamps(db: Db, refs: readonly OrderRef[]): Promise<Map<string, string>> {
  const { rows } = await db.query<{ name: string; stamp: string }>(
    `select asked.store_hash || '/' || asked.order_id as name,
            o.xmin || ' ' || (select coalesce(sum(s.transition), 0) || ' ' || count(a.id) from lahetti.shipments s
                                left join lahetti.booking_attempts a on a.shipment_id = s.id where s.order_pk = o.id) as stamp
       from unnest($1::text[], $2::bigint[]) as asked(store_hash, order_id)
       join lahetti.stores st on st.store_hash = asked.store_hash
       join lahetti.orders o on o.store_id = st.id and o.order_id = asked.order_id`,
    [refs.map(({ storeHash }) => storeHash), refs.map(({ orderId }) => orderId)],
  );
  return new Map(rows.map(({ name, stamp }) => [name, stamp]));
}

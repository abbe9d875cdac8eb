import type { Db } from '../db/pool.ts';
import type { HintSource } from '../inbox/inbox.sql.ts';

/**
 * Hints every order of a store that waits, or needs attention: what it waits for may have come about without the shop
 * saying anything, by other settings. Gives how many. In the transaction of the change that it tells of.
 */
export async function hintWaitingOrders(db: Db, storeId: number, source: HintSource): Promise<number> {
  const { rowCount } = await db.query(
    `insert into lahetti.inbox (store_id, order_id, source, delivery_key)
     select store_id, order_id, $2, gen_random_uuid()::text
       from lahetti.orders where store_id = $1 and phase in ('waiting', 'needs_attention')
      order by order_id`,
    [storeId, source],
  );
  return rowCount ?? 0;
}

/**
 * Something changed by which every order of a store was planned: all that is not booked is looked at again before it is, and its
 * timeline says why. Gives how many orders. In the transaction of the change.
 */
export async function planAnewInStore(
  tx: Db,
  storeId: number,
  why: { readonly what: string; readonly words: string },
): Promise<number> {
  const orderPks = await lockUnbooked(tx, storeId);
  const { rowCount } = await tx.query(
    `with concerned as (
       -- Booked while its lock was waited for: then nothing of it is planned anew.
       select o.id, o.order_id from lahetti.orders o where o.id = any($4::bigint[]) and ${isUnbooked}
     ), noted as (
       insert into lahetti.timeline (order_pk, shipment_n, what, words, who)
       select c.id, null, $2, $3, 'shop' from concerned c
     ), again as (
       update lahetti.shipments s set look_again = true
         from concerned c where s.order_pk = c.id and s.phase = 'planned' and not s.look_again
     )
     insert into lahetti.inbox (store_id, order_id, source, delivery_key)
     select $1, order_id, 'watchman', gen_random_uuid()::text from concerned order by order_id`,
    [storeId, why.what, why.words, orderPks],
  );
  return rowCount ?? 0;
}

/** Something of the order `o` is not booked. */
const isUnbooked = `(o.phase in ('waiting', 'needs_attention') or o.phase = 'under_way' and exists (
  select from lahetti.shipments s where s.order_pk = o.id and s.phase = 'planned'))`;

/**
 * Orders before their shipments, and those with lower ids first, as everybody locks them: a booking that is being written
 * down and this must never wait for each other.
 */
async function lockUnbooked(tx: Db, storeId: number): Promise<number[]> {
  const { rows } = await tx.query<{ id: number }>(
    `select o.id from lahetti.orders o where o.store_id = $1 and ${isUnbooked} order by o.id for no key update of o`,
    [storeId],
  );
  return rows.map(({ id }) => id);
}

import type { Db } from '../db/pool.ts';
import type { HintSource } from '../inbox/inbox.sql.ts';
import { isUnbooked, lookAgainAtOrders } from '../shipments/plan.sql.ts';

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
  return lookAgainAtOrders(tx, storeId, orderPks, why);
}

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

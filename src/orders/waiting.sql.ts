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

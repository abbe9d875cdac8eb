import type { Db } from '../db/pool.ts';

/** Whether the shop, or anybody else, has said "look at this order" of a shipment's order since it was last read. */
export async function hasUnreadNews(db: Db, shipmentId: number): Promise<boolean> {
  // Two questions, for which there is an index each.
  const { rows } = await db.query(
    `select from lahetti.shipments s join lahetti.orders o on o.id = s.order_pk
      where s.id = $1
        and (exists (select from lahetti.inbox i where i.store_id = o.store_id and i.order_id = o.order_id
                        and i.dispatched_at is null and i.received_at > o.read_at)
          or exists (select from lahetti.inbox i where i.store_id = o.store_id and i.order_id = o.order_id
                        and i.dispatched_at is not null and i.received_at > o.read_at))`,
    [shipmentId],
  );
  return rows.length > 0;
}

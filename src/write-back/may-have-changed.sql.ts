import type { Db } from '../db/pool.ts';

/**
 * Whether the order of a shipment may be another one in the shop than when it was read: somebody has said "look at it" since,
 * or it was read so long ago that the word may have been lost.
 */
export async function mayHaveChanged(
  db: Db,
  shipmentId: number,
  { olderThanMs }: { olderThanMs: number },
): Promise<boolean> {
  // Two questions about hints, for which there is an index each.
  const { rows } = await db.query(
    `select from lahetti.shipments s join lahetti.orders o on o.id = s.order_pk
      where s.id = $1
        and (o.read_at < now() - $2 * interval '1 millisecond'
          or exists (select from lahetti.inbox i where i.store_id = o.store_id and i.order_id = o.order_id
                        and i.dispatched_at is null and i.received_at > o.read_at)
          or exists (select from lahetti.inbox i where i.store_id = o.store_id and i.order_id = o.order_id
                        and i.dispatched_at is not null and i.received_at > o.read_at))`,
    [shipmentId, olderThanMs],
  );
  return rows.length > 0;
}

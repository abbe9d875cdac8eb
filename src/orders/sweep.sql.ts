import type { Db } from '../db/pool.ts';
import type { FromMetafields } from './order-metafields.ts';

/** The digests of those of the orders that we have read, by order id. */
export async function knownDigests(
  db: Db,
  { storeId, orderIds }: { storeId: number; orderIds: readonly number[] },
): Promise<Map<number, string>> {
  const { rows } = await db.query<{ order_id: number; digest: string }>(
    `select order_id, digest from lahetti.orders where store_id = $1 and order_id = any($2::bigint[])`,
    [storeId, orderIds],
  );
  return new Map(rows.map((row) => [row.order_id, row.digest]));
}

/** What was read of metafields of those of the orders that we have read, by order id; erased ones are left out. */
export async function knownMetafields(
  db: Db,
  { storeId, orderIds }: { storeId: number; orderIds: readonly number[] },
): Promise<Map<number, FromMetafields>> {
  const { rows } = await db.query<{ order_id: number; point: string | null; warehouse: string | null }>(
    `select order_id, people_order->>'pickupPointInMetafield' as point, people_order->>'warehouseInMetafield' as warehouse
       from lahetti.orders where store_id = $1 and order_id = any($2::bigint[]) and erased_at is null`,
    [storeId, orderIds],
  );
  return new Map(
    rows.map(({ order_id: orderId, point, warehouse }) => [
      orderId,
      {
        ...(point === null ? {} : { pickupPointInMetafield: point }),
        ...(warehouse === null ? {} : { warehouseInMetafield: warehouse }),
      },
    ]),
  );
}

/**
 * When the last sweep began that compared metafields to its end, by the settings as they are now; null where none did:
 * fields that nobody looked for before may have been written long ago.
 */
export async function metafieldsComparedAt(db: Db, storeId: number): Promise<Date | null> {
  const { rows } = await db.query<{ at: Date | null }>(
    `select max(r.started_at) as at from lahetti.runs r
      where r.store_id = $1 and r.kind = 'sweep' and r.ended_at is not null and r.failure is null and r.counts ? 'metafields'
        and r.started_at > coalesce((select max(s.at) from lahetti.store_settings s where s.store_id = $1), '-infinity')`,
    [storeId],
  );
  return rows[0]?.at ?? null;
}

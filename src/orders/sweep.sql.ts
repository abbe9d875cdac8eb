import type { Db } from '../db/pool.ts';

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

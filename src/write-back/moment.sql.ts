import type { Db } from '../db/pool.ts';

/** Whether a label of the live booking was printed. */
export async function isPrinted(db: Db, shipmentId: number): Promise<boolean> {
  const { rows } = await db.query(
    `select from lahetti.labels l join lahetti.booking_attempts a on a.id = l.attempt_id and a.state = 'live'
      where l.shipment_id = $1 and l.printed_at is not null limit 1`,
    [shipmentId],
  );
  return rows.length > 0;
}

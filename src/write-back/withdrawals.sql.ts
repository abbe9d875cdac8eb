import type { Db } from '../db/pool.ts';

/** Takes back, in our own rows, what the shop was told of a shipment: its records there are gone. */
export async function markRecordsWithdrawn(tx: Db, shipmentId: number): Promise<void> {
  await tx.query(
    `update lahetti.write_backs set state = 'withdrawn', at = now()
      where shipment_id = $1 and state in ('sent', 'unknown', 'done')`,
    [shipmentId],
  );
}

/** What telling the shop did to the order's status, from our rows of the whole order. */
export interface StatusStory {
  /** Before we first told the shop anything of this order that still stands; null where that is not known. */
  readonly statusBefore: number | null;
  /** At the last reading, before any record made something else of it (src/planning/still-cancelled.ts). */
  readonly statusRead: number;
  /** The shop still has a record of another shipment of ours, or may have one. */
  readonly othersTold: boolean;
  /** Our records, those taken back meanwhile included, cover all units that had to be shipped: deleting them left the order Shipped. */
  readonly coversAll: boolean;
  /** The records of our other shipments that still stand do so without this one. */
  readonly othersCoverAll: boolean;
  /** We set the order to Completed when all of it was shipped. */
  readonly completedByUs: boolean;
}

export async function statusStory(db: Db, orderPk: number, shipmentId: number): Promise<StatusStory> {
  const { rows } = await db.query<StatusStory>(
    `with told as (
       select w.id, w.shipment_id, w.previous_status from lahetti.write_backs w
         join lahetti.shipments s on s.id = w.shipment_id
        where s.order_pk = $1 and w.kind = 'shipment' and w.state in ('sent', 'unknown', 'done')
     ), units as (
       select s.id as shipment_id, (l->>'lineId')::bigint as line_id, (l->>'quantity')::int as quantity
         from lahetti.shipments s
         join lahetti.plan_revisions r on r.shipment_id = s.id and r.revision = s.revision,
              jsonb_array_elements(r.content->'lines') l
        where s.id in (select w.shipment_id from lahetti.write_backs w where w.kind = 'shipment') and s.order_pk = $1
     ), lines as (
       select ol.quantity - ol.quantity_refunded as wanted,
              coalesce(sum(u.quantity), 0) as ours,
              coalesce(sum(u.quantity) filter (where u.shipment_id in (select shipment_id from told where shipment_id <> $2)), 0) as others
         from lahetti.order_lines ol left join units u on u.line_id = ol.line_id
        where ol.order_pk = $1 and ol.kind = 'physical' group by ol.line_id, ol.quantity, ol.quantity_refunded
     )
     select (select previous_status from told where previous_status is not null order by id limit 1) as "statusBefore",
            (select status_id from lahetti.orders where id = $1) as "statusRead",
            exists (select from told where shipment_id <> $2) as "othersTold",
            not exists (select from lines where wanted > ours) as "coversAll",
            not exists (select from lines where wanted > others) as "othersCoverAll",
            exists (select from lahetti.write_backs w join lahetti.shipments s on s.id = w.shipment_id
                     where s.order_pk = $1 and w.kind = 'status' and w.state = 'done') as "completedByUs"`,
    [orderPk, shipmentId],
  );
  return rows[0]!;
}

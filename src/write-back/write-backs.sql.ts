import type { ShipmentState } from '../domain/order-state.ts';
import type { ShipmentRef } from '../domain/order-ref.ts';
import { inTransaction, type Db, type Pool } from '../db/pool.ts';
import { type LockedShipment, lockShipment } from '../shipments/shipments.sql.ts';
import { saveTold } from '../shipments/transitions.sql.ts';

/** What the shop was told, or was being told, of a shipment. */
export interface WriteBack {
  readonly parcel: number;
  readonly state: 'sent' | 'done' | 'unknown' | 'withdrawn';
  readonly recordId: number | null;
  readonly trackingNumber: string | null;
  /** Milliseconds since the row last changed. */
  readonly ageMs: number;
}

export interface ShipmentWithRecords {
  readonly shipment: LockedShipment;
  readonly trackingNumbers: readonly string[];
  readonly records: readonly WriteBack[];
  /** The shop said at the last look that units of these lines were shipped. */
  readonly shopCountsUnits: boolean;
  /** The status that the order had before the shop was first told of this shipment, or of another that it still has a record of. */
  readonly statusBefore: number;
  readonly channelId: number;
  /** The shopper's, like `sv-FI`; null where the order has none, or its people were erased. */
  readonly customerLocale: string | null;
}

/** A shipment with its live numbers and what the shop was told of it. */
export async function shipmentWithRecords(pool: Pool, ref: ShipmentRef): Promise<ShipmentWithRecords> {
  return inTransaction(pool, async (tx) => {
    const shipment = await lockShipment(tx, ref);
    const numbers = await tx.query<{ number: string }>(
      `select p.tracking_number as number from lahetti.parcels p
         join lahetti.booking_attempts a on a.id = p.attempt_id and a.state = 'live'
        where a.shipment_id = $1 order by p.position`,
      [shipment.id],
    );
    const records = await tx.query<WriteBack>(
      `select parcel, state, record_id as "recordId", tracking_number as "trackingNumber",
              (extract(epoch from now() - at) * 1000)::float as "ageMs"
         from lahetti.write_backs where shipment_id = $1 and kind = 'shipment' order by parcel`,
      [shipment.id],
    );
    const shop = await tx.query<
      Pick<ShipmentWithRecords, 'statusBefore' | 'channelId' | 'customerLocale'> & { counts: boolean }
    >(
      `select o.channel_id as "channelId", o.people_order->>'customerLocale' as "customerLocale", coalesce((select w.previous_status from lahetti.write_backs w
                         where w.shipment_id = $3 and w.kind = 'shipment' and w.previous_status is not null order by w.id limit 1),
                       (select w.previous_status from lahetti.write_backs w join lahetti.shipments other on other.id = w.shipment_id
                         where other.order_pk = o.id and w.kind = 'shipment' and w.state in ('sent', 'unknown', 'done')
                           and w.previous_status is not null order by w.id limit 1),
                       o.status_id) as "statusBefore", exists (select from lahetti.order_lines l
                where l.order_pk = o.id and l.line_id = any($2::bigint[]) and l.quantity_shipped > 0) as counts
         from lahetti.orders o where o.id = $1`,
      [shipment.orderPk, shipment.plan.lines.map((line) => line.lineId), shipment.id],
    );
    return {
      shipment,
      trackingNumbers: numbers.rows.map((row) => row.number),
      records: records.rows,
      shopCountsUnits: shop.rows[0]?.counts ?? false,
      statusBefore: shop.rows[0]?.statusBefore ?? 0,
      channelId: shop.rows[0]?.channelId ?? 0,
      customerLocale: shop.rows[0]?.customerLocale ?? null,
    };
  });
}

/**
 * Remembers that the shop is being told, before it is: committed before anything is sent. False while another try may
 * still be waiting for the shop's answer, or while a write that nobody waits for any more may still arrive: then nothing is
 * sent. Of a part of a line's units the shop would take the same record twice.
 */
export async function openWriteBack(
  db: Db,
  shipmentId: number,
  parcel: number,
  trackingNumber: string,
  previousStatus: number,
  fenceMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into lahetti.write_backs as w (shipment_id, kind, parcel, state, tracking_number, previous_status)
     values ($1, 'shipment', $2, 'sent', $3, $4)
     on conflict (shipment_id, kind, parcel) do update set state = 'sent', tracking_number = $3, at = now()
       where w.state not in ('sent', 'unknown') or w.at <= now() - $5 * interval '1 millisecond'`,
    [shipmentId, parcel, trackingNumber, previousStatus, fenceMs],
  );
  return rowCount === 1;
}

export async function closeWriteBack(
  db: Db,
  shipmentId: number,
  parcel: number,
  state: WriteBack['state'],
  recordId: number | null,
): Promise<void> {
  await db.query(
    `update lahetti.write_backs set state = $3, record_id = case when $3 <> 'withdrawn' then coalesce($4, record_id) end, at = now()
      where shipment_id = $1 and kind = 'shipment' and parcel = $2`,
    [shipmentId, parcel, state, recordId],
  );
}

/** Remembers that the status is ours to put back, before it is changed. */
export async function noteStatusChange(db: Db, shipmentId: number, previousStatus: number): Promise<void> {
  await db.query(
    `insert into lahetti.write_backs (shipment_id, kind, state, previous_status) values ($1, 'status', 'done', $2)
     on conflict (shipment_id, kind, parcel) do update set state = 'done', previous_status = $2, at = now()`,
    [shipmentId, previousStatus],
  );
}

/** The write never reached the shop: there is nothing to look for. */
export async function forgetWriteBack(db: Db, shipmentId: number, parcel: number): Promise<void> {
  await db.query(
    `delete from lahetti.write_backs where shipment_id = $1 and kind = 'shipment' and parcel = $2 and state = 'sent' and record_id is null`,
    [shipmentId, parcel],
  );
}

/**
 * Says what the shop knows of the booking with these numbers. Undefined, and nothing is said, where that was replaced or
 * taken back meanwhile: the shop's record gets the next number then, or goes.
 */
export async function setTold(
  tx: Db,
  ref: ShipmentRef,
  trackingNumbers: readonly string[],
  told: ShipmentState['told'],
): Promise<LockedShipment | undefined> {
  const shipment = await lockShipment(tx, ref);
  return (await saveTold(tx, shipment.id, trackingNumbers, told)) ? shipment : undefined;
}

import type { DeliveryStatus } from '../domain/delivery-status.ts';
import type { ShipmentState } from '../domain/order-state.ts';
import type { Db } from '../db/pool.ts';
import { cancelledStatuses } from '../planning/admission.ts';
import { problemsAreOver } from './problems.sql.ts';

/**
 * What becomes of a shipment: its phase (transitions.ts says from where to where), whether it is being taken back, what the
 * shop was told and where its parcels are. Each inside a transaction that holds the order's lock ({@link lockShipment}).
 */

/** A booking of it is live. */
export async function markBooked(tx: Db, shipmentId: number): Promise<void> {
  await tx.query(
    `update lahetti.shipments
        set phase = 'booked', since = now(), booked_at = now(), ${problemsAreOver},
            blocked = null
      where id = $1`,
    [shipmentId],
  );
}

/** Its label was replaced: it is planned again, and nothing of the old booking counts. */
export async function planAfterReplacement(tx: Db, shipmentId: number): Promise<void> {
  await tx.query(
    `update lahetti.shipments
        set phase = 'planned', since = now(), booked_at = null, told = 'not_yet', delivery_status = 'unknown', last_scan_at = null,
            ${problemsAreOver}, accepted = '{}'
      where id = $1 and phase = 'booked'`,
    [shipmentId],
  );
}

/** Its label is lost: it is planned again, and looked at before it is booked anew. */
export async function planAfterLostLabel(tx: Db, shipmentId: number): Promise<void> {
  await tx.query(
    `update lahetti.shipments
        set phase = 'planned', since = now(), booked_at = null, look_again = true
      where id = $1 and phase = 'booked'`,
    [shipmentId],
  );
}

/** Asks for a shipment to be taken back, as soon as nothing is out. */
export async function askToCancel(tx: Db, orderPk: number, n: number): Promise<void> {
  await tx.query(
    `update lahetti.shipments
        set cancelling = true, ${problemsAreOver}, blocked = null
      where order_pk = $1 and n = $2 and not cancelling and phase in ('planned', 'booked')`,
    [orderPk, n],
  );
}

/**
 * Ends a shipment that is planned and has nothing out – unless the shop still has a record of an earlier booking of it:
 * that is taken back first.
 */
export async function endOrWithdraw(tx: Db, orderPk: number, n: number): Promise<void> {
  const { rows } = await tx.query(
    `select from lahetti.shipments s join lahetti.write_backs w on w.shipment_id = s.id
      where s.order_pk = $1 and s.n = $2 and w.kind = 'shipment' and w.state in ('sent', 'unknown', 'done') limit 1`,
    [orderPk, n],
  );
  if (rows.length > 0) await askToCancel(tx, orderPk, n);
  else await endAsCancelled(tx, orderPk, n);
}

/** Ends a shipment that was planned and never booked, or whose label was taken back. */
export async function endAsCancelled(tx: Db, orderPk: number, n: number): Promise<void> {
  await lookForWhatIsFreed(tx, orderPk, n);
  await tx.query(
    `update lahetti.shipments
        set phase = 'cancelled', since = now(), ${problemsAreOver}, blocked = null, cancelling = false,
            look_again = false
      where order_pk = $1 and n = $2 and phase in ('planned', 'booked')`,
    [orderPk, n],
  );
}

/**
 * Asks for a look at the order of a shipment that was being taken back and ends now, unless all of its units have a reason
 * not to be shipped: an order that goes on again after it was cancelled in the shop waits for them. In the transaction that
 * ends it, since nothing of the order may be under way after that.
 */
export async function lookForWhatIsFreed(tx: Db, orderPk: number, n: number): Promise<void> {
  await tx.query(
    `insert into lahetti.inbox (store_id, order_id, source, delivery_key)
     select o.store_id, o.order_id, 'watchman', 'freed:' || s.id
       from lahetti.shipments s join lahetti.orders o on o.id = s.order_pk
      where o.id = $1 and s.n = $2 and s.cancelling and not s.kept_back and not o.kept_back
        and o.status_id <> all($3::int[])
     on conflict (store_id, delivery_key) do nothing`,
    [orderPk, n, cancelledStatuses],
  );
}

/** One that was taken back ends; `toldWas`: the shop had a record of it, which is gone now. */
export async function endAsWithdrawn(tx: Db, shipmentId: number, toldWas: boolean): Promise<void> {
  await tx.query(
    `update lahetti.shipments
        set phase = 'cancelled', since = now(), told = case when $2 then 'withdrawn' else told end, ${problemsAreOver},
            blocked = null, cancelling = false, look_again = false
      where id = $1 and phase in ('planned', 'booked')`,
    [shipmentId, toldWas],
  );
}

/** It can't be taken back any more: it goes on as it was. */
export async function stopCancelling(tx: Db, shipmentId: number): Promise<void> {
  await tx.query(`update lahetti.shipments set cancelling = false, kept_back = false where id = $1`, [shipmentId]);
}

/** A person cancels it: its units are not planned again until somebody says "book". */
export async function keepShipmentBack(tx: Db, shipmentId: number): Promise<void> {
  await tx.query(`update lahetti.shipments set kept_back = true where id = $1`, [shipmentId]);
}

/** A person said "book" of one shipment of an order, or of all. */
export async function stopKeepingBack(tx: Db, orderPk: number, n: number | null): Promise<void> {
  await tx.query(`update lahetti.shipments set kept_back = false where order_pk = $1 and ($2::int is null or n = $2)`, [
    orderPk,
    n,
  ]);
}

/** Where its parcels are, and that it ends with that, if it does. */
export async function saveDeliveryStatus(
  tx: Db,
  shipmentId: number,
  status: DeliveryStatus,
  lastScanAt: Date | null,
  end: 'delivered' | 'returned' | null,
): Promise<void> {
  await tx.query(
    `update lahetti.shipments
        set delivery_status = $2, last_scan_at = $3,
            phase = coalesce($4, phase), since = case when $4::text is null then since else now() end
      where id = $1 and phase = 'booked'`,
    [shipmentId, status, lastScanAt, end],
  );
}

/** What the shop knows of the booking with these numbers. False, and nothing is said, where that is no longer the live one. */
export async function saveTold(
  tx: Db,
  shipmentId: number,
  trackingNumbers: readonly string[],
  told: ShipmentState['told'],
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update lahetti.shipments s
        set told = $2
      where id = $1 and exists (
        select from lahetti.booking_attempts a join lahetti.parcels p on p.attempt_id = a.id
         where a.shipment_id = s.id and a.state = 'live' and p.tracking_number = any($3::text[]))`,
    [shipmentId, told, trackingNumbers],
  );
  return rowCount === 1;
}

/** The shop is told again at the next step. */
export async function tellAgain(tx: Db, shipmentId: number): Promise<void> {
  await tx.query(`update lahetti.shipments set told = 'not_yet' where id = $1`, [shipmentId]);
}

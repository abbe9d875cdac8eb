import type { ShipmentRef } from '../domain/order-ref.ts';
import { inTransaction, type Db, type Pool } from '../db/pool.ts';
import { failsAlone } from '../booking/failing-order.sql.ts';
import { maybeOne } from '../db/rows.ts';
import { labelLooksOdd } from '../booking/attentions.ts';
import { raiseOn, type Need } from '../shipments/raise.ts';
import { lockShipment } from '../shipments/shipments.sql.ts';
import { endOrWithdraw, planAfterLostLabel } from '../shipments/transitions.sql.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';
import { needsALook, type LabelCheck, type LabelDoubt } from './label-check.ts';

/** A label of the live booking whose bytes did not come with the answer. */
export interface MissingLabel {
  readonly id: number;
  readonly link: string | null;
  /** Posti keeps it no longer. */
  readonly linkEnded: boolean;
}

/** The label of a shipment's live booking that still has to be fetched, if there is one. */
export async function missingLabel(db: Db, ref: ShipmentRef): Promise<MissingLabel | undefined> {
  const { rows } = await db.query<MissingLabel>(
    `select l.id, l.link, coalesce(l.link_expires_at <= now(), true) as "linkEnded"
       from lahetti.labels l
       join lahetti.booking_attempts a on a.id = l.attempt_id and a.state = 'live'
       join lahetti.shipments s on s.id = l.shipment_id
       join lahetti.orders o on o.id = s.order_pk
       join lahetti.stores st on st.id = o.store_id
      where st.store_hash = $1 and o.order_id = $2 and s.n = $3 and l.pdf is null
      order by l.id limit 1`,
    [ref.storeHash, ref.orderId, ref.n],
  );
  return maybeOne(rows);
}

/** Of a label that was kept and not looked at yet. It is looked at afterwards: no file may cost us what its booking says. */
export const notLookedAt: readonly LabelDoubt[] = ['label_not_examined'];

/** Keeps a label that was fetched, whatever is odd about it: it is live. */
export async function keepPdf(pool: Pool, ref: ShipmentRef, labelId: number, pdf: Uint8Array): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await lockShipment(tx, ref);
    await tx.query(
      `update lahetti.labels set pdf = $2, sha256 = encode(sha256($2), 'hex'), doubts = $3 where id = $1 and pdf is null`,
      [labelId, Buffer.from(pdf), notLookedAt],
    );
  });
}

/** Labels of the live booking of a shipment that are here, and that nobody could look at. */
export async function unexaminedLabels(
  db: Db,
  ref: ShipmentRef,
): Promise<{ readonly id: number; readonly pdf: Uint8Array }[]> {
  const { rows } = await db.query<{ id: number; pdf: Buffer }>(
    `select l.id, l.pdf
       from lahetti.labels l
       join lahetti.booking_attempts a on a.id = l.attempt_id and a.state = 'live'
       join lahetti.shipments s on s.id = l.shipment_id
       join lahetti.orders o on o.id = s.order_pk
       join lahetti.stores st on st.id = o.store_id
      where st.store_hash = $1 and o.order_id = $2 and s.n = $3 and l.pdf is not null and l.doubts = $4
      order by l.id`,
    [ref.storeHash, ref.orderId, ref.n, notLookedAt],
  );
  return rows;
}

/** Writes down what is odd about the file of a live label, and says so where a person has to look at it. */
export async function noteDoubts(
  pool: Pool,
  ref: ShipmentRef,
  labelId: number,
  { doubts }: LabelCheck,
  now: Date,
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const shipment = await lockShipment(tx, ref);
    const { rowCount } = await tx.query(
      `update lahetti.labels l set doubts = $2
         from lahetti.booking_attempts a
        where l.id = $1 and a.id = l.attempt_id and a.state = 'live'`,
      [labelId, doubts.map(({ code }) => code)],
    );
    const serious = doubts.filter(({ code }) => needsALook.has(code));
    // Its booking may have been replaced meanwhile: then nobody uses it any more.
    if (rowCount && serious.length > 0) await raiseOn(tx, ref, shipment, [labelLooksOdd(ref, serious)], now);
  });
}

/**
 * The label of a booking can't be had any more, so that the booking can never become a parcel: it is listed and watched
 * like an orphan, and the shipment is planned again. The order is looked at before it is booked anew: it may have been put
 * on hold since, or its status may no longer ship.
 *
 * @param keepsFailing what a person is asked for where this happens to the order again and again
 */
export async function giveUpBooking(pool: Pool, ref: ShipmentRef, keepsFailing: Need): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const shipment = await lockShipment(tx, ref);
    const { rowCount } = await tx.query(
      `update lahetti.booking_attempts a
          set state = 'superseded', code = 'label_lost', watch = 'confirmed_orphan', watch_until = now() + interval '7 days',
              watched_numbers = array(select tracking_number from lahetti.parcels p where p.attempt_id = a.id)
        where a.shipment_id = $1 and a.state = 'live'
          and not exists (select from lahetti.labels l where l.attempt_id = a.id and l.pdf is not null)`,
      [shipment.id],
    );
    if (rowCount === 0) return;
    await planAfterLostLabel(tx, shipment.id);
    if (shipment.cancelling) return endOrWithdraw(tx, shipment.orderPk, ref.n);
    await addToTimeline(tx, shipment.orderPk, {
      n: ref.n,
      what: 'label_lost',
      words:
        'Posti has the booking, but its label can no longer be fetched: it is booked anew, and the old numbers are watched.',
    });
    const { often } = await failsAlone(tx, shipment.id, 'label_lost');
    if (often) await raiseOn(tx, ref, await lockShipment(tx, ref), [keepsFailing.problem], keepsFailing.now);
  });
}

/** The label of the live booking was printed, and so it is out of our hands. */
export async function markPrinted(tx: Db, shipmentId: number): Promise<void> {
  await tx.query(
    `update lahetti.labels l
        set printed_at = coalesce(l.printed_at, now()), handed_out_at = coalesce(l.handed_out_at, now())
       from lahetti.booking_attempts a
      where a.id = l.attempt_id and a.state = 'live' and l.shipment_id = $1`,
    [shipmentId],
  );
}

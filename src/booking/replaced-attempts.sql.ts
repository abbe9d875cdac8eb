import type { Db } from '../db/pool.ts';
import { maybeOne } from '../db/rows.ts';
import { endAsWithdrawn, markBooked, planAfterReplacement } from '../shipments/transitions.sql.ts';

/** Bookings that are replaced, taken back or found, all inside a transaction that holds the order's lock. */

/** The live booking no longer counts. Posti's order API can't void it, so that its numbers are watched for seven days. */
async function takeLiveAttemptBack(tx: Db, shipmentId: number, state: 'superseded' | 'withdrawn'): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update lahetti.booking_attempts a
        set state = $2, watch = 'superseded', watch_until = now() + interval '7 days',
            watched_numbers = array(select tracking_number from lahetti.parcels p where p.attempt_id = a.id order by p.position)
      where a.shipment_id = $1 and a.state = 'live'`,
    [shipmentId, state],
  );
  return (rowCount ?? 0) > 0;
}

/** A booked shipment is planned again: its label is superseded, and the shop gets the next number in the same record. */
export async function supersedeBooking(tx: Db, shipmentId: number): Promise<void> {
  await takeLiveAttemptBack(tx, shipmentId, 'superseded');
  await planAfterReplacement(tx, shipmentId);
}

/** A shipment that was to be cancelled ends; its booking, if it had one, is watched. */
export async function withdrawBooking(tx: Db, shipmentId: number, toldWas: boolean): Promise<void> {
  await takeLiveAttemptBack(tx, shipmentId, 'withdrawn');
  await endAsWithdrawn(tx, shipmentId, toldWas);
}

/**
 * A person found the booking of an attempt that nobody could tell of: with its numbers and its label it becomes the live
 * one, and the shipment is booked. The youngest such attempt is meant.
 */
export async function adoptFoundBooking(
  tx: Db,
  shipmentId: number,
  found: { readonly trackingNumbers: readonly string[]; readonly label: Buffer },
): Promise<'adopted' | 'none_unknown' | 'number_taken'> {
  const taken = await tx.query(`select from lahetti.parcels where tracking_number = any($1::text[]) limit 1`, [
    found.trackingNumbers,
  ]);
  if (taken.rows.length > 0 || new Set(found.trackingNumbers).size < found.trackingNumbers.length)
    return 'number_taken';
  const { rows } = await tx.query<{ id: number }>(
    `update lahetti.booking_attempts set state = 'live', code = 'found_by_a_person', watch = null, watch_until = null, watched_numbers = '{}'
      where id = (select id from lahetti.booking_attempts where shipment_id = $1 and state = 'unknown' order by attempt desc limit 1)
        and not exists (select from lahetti.booking_attempts where shipment_id = $1 and state in ('sent', 'live'))
      returning id`,
    [shipmentId],
  );
  const attempt = maybeOne(rows);
  if (!attempt) return 'none_unknown';
  // Weights as that attempt's revision planned them; a parcel more than planned has the weight of the last.
  await tx.query(
    `insert into lahetti.parcels (shipment_id, attempt_id, position, tracking_number, weight_grams)
     select $1, $2, n.position, n.number,
            coalesce((r.content #>> array['booking', 'parcels', (n.position - 1)::text, 'weightGrams'])::int,
                     (r.content #>> '{booking,parcels,-1,weightGrams}')::int, 0)
       from unnest($3::text[]) with ordinality as n(number, position),
            lahetti.booking_attempts a
            left join lahetti.plan_revisions r on r.shipment_id = a.shipment_id and r.revision = a.revision
      where a.id = $2`,
    [shipmentId, attempt.id, found.trackingNumbers],
  );
  await tx.query(
    `insert into lahetti.labels (shipment_id, attempt_id, kind, media, pdf, sha256)
     values ($1, $2, 'ADDRESSLABEL', 'application/pdf', $3, encode(sha256($3), 'hex'))`,
    [shipmentId, attempt.id, found.label],
  );
  await markBooked(tx, shipmentId);
  return 'adopted';
}

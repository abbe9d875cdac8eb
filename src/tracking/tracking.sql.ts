import type { ShipmentRef } from '../domain/order-ref.ts';
import type { DeliveryStatus } from '../domain/delivery-status.ts';
import type { TrackedParcel } from '../carriers/port.ts';
import type { Db } from '../db/pool.ts';
import { setProblems } from '../shipments/problems.sql.ts';
import { type LockedShipment, lockShipment } from '../shipments/shipments.sql.ts';
import { saveDeliveryStatus } from '../shipments/transitions.sql.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';
import { deliveryStatus, shipmentDeliveryStatus } from './delivery-status.ts';
import { eventKey } from './event-key.ts';
import type { Scan } from '../carriers/scan.ts';
import { silenceProblem, type SilenceLimits } from './silence.ts';

/** Tracking numbers of the live booking, in the order of its parcels; none when there is no live booking. */
export async function liveTrackingNumbers(db: Db, ref: ShipmentRef): Promise<string[]> {
  const { rows } = await db.query<{ number: string }>(
    `select p.tracking_number as number
       from lahetti.parcels p
       join lahetti.booking_attempts a on a.id = p.attempt_id and a.state = 'live'
       join lahetti.shipments s on s.id = a.shipment_id
       join lahetti.orders o on o.id = s.order_pk
       join lahetti.stores st on st.id = o.store_id
      where st.store_hash = $1 and o.order_id = $2 and s.n = $3 and s.phase = 'booked'
      order by p.position`,
    [ref.storeHash, ref.orderId, ref.n],
  );
  return rows.map((row) => row.number);
}

/**
 * Adds what the carrier says of a shipment's parcels, and moves its status forward: never back, whatever came late or twice.
 * In a transaction of the caller's, which settles the order as well.
 */
export async function keepScans(
  tx: Db,
  ref: ShipmentRef,
  tracked: readonly TrackedParcel[],
  limits: SilenceLimits,
  now: Date,
): Promise<void> {
  const shipment = await lockShipment(tx, ref);
  for (const parcel of tracked) await addEvents(tx, shipment, parcel);
  const parcels = await scansByParcel(tx, shipment.id);
  for (const parcel of parcels) {
    await tx.query(`update lahetti.parcels set delivery_status = $2 where id = $1 and delivery_status <> $2`, [
      parcel.id,
      deliveryStatus(parcel.scans, now),
    ]);
  }
  const status = shipmentDeliveryStatus(parcels.map((parcel) => deliveryStatus(parcel.scans, now)));
  const lastScanAt = latest(
    parcels.flatMap((parcel) => parcel.scans),
    now,
  );
  const moved = status !== shipment.deliveryStatus;
  // One of which the shop has not heard yet is told of first, however late: nobody tells of what has ended.
  // Where the shop refused its record, a person has to say what becomes of that (`isArrivedAndRefused` of src/domain/order-state.ts).
  const waitsForPerson = shipment.told === 'refused' && shipment.attentionCode !== null;
  const isTold = shipment.told !== 'not_yet' && !shipment.told.startsWith('waits_for') && !waitsForPerson;
  // Nor has one that is being taken back: whoever does that finds it handed over, and says so.
  const ends = shipment.phase === 'booked' && isEnd(status) && isTold && !shipment.cancelling;
  if (moved || ends || lastScanAt?.getTime() !== shipment.lastScanAt?.getTime())
    await saveStatus(tx, shipment, status, lastScanAt, ends);
  await noticeSilence(tx, shipment, status, lastScanAt, limits, now);
}

async function addEvents(
  tx: Db,
  { id: shipmentId, orderPk, n }: LockedShipment,
  { trackingNumber, scans, measuredWeightGrams }: TrackedParcel,
): Promise<void> {
  const { rows: added } = await tx.query<{ code: string; atRaw: string | null }>(
    `insert into lahetti.tracking_events (parcel_id, event_key, code, status, at, at_raw, place, texts)
     select p.id, e.key, e.code, e.status, e.at, e."atRaw", e.place, coalesce(e.texts, '{}')
       from lahetti.parcels p,
            jsonb_to_recordset($3::jsonb)
              as e(key text, code text, status text, at timestamptz, "atRaw" text, place text, texts jsonb)
      where p.shipment_id = $1 and p.tracking_number = $2
     on conflict (parcel_id, event_key) do nothing
     returning code, at_raw as "atRaw"`,
    [shipmentId, trackingNumber, JSON.stringify(scans.map((scan) => ({ ...scan, key: eventKey(scan) })))],
  );
  for (const { code, atRaw } of added) {
    if (atRaw === null) continue;
    const words = `Posti reports a scan (${code || 'without a code'}) of ${trackingNumber} whose time cannot be read for certain: "${atRaw}". It is kept as it came, and does not count.`;
    await addToTimeline(tx, orderPk, { n, what: 'scan_time_unreadable', words });
  }
  if (measuredWeightGrams === null) return;
  await tx.query(
    `update lahetti.parcels set measured_weight_grams = $3 where shipment_id = $1 and tracking_number = $2 and measured_weight_grams is distinct from $3`,
    [shipmentId, trackingNumber, measuredWeightGrams],
  );
}

async function scansByParcel(tx: Db, shipmentId: number): Promise<{ id: number; scans: Scan[] }[]> {
  const { rows } = await tx.query<{ id: number; scans: (Omit<Scan, 'at'> & { at: string | null })[] }>(
    `select p.id, coalesce((select jsonb_agg(jsonb_build_object('code', e.code, 'status', e.status, 'at', e.at, 'place', e.place, 'texts', e.texts))
                              from lahetti.tracking_events e where e.parcel_id = p.id), '[]') as scans
       from lahetti.parcels p join lahetti.booking_attempts a on a.id = p.attempt_id and a.state = 'live'
      where p.shipment_id = $1 order by p.position`,
    [shipmentId],
  );
  return rows.map(({ id, scans }) => ({
    id,
    scans: scans.map((scan) => ({ ...scan, at: scan.at === null ? null : new Date(scan.at) })),
  }));
}

const isEnd = (status: DeliveryStatus): status is 'delivered' | 'returned' =>
  status === 'delivered' || status === 'returned';

/** `ends`: only once the shop was told, which may wait for the very scan that is the last. */
async function saveStatus(
  tx: Db,
  shipment: LockedShipment,
  status: DeliveryStatus,
  lastScanAt: Date | null,
  ends: boolean,
): Promise<void> {
  await saveDeliveryStatus(tx, shipment.id, status, lastScanAt, ends && isEnd(status) ? status : null);
  if (status === shipment.deliveryStatus) return;
  await addToTimeline(tx, shipment.orderPk, {
    n: shipment.n,
    what: `parcel_${status}`,
    words: `Posti: ${status.replaceAll('_', ' ')}.`,
  });
}

/** Says that a silent parcel needs a person, once; takes it back when Posti speaks again. */
async function noticeSilence(
  tx: Db,
  shipment: LockedShipment,
  status: DeliveryStatus,
  lastScanAt: Date | null,
  limits: SilenceLimits,
  now: Date,
): Promise<void> {
  const problem = silenceProblem(shipment, status, lastScanAt, limits, now);
  const said = shipment.attentionCode === 'no_scan_for_too_long' || shipment.attentionCode === 'silent_for_too_long';
  if (problem && !shipment.attentionCode) {
    // Silence since the same scan or booking is one thing, which a person may have accepted.
    const concern = `${problem.code}/${(lastScanAt ?? shipment.bookedAt)?.toISOString()}`;
    if (shipment.accepted.includes(concern)) return;
    await setProblems(tx, shipment.orderPk, shipment.n, [problem], now, concern);
    await addToTimeline(tx, shipment.orderPk, { n: shipment.n, what: problem.code, words: problem.problem });
  } else if (!problem && said) {
    await setProblems(tx, shipment.orderPk, shipment.n, [], now);
  }
}

function latest(scans: readonly Scan[], now: Date): Date | null {
  const times = scans.flatMap(({ at }) => (at === null ? [] : [at.getTime()])).filter((time) => time <= now.getTime());
  return times.length > 0 ? new Date(Math.max(...times)) : null;
}

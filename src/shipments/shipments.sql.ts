import type { ShipmentPhase, ShipmentState } from '../domain/order-state.ts';
import type { UnshippedReason } from '../domain/reasons.ts';
import type { DeliveryStatus } from '../domain/delivery-status.ts';
import type { Party } from '../carriers/port.ts';
import type { Db } from '../db/pool.ts';
import { maybeOne } from '../db/rows.ts';
import type { KnownShipment } from '../planning/known-shipment.ts';
import type { ShipmentOverride, ShipmentPlan } from '../planning/shipment-plan.ts';

/** Reads shipments, and locks one. What changes them stands in transitions.sql.ts, plan.sql.ts and problems.sql.ts. */

/** The shipments of an order as planning needs them. */
export async function knownShipments(tx: Db, orderPk: number): Promise<KnownShipment[]> {
  return (await knownShipmentsOf(tx, [orderPk])).get(orderPk) ?? [];
}

/** Those of many orders, by the orders' keys. */
export async function knownShipmentsOf(db: Db, orderPks: readonly number[]): Promise<Map<number, KnownShipment[]>> {
  interface Row {
    orderPk: number;
    n: number;
    addressId: number;
    phase: ShipmentPhase;
    content: ShipmentPlan;
    digest: string;
    sourceDigest: string;
    attemptOut: boolean;
    blocked: UnshippedReason | null;
    attentionCode: string | null;
    cancelling: boolean;
    told: ShipmentState['told'];
    shopHasRecord: boolean;
    plannedAfterTold: boolean;
    deliveryStatus: DeliveryStatus;
    override: ShipmentOverride | null;
    keptBack: boolean;
    concern: string | null;
    accepted: string[];
  }
  const { rows } = await db.query<Row>(
    `select s.order_pk as "orderPk", s.n, s.address_id as "addressId", s.phase, r.content, r.digest, r.source_digest as "sourceDigest",
            exists (select from lahetti.booking_attempts a where a.shipment_id = s.id and a.state = 'sent') as "attemptOut",
            s.blocked, s.attention->>'code' as "attentionCode", s.cancelling, s.told,
            exists (select from lahetti.write_backs w where w.shipment_id = s.id and w.kind = 'shipment' and w.state in ('sent', 'unknown', 'done')) as "shopHasRecord",
            exists (select from lahetti.shipments other
                      join lahetti.write_backs w on w.shipment_id = other.id and w.kind = 'shipment' and w.state = 'done'
                      join lahetti.plan_revisions first on first.shipment_id = s.id and first.revision = 1
                     where other.order_pk = s.order_pk and other.id <> s.id and w.at < first.at) as "plannedAfterTold",
            s.delivery_status as "deliveryStatus", s.people_override as override,
            s.kept_back as "keptBack", s.concern, s.accepted
       from lahetti.shipments s
       join lahetti.plan_revisions r on r.shipment_id = s.id and r.revision = s.revision
      where s.order_pk = any($1::bigint[]) order by s.n`,
    [orderPks],
  );
  const byOrder = new Map<number, KnownShipment[]>();
  for (const { orderPk, content, ...row } of rows) {
    byOrder.set(orderPk, [
      ...(byOrder.get(orderPk) ?? []),
      { ...row, lines: content.lines, goods: content.goods ?? [] },
    ]);
  }
  return byOrder;
}

/** A shipment with its current plan, locked for the rest of the transaction (after its order, always in that order). */
export interface LockedShipment {
  readonly id: number;
  readonly orderPk: number;
  readonly storeId: number;
  readonly n: number;
  readonly phase: ShipmentPhase;
  readonly revision: number;
  readonly blocked: UnshippedReason | null;
  readonly attentionCode: string | null;
  /** Facts that a person has accepted. */
  readonly accepted: readonly string[];
  readonly cancelling: boolean;
  readonly lookAgain: boolean;
  readonly told: ShipmentState['told'];
  readonly deliveryStatus: DeliveryStatus;
  readonly lastScanAt: Date | null;
  readonly bookedAt: Date | null;
  readonly plan: ShipmentPlan;
  readonly recipient: Party | null;
}

/** @throws Error when there is no such shipment: only a bug can ask for one */
export async function lockShipment(
  tx: Db,
  ref: { storeHash: string; orderId: number; n: number },
): Promise<LockedShipment> {
  // The order first: whoever plans holds it while it changes shipments, so that the two can't wait for each other.
  await tx.query(
    `select o.id from lahetti.orders o join lahetti.stores st on st.id = o.store_id
      where st.store_hash = $1 and o.order_id = $2 for update of o`,
    [ref.storeHash, ref.orderId],
  );
  const { rows } = await tx.query<LockedShipment>(
    `select s.id, s.order_pk as "orderPk", o.store_id as "storeId", s.n, s.phase, s.revision, s.blocked, s.attention->>'code' as "attentionCode",
            s.accepted, s.cancelling, s.look_again as "lookAgain", s.told, s.delivery_status as "deliveryStatus", s.last_scan_at as "lastScanAt",
            s.booked_at as "bookedAt", r.content as plan, r.recipient
       from lahetti.shipments s
       join lahetti.orders o on o.id = s.order_pk
       join lahetti.stores st on st.id = o.store_id
       join lahetti.plan_revisions r on r.shipment_id = s.id and r.revision = s.revision
      where st.store_hash = $1 and o.order_id = $2 and s.n = $3
        for update of s`,
    [ref.storeHash, ref.orderId, ref.n],
  );
  const row = maybeOne(rows);
  if (!row) throw new Error(`Order ${ref.orderId} of store ${ref.storeHash} has no shipment ${ref.n}.`);
  return row;
}

/** Whether the label of the live booking was served to anybody. */
export async function isLabelHandedOut(tx: Db, orderPk: number, n: number): Promise<boolean> {
  const { rows } = await tx.query(
    `select from lahetti.shipments s
       join lahetti.booking_attempts a on a.shipment_id = s.id and a.state = 'live'
       join lahetti.labels l on l.attempt_id = a.id
      where s.order_pk = $1 and s.n = $2 and l.handed_out_at is not null limit 1`,
    [orderPk, n],
  );
  return rows.length > 0;
}

import type { ShipmentPhase, ShipmentState } from '../domain/order-state.ts';
import type { UnshippedReason } from '../domain/reasons.ts';
import type { DeliveryStatus } from '../domain/delivery-status.ts';
import type { Party } from '../carriers/port.ts';
import type { Problem } from '../domain/problem.ts';
import type { Db } from '../db/pool.ts';
import { maybeOne, one } from '../db/rows.ts';
import { cancelledStatuses } from '../planning/admission.ts';
import type { DigestToday } from '../planning/as-read-today.ts';
import { attentionFor, attentions } from './attention.ts';
import type { KnownShipment } from '../planning/known-shipment.ts';
import type { Draft, ShipmentOverride, ShipmentPlan } from '../planning/shipment-plan.ts';

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

/** Adds the order's next shipment with its first revision. Gives its number. */
export async function createShipment(
  tx: Db,
  orderPk: number,
  draft: Draft,
  blocked: UnshippedReason | null,
  now: Date,
): Promise<number> {
  const { rows } = await tx.query<{ id: number; n: number }>(
    `insert into lahetti.shipments (order_pk, n, address_id, blocked)
     select $1, coalesce(max(n), 0) + 1, $2, $3 from lahetti.shipments where order_pk = $1
     returning id, n`,
    [orderPk, draft.plan.addressId, blocked],
  );
  const { id, n } = one(rows);
  await addRevision(tx, id, 1, draft, 'plan');
  await setProblems(tx, orderPk, n, draft.problems, now, draft.concern);
  return n;
}

/** Plans a shipment anew: the next revision, its problems in place of the old ones. */
export async function planAnew(
  tx: Db,
  orderPk: number,
  n: number,
  draft: Draft,
  blocked: UnshippedReason | null,
  madeBy: string,
  now: Date,
): Promise<void> {
  const { rows } = await tx.query<{ id: number; revision: number }>(
    `update lahetti.shipments set revision = revision + 1, blocked = $3
      where order_pk = $1 and n = $2 returning id, revision`,
    [orderPk, n, blocked],
  );
  const { id, revision } = one(rows);
  await addRevision(tx, id, revision, draft, madeBy);
  await setProblems(tx, orderPk, n, draft.problems, now, draft.concern);
}

async function addRevision(tx: Db, shipmentId: number, revision: number, draft: Draft, madeBy: string): Promise<void> {
  await tx.query(
    `insert into lahetti.plan_revisions (shipment_id, revision, digest, source_digest, content, recipient, made_by)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      shipmentId,
      revision,
      draft.digest,
      draft.sourceDigest,
      JSON.stringify(draft.plan),
      draft.recipient && JSON.stringify(draft.recipient),
      madeBy,
    ],
  );
}

/** The same goods under other lines: in the present revision, since what was booked stays what it is. */
export async function takeLines(
  tx: Db,
  orderPk: number,
  n: number,
  { lines, goods }: Required<Pick<ShipmentPlan, 'lines' | 'goods'>>,
): Promise<void> {
  await tx.query(
    `update lahetti.plan_revisions r set content = r.content || jsonb_build_object('lines', $3::jsonb, 'goods', $4::jsonb)
       from lahetti.shipments s
      where s.order_pk = $1 and s.n = $2 and r.shipment_id = s.id and r.revision = s.revision`,
    [orderPk, n, JSON.stringify(lines), JSON.stringify(goods)],
  );
}

/** Other names for the same facts: the digest of what its label was made of, and what was raised and accepted by such. */
export async function saveDigestsToday(tx: Db, orderPk: number, today: DigestToday): Promise<void> {
  await tx.query(
    `with named as (
       update lahetti.shipments set accepted = $3, concern = $4 where order_pk = $1 and n = $2 returning id, revision
     )
     update lahetti.plan_revisions r set source_digest = $5
       from named where r.shipment_id = named.id and r.revision = named.revision`,
    [orderPk, today.n, today.accepted, today.concern, today.sourceDigest],
  );
}

/** Only a person closes it, whatever else is found, changed or over: two parcels of one shipment may be on their way. */
const strayScans = `jsonb_path_query_array(coalesce(people_problem, '{}'), '$.problems[*] ? (@.code == "scan_on_orphan")')`;

/** For a `set` list: what needed a person is over, but for scans on numbers that should be on no parcel. */
export const problemsAreOver = `
  attention = case when attention->>'code' = 'scan_on_orphan' then attention
                   when ${strayScans} <> '[]' then jsonb_build_object('code', 'scan_on_orphan', 'commands', '${JSON.stringify(attentions.scan_on_orphan)}'::jsonb,
                     'since', to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end,
  people_problem = case when ${strayScans} <> '[]' then jsonb_build_object('problems', ${strayScans}) end,
  concern = null`;

/**
 * Sets or clears what a shipment needs attention for. The first problem names it; the words of all are kept. `concern` is
 * the name of the facts behind it, where they are facts that a person can accept once and for all. A scan on a number that
 * should be on no parcel stays, named first where it was, until a person closes it ({@link problemsAreOver}).
 */
export async function setProblems(
  tx: Db,
  orderPk: number,
  n: number,
  problems: readonly Problem[],
  now: Date,
  concern: string | null = null,
): Promise<void> {
  const [first] = problems;
  if (!first) {
    await tx.query(
      `update lahetti.shipments set ${problemsAreOver}
        where order_pk = $1 and n = $2 and attention is not null`,
      [orderPk, n],
    );
    return;
  }
  await tx.query(
    `update lahetti.shipments
        set attention = case when attention->>'code' = 'scan_on_orphan' then attention else $3 end,
            people_problem = jsonb_build_object('problems', case when attention->>'code' = 'scan_on_orphan'
              then ${strayScans} || $4::jsonb else $4::jsonb || ${strayScans} end),
            concern = $5
      where order_pk = $1 and n = $2`,
    [orderPk, n, JSON.stringify(attentionFor(first, now)), JSON.stringify(problems), concern],
  );
}

/** The facts behind an attention that stands have changed: what a person accepts now are these. */
export async function setConcern(tx: Db, orderPk: number, n: number, concern: string): Promise<void> {
  await tx.query(`update lahetti.shipments set concern = $3 where order_pk = $1 and n = $2 and attention is not null`, [
    orderPk,
    n,
    concern,
  ]);
}

export async function setBlocked(tx: Db, orderPk: number, n: number, blocked: UnshippedReason | null): Promise<void> {
  await tx.query(
    `update lahetti.shipments set blocked = $3
      where order_pk = $1 and n = $2 and blocked is distinct from $3`,
    [orderPk, n, blocked],
  );
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

/** It can't be taken back any more: it goes on as it was. */
export async function stopCancelling(tx: Db, shipmentId: number): Promise<void> {
  await tx.query(`update lahetti.shipments set cancelling = false, kept_back = false where id = $1`, [shipmentId]);
}

/** The plan has been looked at since the mark was set. */
export async function clearLookAgain(tx: Db, orderPk: number, n: number): Promise<void> {
  await tx.query(`update lahetti.shipments set look_again = false where order_pk = $1 and n = $2 and look_again`, [
    orderPk,
    n,
  ]);
}

/** Remembers that the plan may be stale: nothing is booked before the next look, which clears the mark. */
export async function markLookAgain(tx: Db, orderPk: number, n: number): Promise<void> {
  await tx.query(`update lahetti.shipments set look_again = true where order_pk = $1 and n = $2 and not look_again`, [
    orderPk,
    n,
  ]);
}

/** The same for all of an order that are planned. */
export async function lookAgainAtPlanned(tx: Db, orderPk: number): Promise<void> {
  await tx.query(
    `update lahetti.shipments set look_again = true
      where order_pk = $1 and phase = 'planned' and not look_again`,
    [orderPk],
  );
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

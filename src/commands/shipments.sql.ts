import type { Attention, ShipmentPhase, ShipmentState } from '../domain/order-state.ts';
import type { UnshippedReason } from '../domain/reasons.ts';
import type { DeliveryStatus } from '../domain/delivery-status.ts';
import type { Db } from '../db/pool.ts';
import { attentionFor } from '../shipments/attention.ts';
import type { ShipmentOverride } from '../planning/shipment-plan.ts';
import { problemsAreOver } from '../shipments/shipments.sql.ts';

/** A shipment as a command finds it; its order's row is locked. */
export interface ShipmentToCommand {
  readonly id: number;
  readonly n: number;
  readonly phase: ShipmentPhase;
  readonly attention: Attention | null;
  /** Stable names and fields of all problems; never their words. */
  readonly problems: readonly { readonly code: string; readonly field: string }[];
  readonly cancelling: boolean;
  readonly keptBack: boolean;
  readonly blocked: UnshippedReason | null;
  readonly told: ShipmentState['told'];
  readonly deliveryStatus: DeliveryStatus;
  readonly override: ShipmentOverride | null;
  /** The current plan can be booked. */
  readonly bookable: boolean;
  readonly attemptOut: boolean;
  readonly labelHandedOut: boolean;
  /** The label of the live booking is here. */
  readonly labelKept: boolean;
}

export async function shipmentsToCommand(tx: Db, orderPk: number): Promise<ShipmentToCommand[]> {
  const { rows } = await tx.query<ShipmentToCommand>(
    `select s.id, s.n, s.phase, s.attention, s.cancelling, s.kept_back as "keptBack", s.told, s.blocked,
            s.delivery_status as "deliveryStatus", s.people_override as override,
            coalesce((select jsonb_agg(jsonb_build_object('code', p->'code', 'field', p->'field'))
                        from jsonb_array_elements(s.people_problem->'problems') p), '[]') as problems,
            r.content->'booking' is not null and r.content->'booking' <> 'null'::jsonb as bookable,
            exists (select from lahetti.booking_attempts a where a.shipment_id = s.id and a.state = 'sent') as "attemptOut",
            exists (select from lahetti.booking_attempts a join lahetti.labels l on l.attempt_id = a.id
                     where a.shipment_id = s.id and a.state = 'live' and l.handed_out_at is not null) as "labelHandedOut",
            exists (select from lahetti.booking_attempts a join lahetti.labels l on l.attempt_id = a.id
                     where a.shipment_id = s.id and a.state = 'live' and l.pdf is not null) as "labelKept"
       from lahetti.shipments s
       join lahetti.plan_revisions r on r.shipment_id = s.id and r.revision = s.revision
      where s.order_pk = $1 order by s.n`,
    [orderPk],
  );
  return rows;
}

export async function setOnHold(tx: Db, orderPk: number, onHold: boolean): Promise<void> {
  await tx.query(`update lahetti.orders set on_hold = $2 where id = $1`, [orderPk, onHold]);
  if (!onHold) return;
  await tx.query(
    `update lahetti.shipments set blocked = 'on_hold'
      where order_pk = $1 and phase = 'planned' and not cancelling and blocked is distinct from 'on_hold'`,
    [orderPk],
  );
}

/** A person said "book": what the status does not allow is shipped, and what a person took back is planned again. */
export async function bookByHand(tx: Db, orderPk: number, n: number | null): Promise<void> {
  await tx.query(`update lahetti.orders set booked_by_hand = true, kept_back = false where id = $1`, [orderPk]);
  await tx.query(`update lahetti.shipments set kept_back = false where order_pk = $1 and ($2::int is null or n = $2)`, [
    orderPk,
    n,
  ]);
}

export async function keepOrderBack(tx: Db, orderPk: number): Promise<void> {
  await tx.query(`update lahetti.orders set kept_back = true where id = $1`, [orderPk]);
}

export async function keepShipmentBack(tx: Db, shipmentId: number): Promise<void> {
  await tx.query(`update lahetti.shipments set kept_back = true where id = $1`, [shipmentId]);
}

/** Keeps what a person changed; nothing is booked before the next look has planned with it. */
export async function saveOverride(tx: Db, shipmentId: number, override: ShipmentOverride): Promise<void> {
  await tx.query(`update lahetti.shipments set people_override = $2, look_again = true where id = $1`, [
    shipmentId,
    JSON.stringify(override),
  ]);
}

/** The shop is told again at the next step. */
export async function tellAgain(tx: Db, shipmentId: number): Promise<void> {
  await tx.query(`update lahetti.shipments set told = 'not_yet' where id = $1`, [shipmentId]);
}

/**
 * A person has seen what it needs attention for: the same facts are not raised again, and a plan that they kept from being
 * booked is made anew before anything is. What stands beside a scan on a number
 * that should be on no parcel is next, and such a scan beside anything else.
 */
export async function closeAttention(
  tx: Db,
  s: Pick<ShipmentToCommand, 'id' | 'attention' | 'problems'>,
  now: Date,
): Promise<void> {
  if (s.attention?.code !== 'scan_on_orphan') {
    await tx.query(
      `update lahetti.shipments
          set accepted = case when concern is null or concern = any(accepted) then accepted else accepted || concern end,
              look_again = look_again or phase = 'planned',
              ${problemsAreOver}
        where id = $1`,
      [s.id],
    );
    return;
  }
  const next = s.problems.find(({ code }) => code !== 'scan_on_orphan');
  await tx.query(
    `update lahetti.shipments
        set attention = $2::jsonb, concern = case when $2::jsonb is not null then concern end,
            people_problem = case when $2::jsonb is not null then jsonb_build_object('problems',
              jsonb_path_query_array(people_problem, '$.problems[*] ? (@.code != "scan_on_orphan")')) end
      where id = $1`,
    [s.id, next ? JSON.stringify(attentionFor(next, now)) : null],
  );
}

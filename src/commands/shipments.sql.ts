import type { Attention, ShipmentPhase, ShipmentState } from '../domain/order-state.ts';
import type { UnshippedReason } from '../domain/reasons.ts';
import type { DeliveryStatus } from '../domain/delivery-status.ts';
import type { Db } from '../db/pool.ts';
import type { ShipmentOverride } from '../planning/shipment-plan.ts';
import { blockForHold } from '../shipments/plan.sql.ts';
import { stopKeepingBack } from '../shipments/transitions.sql.ts';

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
  await blockForHold(tx, orderPk);
}

/** A person said "book": what the status does not allow is shipped, and what a person took back is planned again. */
export async function bookByHand(tx: Db, orderPk: number, n: number | null): Promise<void> {
  await tx.query(`update lahetti.orders set booked_by_hand = true, kept_back = false where id = $1`, [orderPk]);
  await stopKeepingBack(tx, orderPk, n);
}

export async function keepOrderBack(tx: Db, orderPk: number): Promise<void> {
  await tx.query(`update lahetti.orders set kept_back = true where id = $1`, [orderPk]);
}

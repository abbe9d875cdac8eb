import type { UnshippedReason } from '../domain/reasons.ts';
import type { Db } from '../db/pool.ts';
import { one } from '../db/rows.ts';
import type { DigestToday } from '../planning/as-read-today.ts';
import type { Draft, ShipmentOverride, ShipmentPlan } from '../planning/shipment-plan.ts';
import { setProblems } from './problems.sql.ts';

/** The plan of a shipment, what keeps it from being booked, and whether it has to be looked at again before it is. */

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

export async function setBlocked(tx: Db, orderPk: number, n: number, blocked: UnshippedReason | null): Promise<void> {
  await tx.query(
    `update lahetti.shipments set blocked = $3
      where order_pk = $1 and n = $2 and blocked is distinct from $3`,
    [orderPk, n, blocked],
  );
}

/** All of an order that are planned wait for the end of its hold. */
export async function blockForHold(tx: Db, orderPk: number): Promise<void> {
  await tx.query(
    `update lahetti.shipments set blocked = 'on_hold'
      where order_pk = $1 and phase = 'planned' and not cancelling and blocked is distinct from 'on_hold'`,
    [orderPk],
  );
}

/** Keeps what a person changed; nothing is booked before the next look has planned with it. */
export async function saveOverride(tx: Db, shipmentId: number, override: ShipmentOverride): Promise<void> {
  await tx.query(`update lahetti.shipments set people_override = $2, look_again = true where id = $1`, [
    shipmentId,
    JSON.stringify(override),
  ]);
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

/** Something of the order `o` is not booked. */
export const isUnbooked = `(o.phase in ('waiting', 'needs_attention') or o.phase = 'under_way' and exists (
  select from lahetti.shipments s where s.order_pk = o.id and s.phase = 'planned'))`;

/**
 * What is planned of these orders, all locked, is looked at again, and their timelines say why. Gives how many orders: those
 * of which something is not booked still.
 */
export async function lookAgainAtOrders(
  tx: Db,
  storeId: number,
  orderPks: readonly number[],
  why: { readonly what: string; readonly words: string },
): Promise<number> {
  const { rowCount } = await tx.query(
    `with concerned as (
       -- Booked while its lock was waited for: then nothing of it is planned anew.
       select o.id, o.order_id from lahetti.orders o where o.id = any($4::bigint[]) and ${isUnbooked}
     ), noted as (
       insert into lahetti.timeline (order_pk, shipment_n, what, words, who)
       select c.id, null, $2, $3, 'shop' from concerned c
     ), again as (
       update lahetti.shipments s set look_again = true
         from concerned c where s.order_pk = c.id and s.phase = 'planned' and not s.look_again
     )
     insert into lahetti.inbox (store_id, order_id, source, delivery_key)
     select $1, order_id, 'watchman', gen_random_uuid()::text from concerned order by order_id`,
    [storeId, why.what, why.words, orderPks],
  );
  return rowCount ?? 0;
}

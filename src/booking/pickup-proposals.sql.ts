import type { ShipmentRef } from '../domain/order-ref.ts';
import { inTransaction, type Db, type Pool } from '../db/pool.ts';
import { maybeOne } from '../db/rows.ts';
import { saveProblems } from '../shipments/problems.sql.ts';
import { lockShipment } from '../shipments/shipments.sql.ts';
import { mendedByPickupPoint, withProposals, type PickupPointSeeker, type PickupProposal } from './pickup-proposals.ts';
import type { Problem } from '../domain/problem.ts';

/** Shipments that need another pickup point and have no proposals yet, the oldest first. */
export async function shipmentsWithoutProposals(db: Db, { limit }: { readonly limit: number }): Promise<ShipmentRef[]> {
  const { rows } = await db.query<ShipmentRef>(
    `select st.store_hash as "storeHash", o.order_id as "orderId", s.n ${seekers} order by s.id limit $2`,
    [mendedByPickupPoint, limit],
  );
  return rows;
}

/** Where to seek; undefined where no pickup point is sought, or nobody knows near what. */
export async function pickupPointSeeker(db: Db, ref: ShipmentRef): Promise<PickupPointSeeker | undefined> {
  const { rows } = await db.query<PickupPointSeeker>(
    `select r.recipient->>'country' as country, r.recipient->>'postcode' as postcode,
            coalesce(r.content#>>'{booking,service}', r.content#>>'{wanted,service}', s.people_override#>>'{service,service}') as service,
            coalesce(r.content#>'{booking,addons}', r.content#>'{wanted,addons}', s.people_override#>'{service,addons}', '[]') as addons,
            coalesce((r.content#>>'{wanted,tooLargeForLockers}')::boolean, false) as "tooLargeForLockers",
            coalesce(r.content#>>'{booking,pickupPointId}', r.content#>>'{wanted,pickupPointId}') as "pickupPointId"
       ${seekers} and st.store_hash = $2 and o.order_id = $3 and s.n = $4`,
    [mendedByPickupPoint, ref.storeHash, ref.orderId, ref.n],
  );
  return maybeOne(rows);
}

const seekers = `from lahetti.shipments s
   join lahetti.orders o on o.id = s.order_pk
   join lahetti.stores st on st.id = o.store_id
   join lahetti.plan_revisions r on r.shipment_id = s.id and r.revision = s.revision
  where s.phase = 'planned' and s.attention is not null and r.recipient is not null
    and exists (select from jsonb_array_elements(s.people_problem->'problems') p
                 where p->>'code' = any($1::text[]) and not p ? 'proposals')`;

/** Adds proposals to the problems as they are now. None at all is kept too, so that they are not sought again. */
export async function saveProposals(pool: Pool, ref: ShipmentRef, proposals: readonly PickupProposal[]): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const { id } = await lockShipment(tx, ref);
    const { rows } = await tx.query<{ problems: (Problem & { proposals?: unknown })[] | null }>(
      `select people_problem->'problems' as problems from lahetti.shipments where id = $1`,
      [id],
    );
    const problems = rows[0]?.problems;
    if (!problems) return;
    const after = problems.map((problem) => (problem.proposals ? problem : withProposals(problem, proposals)));
    await saveProblems(tx, id, after);
  });
}

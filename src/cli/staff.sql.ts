import type { OrderRef } from '../domain/order-ref.ts';
import type { DeliveryStatus } from '../domain/delivery-status.ts';
import type { Problem } from '../domain/problem.ts';
import type { Db } from '../db/pool.ts';
import { one } from '../db/rows.ts';
import { asThingsAre } from '../planning/after-hand-over.ts';

/** What staff reads on the command line beyond what the API serves: words that may quote an order, and the house's state. */

export interface ProblemsOfShipment {
  readonly n: number;
  readonly problems: readonly Problem[];
}

/** What the shipments of an order need attention for, in the words for staff. */
export async function problemsOf(db: Db, ref: OrderRef): Promise<ProblemsOfShipment[]> {
  const { rows } = await db.query<ProblemsOfShipment & { deliveryStatus: DeliveryStatus }>(
    `select s.n, s.delivery_status as "deliveryStatus", coalesce(s.people_problem->'problems', '[]') as problems
       from lahetti.shipments s
       join lahetti.orders o on o.id = s.order_pk
       join lahetti.stores st on st.id = o.store_id
      where st.store_hash = $1 and o.order_id = $2 and s.attention is not null
      order by s.n`,
    [ref.storeHash, ref.orderId],
  );
  return rows.map(({ n, problems, deliveryStatus }) => ({ n, problems: asThingsAre(problems, deliveryStatus) }));
}

/** Codes of what orders need attention for (`needsPerson` of src/domain/order-state.ts), by the orders' keys. */
export async function attentionCodes(db: Db, orderPks: readonly number[]): Promise<Map<number, readonly string[]>> {
  const { rows } = await db.query<{ orderPk: number; codes: string[] }>(
    `select order_pk as "orderPk", array_agg(distinct attention->>'code') as codes
       from lahetti.shipments
      where order_pk = any($1::bigint[]) and attention is not null
        and (phase in ('planned', 'booked') or attention->>'code' = 'scan_on_orphan')
      group by order_pk`,
    [orderPks],
  );
  return new Map(rows.map(({ orderPk, codes }) => [orderPk, codes]));
}

/** How many processes listen to the inbox of this database at the moment (src/inbox/listen.ts). */
export async function relaysListening(db: Db): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
      where datname = current_database() and application_name = 'lahetti relay'`,
  );
  return one(rows).count;
}

/** Hints of the command line that nobody has dispatched yet. */
export async function ownHintsWaiting(db: Db): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from lahetti.inbox where source = 'cli' and dispatched_at is null`,
  );
  return one(rows).count;
}

import type { Attention } from '../domain/order-state.ts';
import { withCommands } from '../domain/offered-commands.ts';
import type { Problem } from '../domain/problem.ts';
import type { Db } from '../db/pool.ts';
import { asThingsAre } from '../planning/after-hand-over.ts';
import { orderState, toState, type OrderStateRow } from './state.sql.ts';

/** Something that waits for a person. */
export interface AttentionRow {
  /** The shipment's key: the list is in the order of it. */
  readonly id: number;
  readonly storeHash: string;
  readonly orderId: number;
  readonly n: number;
  readonly phase: string;
  /** With the commands that help and apply now, as the order's own view has them. */
  readonly attention: Attention;
  /** In words for staff; they may quote the order. */
  readonly problems: readonly Problem[];
}

export interface AttentionFilter {
  readonly store?: string | undefined;
  readonly reason?: string | undefined;
}

/** `needsPerson` of src/domain/order-state.ts: one that has ended waits only where a parcel of it moves that should not. */
const waiting = `s.attention is not null and (s.phase in ('planned', 'booked') or s.attention->>'code' = 'scan_on_orphan')`;
const from = `from lahetti.shipments s join lahetti.orders o on o.id = s.order_pk join lahetti.stores st on st.id = o.store_id
  where ${waiting} and ($1::text is null or st.store_hash = $1) and ($2::text is null or s.attention->>'code' = $2)`;

type Row = OrderStateRow & Pick<AttentionRow, 'id' | 'storeHash' | 'orderId' | 'n' | 'problems'>;

/** One page, the oldest shipments first. */
export async function pageOfAttention(
  db: Db,
  filter: AttentionFilter & { readonly limit: number; readonly after?: number | undefined },
): Promise<AttentionRow[]> {
  const { rows } = await db.query<Row>(
    `select s.id, st.store_hash as "storeHash", o.order_id as "orderId", s.n,
            coalesce(s.people_problem->'problems', '[]') as problems, ${orderState}
       ${from} and ($3::bigint is null or s.id > $3) order by s.id limit $4`,
    [filter.store ?? null, filter.reason ?? null, filter.after ?? null, filter.limit],
  );
  return rows.flatMap(toAttentionRow);
}

/** Of the same statement as what chose it, so that its shipment is there and has its attention. */
function toAttentionRow({ id, storeHash, orderId, n, problems, ...row }: Row): AttentionRow[] {
  const { shipments } = withCommands(toState({ storeHash, orderId }, row));
  return shipments.flatMap((s) =>
    s.n === n && s.attention
      ? [
          {
            ...{ id, storeHash, orderId, n, phase: s.phase, attention: s.attention },
            problems: asThingsAre(problems, s.deliveryStatus),
          },
        ]
      : [],
  );
}

export interface AttentionCount {
  readonly storeHash: string;
  readonly reason: string;
  readonly count: number;
  readonly oldest: string;
}

/** How many of each reason in each store, the most frequent first. */
export async function countsOfAttention(db: Db, filter: AttentionFilter): Promise<AttentionCount[]> {
  const { rows } = await db.query<AttentionCount>(
    `select st.store_hash as "storeHash", s.attention->>'code' as reason, count(*)::int as count,
            min(s.attention->>'since') as oldest
       ${from} group by 1, 2
      union all
     select st.store_hash, u.attention->>'code', count(*)::int, min(u.attention->>'since')
       from lahetti.unread_orders u join lahetti.stores st on st.id = u.store_id
      where u.attention is not null and st.state = 'connected' and ($1::text is null or st.store_hash = $1)
        and ($2::text is null or u.attention->>'code' = $2) group by 1, 2
      order by 3 desc, 1, 2`,
    [filter.store ?? null, filter.reason ?? null],
  );
  return rows;
}

import type { Db } from '../db/pool.ts';

/**
 * What the gauges show. Each statement reads what is open, through the index that is made for it, or a bounded number of
 * the youngest rows: none of them becomes slower with the years.
 */

export interface Counted {
  readonly name: string;
  readonly count: number;
}

/** Orders that are not at their end, by phase; of the others those that came to it within a day. */
export async function countOrders(db: Db): Promise<{ open: Counted[]; endedLastDay: Counted[] }> {
  const { rows } = await db.query<Counted & { open: boolean }>(
    `select phase as name, count(*)::int as count, true as open from lahetti.orders
      where phase in ('waiting', 'under_way', 'needs_attention') group by phase
      union all
     select phase, count(*)::int, false from lahetti.orders
      where phase in ('done', 'ignored', 'cancelled') and since > now() - interval '1 day' group by phase`,
  );
  return { open: rows.filter((row) => row.open), endedLastDay: rows.filter((row) => !row.open) };
}

/**
 * Orders and shipments that wait for a person, by the code of what for. As `needsPerson` of src/domain/order-state.ts: a
 * shipment that has ended waits only where a parcel of it moves that should not.
 */
export async function countAttention(db: Db): Promise<Counted[]> {
  const { rows } = await db.query<Counted>(
    `select code as name, count(*)::int as count from (
       select attention->>'code' as code from lahetti.orders where phase = 'needs_attention' and attention is not null
        union all
       select s.attention->>'code' from lahetti.orders o join lahetti.shipments s on s.order_pk = o.id
        where o.phase = 'needs_attention' and s.attention is not null
          and (s.phase in ('planned', 'booked') or s.attention->>'code' = 'scan_on_orphan')
        union all
       select u.attention->>'code'
         from lahetti.unread_orders u join lahetti.stores st on st.id = u.store_id and st.state = 'connected'
        where u.attention is not null and not exists (
          select from lahetti.orders o where o.store_id = u.store_id and o.order_id = u.order_id)) a
      where code is not null
      group by code`,
  );
  return rows;
}

/** Shipments that could be booked now: nothing and nobody is waited for but Posti. */
export async function countToBook(db: Db): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from lahetti.orders o join lahetti.shipments s on s.order_pk = o.id
      where o.phase = 'under_way' and s.phase = 'planned' and s.blocked is null and s.attention is null and not s.cancelling`,
  );
  return rows[0]?.count ?? 0;
}

/** Of the last day, and of the youngest 20,000: attempts to book by state. */
export async function countAttempts(db: Db): Promise<Counted[]> {
  const { rows } = await db.query<Counted>(
    `select state as name, count(*)::int as count
       from (select state, sent_at from lahetti.booking_attempts order by id desc limit 20000) a
      where sent_at > now() - interval '1 day' group by state`,
  );
  return rows;
}

/** References that are watched at Posti, by what for. */
export async function countWatched(db: Db): Promise<Counted[]> {
  const { rows } = await db.query<Counted>(
    `select watch as name, count(*)::int as count from lahetti.booking_attempts
      where watch in ('possible_orphan', 'confirmed_orphan', 'superseded') and watch_until > now() group by watch`,
  );
  return rows;
}

export interface AccountsCounted extends Counted {
  readonly system: string;
}

/** Accounts at other systems by state. A pause that is over, and that nobody had reason to end, does not count. */
export async function countAccounts(db: Db): Promise<AccountsCounted[]> {
  const { rows } = await db.query<AccountsCounted>(
    `select system, case when state = 'paused' and paused_until < now() - interval '10 minutes' then 'open' else state end
            as name, count(*)::int as count
       from lahetti.system_health group by 1, 2`,
  );
  return rows;
}

export interface ScheduleAge extends Counted {
  /** Seconds since the start of the last run that ended well; of the store whose is oldest, where each store has its own. */
  readonly seconds: number;
}

/** How long ago each kind of scheduled work last ended well. Stores that were connected meanwhile count from then. */
export async function scheduleAges(db: Db): Promise<{ kind: string; seconds: number }[]> {
  const { rows } = await db.query<{ kind: string; seconds: number }>(
    `select 'sweep' as kind, max(extract(epoch from now() - coalesce(r.started_at, st.connected_at)))::float8 as seconds
       from lahetti.stores st
       left join lateral (select started_at from lahetti.runs
                           where kind = 'sweep' and store_id = st.id and ended_at is not null and failure is null
                           order by started_at desc limit 1) r on true
      where st.state = 'connected'
     having count(*) > 0
      union all
     select 'watchman', extract(epoch from now() - r.started_at)::float8
       from (select started_at from lahetti.runs
              where kind = 'watchman' and store_id is null and ended_at is not null and failure is null
              order by started_at desc limit 1) r`,
  );
  return rows;
}

import type { Db } from '../db/pool.ts';
import { maybeOne } from '../db/rows.ts';

export interface LeaseAsked {
  readonly storeHash: string;
  readonly process: string;
  /** How many requests. */
  readonly wanted: number;
  /** Of the quota, from 0 to 1: for other apps of the store. */
  readonly leftToOthers: number;
  /** Of ours, from 0 to 1: what this lease may not touch. */
  readonly keptForUrgent: number;
  /** What the shop's last answer to this process said. */
  readonly seen: { readonly quota: number; readonly left: number; readonly resetsInMs: number } | null;
}

export interface Lease {
  /** 0 where nothing is left in this window. */
  readonly granted: number;
  /** Null until an answer of the shop has said it: then one request at a time is granted. */
  readonly quota: number | null;
  readonly endsInMs: number;
  /** Processes that call this shop at the moment, this one included. */
  readonly processes: number;
}

/** Of every window that was ever recorded (bigcommerce.md 6.1); an answer corrects it. */
const windowMs = 30_000;

/**
 * Leases requests of the shop's current window to a process. What it has not used by the window's end is lost to it, so that
 * a process that dies takes nothing with it. A window begins with the first request after the last one's end; the shop's
 * answers say when that is, and what other apps have used.
 */
export async function leaseRequests(db: Db, asked: LeaseAsked): Promise<Lease> {
  for (;;) {
    const { rows } = await db.query<Lease>(
      `with kept as (
         select * from lahetti.shop_budgets where store_hash = $1 for update
       ), seen as (
         select k.*, coalesce($6::int, k.quota) as quota_now, $7::int as seen_left,
                case when $8::float8 > 0 then now() + $8 * interval '1 millisecond' end as seen_end
           from kept k
       ), allowed as (
         select s.*, s.quota_now - ceil(s.quota_now * $4::float8)::int as allowance,
                s.window_ends_at <= now() or coalesce(s.seen_end > s.window_ends_at + interval '2 seconds', false) or s.quota is distinct from s.quota_now as is_new
           from seen s
       ), measured as (
         select a.*, coalesce(a.seen_end, case when a.is_new then now() + interval '${windowMs} milliseconds' else a.window_ends_at end) as ends_at,
                least(case when a.quota is null then a.allowance + a.remaining when a.is_new then a.allowance else a.remaining end,
                      case when a.seen_end is not null then a.allowance - (a.quota_now - a.seen_left) end) as left_now,
                case when a.is_new then array[$2::text] when $2 = any(a.processes) then a.processes else a.processes || $2::text end as users,
                case when a.window_ends_at <= now() then cardinality(a.processes) else a.processes_before end as users_before
           from allowed a
       ), leased as (
         select m.*, case when m.quota_now is null then 1
                          else greatest(0, least($3::int, m.left_now - floor(m.allowance * $5::float8)::int)) end as granted
           from measured m
       )
       update lahetti.shop_budgets b
          set quota = l.quota_now, window_ends_at = l.ends_at, processes = l.users, processes_before = l.users_before,
              remaining = case when l.quota_now is not null then l.left_now when l.window_ends_at <= now() then 0 else l.remaining end - l.granted
         from leased l where b.store_hash = l.store_hash
       returning l.granted, l.quota_now as quota, greatest(cardinality(l.users), l.users_before) as processes,
                 (extract(epoch from l.ends_at - now()) * 1000)::float8 as "endsInMs"`,
      [
        ...[asked.storeHash, asked.process, asked.wanted, asked.leftToOthers, asked.keptForUrgent],
        ...[asked.seen?.quota ?? null, asked.seen?.left ?? null, asked.seen?.resetsInMs ?? null],
      ],
    );
    const lease = maybeOne(rows);
    if (lease) return lease;
    await db.query(
      `insert into lahetti.shop_budgets (store_hash, quota, window_ends_at, remaining, processes, processes_before)
       values ($1, null, now(), 0, '{}', 0) on conflict do nothing`,
      [asked.storeHash],
    );
  }
}

import type { Db } from '../db/pool.ts';

/** What waits to be booked by one Posti account, and how fast it went lately. */
export interface BookingBacklog {
  /** The Posti client id. */
  readonly account: string;
  readonly state: 'open' | 'paused' | 'closed';
  readonly reason: string | null;
  /** Since when it is paused or closed; null where it is open. */
  readonly since: Date | null;
  readonly pausedUntil: Date | null;
  /** Shipments that wait for nothing and nobody but Posti: the sum of all accounts is `lahetti_shipments_to_book`. */
  readonly waiting: number;
  /** For how long booking was possible, of the last minutes; 0 where it is not. What follows was counted in that time. */
  readonly measuredSeconds: number;
  readonly booked: number;
  /** Shipments that were planned, and that nothing else keeps from being booked. */
  readonly planned: number;
  /** When this was read, by the database's clock. */
  readonly at: Date;
}

/**
 * By account, those that most shipments wait for first. Counted are at most the youngest 20,000 attempts and shipments,
 * which is more than Posti takes in five minutes from one address (50 a second, posti.md 2).
 *
 * @param windowMs how far back the rates are measured at most; never back beyond the end of the last pause
 */
export async function bookingBacklogs(db: Db, windowMs: number): Promise<BookingBacklog[]> {
  const { rows } = await db.query<BookingBacklog>(
    `with account as (
       select a.id, a.client_id, coalesce(h.state, 'open') as state, h.reason, h.since, h.paused_until,
              greatest(now() - $1 * interval '1 millisecond', h.since, a.created_at) as measured_from
         from lahetti.carrier_accounts a
         left join lahetti.system_health h on h.system = 'posti' and h.account = a.id::text
     ), waiting as (
       select st.carrier_account_id as id, count(*)::int as count
         from lahetti.orders o
         join lahetti.shipments s on s.order_pk = o.id
         join lahetti.stores st on st.id = o.store_id
        where o.phase = 'under_way' and s.phase = 'planned'
          and s.blocked is null and s.attention is null and not s.cancelling
        group by 1
     ), booked as (
       select account.id, count(*)::int as count
         from (select shipment_id, state, closed_at from lahetti.booking_attempts order by id desc limit 20000) b
         join lahetti.shipments s on s.id = b.shipment_id
         join lahetti.orders o on o.id = s.order_pk
         join lahetti.stores st on st.id = o.store_id
         join account on account.id = st.carrier_account_id
        where b.state in ('live', 'superseded', 'withdrawn') and b.closed_at > account.measured_from
        group by 1
     ), planned as (
       select account.id, count(*)::int as count
         from (select id, order_pk, phase, blocked, attention from lahetti.shipments order by id desc limit 20000) s
         join lahetti.plan_revisions p on p.shipment_id = s.id and p.revision = 1
         join lahetti.orders o on o.id = s.order_pk
         join lahetti.stores st on st.id = o.store_id
         join account on account.id = st.carrier_account_id
        where p.at > account.measured_from and s.blocked is null and s.attention is null and s.phase <> 'cancelled'
        group by 1
     )
     select account.client_id as account, account.state, account.reason, now() as at,
            case when account.state <> 'open' then account.since end as since,
            account.paused_until as "pausedUntil",
            coalesce(waiting.count, 0) as waiting,
            case when account.state = 'open' then extract(epoch from now() - account.measured_from)::float8 else 0 end
              as "measuredSeconds",
            case when account.state = 'open' then coalesce(booked.count, 0) else 0 end as booked,
            case when account.state = 'open' then coalesce(planned.count, 0) else 0 end as planned
       from account
       left join waiting on waiting.id = account.id
       left join booked on booked.id = account.id
       left join planned on planned.id = account.id
      order by waiting desc, account.client_id`,
    [windowMs],
  );
  return rows;
}

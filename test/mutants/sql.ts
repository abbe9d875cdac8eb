/** A condition of a statement, made wrong on purpose; one of the tests has to notice it. */
export interface SqlMutant {
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
  readonly tests: readonly string[];
}

type Change = readonly [from: string, to: string, ...tests: string[]];

const mistakesIn = (file: string, tests: readonly string[], changes: readonly Change[]): SqlMutant[] =>
  changes.map(([from, to, ...others]) => ({ file, from, to, tests: others.length > 0 ? others : tests }));

export const sqlMutants: readonly SqlMutant[] = [
  // At most one attempt is out and one is live; only who owns it closes it.
  ...mistakesIn(
    'src/booking/attempts.sql.ts',
    ['test/db/attempts.test.ts'],
    [
      [`where id = $1 and owner = $2 and state = 'sent' for update`, `where id = $1 and owner = $2 for update`],
      [
        `where id = $1 and owner = $2 and state = 'sent' for update`,
        `where id = $1 and $2::uuid is not null and state = 'sent' for update`,
      ],
      [
        `set watch = $2, watched_numbers = $3, code = $4 where id = $1 and state = 'unknown'`,
        `set watch = $2, watched_numbers = $3, code = $4 where id = $1`,
      ],
    ],
  ),
  ...mistakesIn(
    'src/db/migrations/0001-ground.sql',
    ['test/db/attempts.test.ts'],
    [[`(shipment_id) where state = 'live';`, `(shipment_id, id) where state = 'live';`]],
  ),
  ...mistakesIn(
    'src/booking/watch.sql.ts',
    ['test/db/watch.test.ts'],
    [[`(a.watch = 'possible_orphan' or a.watch_until > coalesce($2, now()))`, `a.watch_until > coalesce($2, now())`]],
  ),
  // The shop has one record of a shipment, of the live number.
  ...mistakesIn(
    'src/write-back/write-backs.sql.ts',
    ['test/protocol/telling-guards.test.ts'],
    [
      [
        `where w.state not in ('sent', 'unknown') or w.at`,
        `where w.state not in ('sent') or w.at`,
        'test/protocol/telling-guards.test.ts',
        'test/protocol/telling-the-shop.test.ts',
      ],
      [`where w.state not in ('sent', 'unknown') or w.at`, `where w.state not in ('unknown') or w.at`],
      [
        `and parcel = $2 and state = 'sent' and record_id is null`,
        `and parcel = $2 and state = 'sent'`,
        'test/protocol/telling-the-shop.test.ts',
        'test/protocol/shop-trouble.test.ts',
      ],
      [
        `and a.state = 'live' and p.tracking_number = any($3::text[])`,
        `and a.state = 'live' and $3::text[] is not null`,
        'test/protocol/telling-the-shop.test.ts',
      ],
    ],
  ),
  ...mistakesIn(
    'src/write-back/may-have-changed.sql.ts',
    ['test/protocol/telling-guards.test.ts', 'test/protocol/telling-the-shop.test.ts'],
    [
      [`i.dispatched_at is not null and i.received_at > o.read_at`, `false`],
      [`i.dispatched_at is null and i.received_at > o.read_at`, `false`],
      [`o.read_at < now() - $2 * interval '1 millisecond'`, `$2::float8 < 0`],
    ],
  ),
  ...mistakesIn(
    'src/write-back/withdrawals.sql.ts',
    ['test/db/withdraw.test.ts', 'test/protocol/telling-the-shop.test.ts'],
    [
      [
        `where shipment_id = $1 and state in ('sent', 'unknown', 'done')`,
        `where shipment_id = $1 and state in ('sent', 'done')`,
      ],
    ],
  ),
  // A shipment that is cancelled already, or is over, is not cancelled again.
  ...mistakesIn(
    'src/orders/shipments.sql.ts',
    ['test/db/withdraw.test.ts', 'test/protocol/orders-of-a-shop.test.ts'],
    [[`and n = $2 and not cancelling and phase in ('planned', 'booked')`, `and n = $2 and not cancelling`]],
  ),
  // A hint is nobody else's while it is leased, and is closed by a dispatch that knew it.
  ...mistakesIn(
    'src/inbox/inbox.sql.ts',
    ['test/db/inbox.test.ts'],
    [
      [`and (i.leased_until is null or i.leased_until <= now())`, ``],
      [`(other.id < i.id or other.leased_until > now())`, `other.id < i.id`],
      [
        `and id <= $3 and dispatched_at is null and leased_until is not null`,
        `and $3::bigint > 0 and dispatched_at is null and leased_until is not null`,
      ],
      [`and id <= $3 and dispatched_at is null and leased_until is not null`, `and id <= $3 and dispatched_at is null`],
      [
        `and st.state = 'connected'
       where not exists`,
        `where not exists`,
        'test/protocol/unread-orders.test.ts',
        'test/db/store-paused.test.ts',
      ],
    ],
  ),
  // An account that was closed is closed until it works; failures count in a row.
  ...mistakesIn(
    'src/health/system-health.sql.ts',
    ['test/db/system-health.test.ts'],
    [
      [`state = case when h.state = 'closed' then 'closed' else excluded.state end`, `state = excluded.state`],
      [
        `state = case when h.state = 'open' and h.failures >= $6 then 'paused' else h.state end`,
        `state = case when h.failures >= $6 then 'paused' else h.state end`,
      ],
      [`reason = case when h.state = 'closed' then h.reason else $3 end`, `reason = $3`],
      [`(state <> 'open' or failures > 0)`, `state <> 'open'`],
      [`and state <> 'open' and paused_until <= now()`, `and state <> 'open'`],
      [`paused_until = greatest(h.paused_until, excluded.paused_until)`, `paused_until = excluded.paused_until`],
      [`set state = 'open', failures = 0,`, `set state = 'open',`],
    ],
  ),
  // People are kept while something is open, and until so long after the last end.
  ...mistakesIn(
    'src/erasure/erasure.sql.ts',
    ['test/db/erasure.test.ts'],
    [
      [`s.phase in ('planned', 'booked')) then`, `s.phase = 'booked') then`],
      [`s.phase in ('planned', 'booked')) then`, `s.phase = 'planned') then`],
      [`(select max(s.since) from`, `(select min(s.since) from`],
      [
        `and \${closedAt} < $2 and (\${stillNeeded}) is null`,
        `and $2::timestamptz is not null and (\${stillNeeded}) is null`,
      ],
      [`$2::timestamptz is null or \${closedAt} < $2 as over`, `$2::timestamptz is null or true as over`],
      [`c.order_id = o.order_id and c.closed_at is null) then`, `c.order_id = o.order_id and false) then`],
      [`and a.watch_until > now()) then`, `and false) then`],
    ],
  ),
  // What was heard of and not read is listed.
  ...mistakesIn(
    'src/orders/unread-orders.sql.ts',
    ['test/protocol/unread-orders.test.ts'],
    [
      [`failing_since = coalesce(u.failing_since, now())`, `failing_since = now()`],
      [`coalesce(u.own_since, excluded.own_since) end`, `excluded.own_since end`],
      [`and o.read_at > u.tried_at) as`, `and true) as`],
      [`case when $6 = 'everybody' then null else`, `case when $6 = 'nobody' then null else`],
      [`where i.dispatched_at is null and st.state = 'connected'`, `where st.state = 'connected' and false`],
    ],
  ),
  // All processes together stay within the shop's quota.
  ...mistakesIn(
    'src/health/shop-budget.sql.ts',
    ['test/protocol/shop-budget.test.ts'],
    [
      [`where store_hash = $1 for update`, `where store_hash = $1`],
      [`m.left_now - floor(m.allowance * $5::float8)::int`, `m.left_now - floor(0 * $5::float8)::int`],
      [`case when a.seen_end is not null then a.allowance - (a.quota_now - a.seen_left) end`, `null`],
    ],
  ),
  ...mistakesIn(
    'src/labels/labels.sql.ts',
    ['test/protocol/label-lost.test.ts', 'test/db/attempts.test.ts'],
    [[`where id = $1 and pdf is null`, `where id = $1`]],
  ),
  ...mistakesIn(
    'src/labels/stack.sql.ts',
    ['test/http/api-labels.test.ts'],
    [
      [`a.state = 'live' and not s.cancelling as usable`, `a.state = 'live' as usable`],
      [`where id = any($1::bigint[]) and handed_out_at is null`, `where id = any($1::bigint[])`],
    ],
  ),
];

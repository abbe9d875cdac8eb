/** A condition of a statement, made wrong on purpose; one of the tests has to notice it. */
export interface SqlMutant {
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly from: string;
  readonly to: string;
  readonly tests: readonly string[];
  /** Why nothing goes wrong with it, where no test notices it: then it is named, and does not count. */
  readonly harmless?: string;
}

type Change = readonly [from: string, to: string, ...tests: (string | { readonly harmless: string })[]];

const mistakesIn = (file: string, tests: readonly string[], changes: readonly Change[]): SqlMutant[] =>
  changes.map(([from, to, ...rest]) => {
    const others = rest.filter((each) => typeof each === 'string');
    const reason = rest.find((each) => typeof each !== 'string');
    return { file, from, to, tests: others.length > 0 ? others : tests, ...reason };
  });

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
    ['test/db/step-guards.test.ts'],
    [
      [`where w.state not in ('sent', 'unknown') or w.at`, `where w.state not in ('sent') or w.at`],
      [`where w.state not in ('sent', 'unknown') or w.at`, `where w.state not in ('unknown') or w.at`],
      [
        `and parcel = $2 and state = 'sent' and record_id is null`,
        `and parcel = $2 and state = 'sent'`,
        'test/db/step-guards.test.ts',
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
    ['test/db/withdraw.test.ts'],
    [
      [
        `where shipment_id = $1 and state in ('sent', 'unknown', 'done')`,
        `where shipment_id = $1 and state in ('sent', 'done')`,
      ],
    ],
  ),
  // A shipment that is cancelled already, or is over, is not cancelled again.
  ...mistakesIn(
    'src/shipments/transitions.sql.ts',
    ['test/db/step-guards.test.ts'],
    [
      [`and n = $2 and not cancelling and phase in ('planned', 'booked')`, `and n = $2 and not cancelling`],
      [
        `and a.state = 'live' and p.tracking_number = any($3::text[])`,
        `and a.state = 'live' and $3::text[] is not null`,
      ],
    ],
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
        { harmless: 'who erases asks again behind the lock of the order, and leaves one that is not over (`over`)' },
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
    'src/stores/shop-budget.sql.ts',
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
  // One store never sees another, whose orders have the same numbers.
  ...mistakesIn(
    'src/orders/search.sql.ts',
    ['test/http/same-number.test.ts'],
    [
      [
        `\${fromOrders} where st.store_hash = $1 and o.order_id = $2`,
        `\${fromOrders} where $1::text is not null and o.order_id = $2`,
      ],
      [
        `where ($1::text is null or st.store_hash = $1)
       and ($2::bigint`,
        `where ($1::text is null or true)
       and ($2::bigint`,
      ],
      [
        `where st.store_hash = $1 and o.order_id = $2
     order by s.n`,
        `where $1::text is not null and o.order_id = $2
     order by s.n`,
      ],
      [
        `where st.store_hash = $1 and o.order_id = $2 and t.id > $3`,
        `where $1::text is not null and o.order_id = $2 and t.id > $3`,
      ],
      [
        `from lahetti.exchanges where store_hash = $1 and order_id = $2 and id > $3`,
        `from lahetti.exchanges where $1::text is not null and order_id = $2 and id > $3`,
      ],
    ],
  ),
  ...mistakesIn(
    'src/http/api/labels/queries.sql.ts',
    ['test/http/same-number.test.ts'],
    [[`where st.store_hash = $1 and o.order_id = $2`, `where $1::text is not null and o.order_id = $2`]],
  ),
  ...mistakesIn(
    'src/orders/attention.sql.ts',
    ['test/http/same-number.test.ts'],
    [
      [
        `where \${waiting} and ($1::text is null or st.store_hash = $1)`,
        `where \${waiting} and ($1::text is null or true)`,
      ],
      [
        `u.attention is not null and st.state = 'connected' and ($1::text is null or st.store_hash = $1)`,
        `u.attention is not null and st.state = 'connected' and ($1::text is null or true)`,
      ],
    ],
  ),
  ...mistakesIn(
    'src/http/api/runs/queries.sql.ts',
    ['test/http/same-number.test.ts'],
    [
      [`where ($1::text is null or st.store_hash = $1)`, `where ($1::text is null or true)`],
      [`where ($1::text is null or store_hash = $1)`, `where ($1::text is null or true)`],
    ],
  ),
  ...mistakesIn(
    'src/orders/unread-orders.sql.ts',
    ['test/http/same-number.test.ts', 'test/db/same-number.test.ts'],
    [
      [`where ($1::text is null or u.store_hash = $1)`, `where ($1::text is null or true)`],
      [
        `not exists (select from lahetti.orders o where o.store_id = i.store_id and`,
        `not exists (select from lahetti.orders o where`,
      ],
      [
        `delete from lahetti.unread_orders where store_id = $1 and order_id = $2`,
        `delete from lahetti.unread_orders where $1::bigint > 0 and order_id = $2`,
      ],
    ],
  ),
  ...mistakesIn(
    'src/orders/state.sql.ts',
    ['test/db/same-number.test.ts'],
    [[`where st.store_hash = $1 and o.order_id = $2`, `where $1::text is not null and o.order_id = $2`]],
  ),
  ...mistakesIn(
    'src/orders/orders.sql.ts',
    ['test/db/same-number.test.ts'],
    [[`where store_id = $1 and order_id = $2 for update`, `where $1::bigint > 0 and order_id = $2 for update`]],
  ),
  ...mistakesIn(
    'src/shipments/shipments.sql.ts',
    ['test/db/same-number.test.ts'],
    [
      [
        `where st.store_hash = $1 and o.order_id = $2 and s.n = $3`,
        `where $1::text is not null and o.order_id = $2 and s.n = $3`,
      ],
    ],
  ),
  ...mistakesIn(
    'src/orders/sweep.sql.ts',
    ['test/db/same-number.test.ts'],
    [
      [
        `digest from lahetti.orders where store_id = $1 and order_id`,
        `digest from lahetti.orders where $1::bigint > 0 and order_id`,
      ],
    ],
  ),
  ...mistakesIn(
    'src/commands/commands.sql.ts',
    ['test/db/same-number.test.ts'],
    [
      [
        `c.id = $1 and st.store_hash = $2 and c.order_id = $3 for update`,
        `c.id = $1 and $2::text is not null and c.order_id = $3 for update`,
      ],
    ],
  ),
  ...mistakesIn(
    'src/inbox/commands.sql.ts',
    ['test/db/same-number.test.ts', 'test/db/inbox.test.ts'],
    [
      [`where earlier.store_id = c.store_id and earlier.order_id`, `where earlier.order_id`],
      [`and earlier.closed_at is null`, ``],
      [`(c.leased_until is null or c.leased_until <= now())`, `true`],
      [`closed_at = now() where id = $1 and closed_at is null`, `closed_at = now() where id = $1`],
    ],
  ),
  ...mistakesIn(
    'src/inbox/inbox.sql.ts',
    ['test/db/same-number.test.ts'],
    [
      [`where other.store_id = i.store_id and other.order_id`, `where other.order_id`],
      [`where before.store_id = i.store_id and before.order_id`, `where before.order_id`],
      [`where i.store_id = heads.store_id and i.order_id`, `where i.order_id`],
      [`where o.store_id = l.store_id and o.order_id`, `where o.order_id`],
      [
        `where store_id = $1 and order_id = $2 and id <= $3 and dispatched_at is null and leased`,
        `where $1::bigint > 0 and order_id = $2 and id <= $3 and dispatched_at is null and leased`,
      ],
      [
        'where store_id = $1 and order_id = $2 and id <= $3 and dispatched_at is null`',
        'where $1::bigint > 0 and order_id = $2 and id <= $3 and dispatched_at is null`',
      ],
    ],
  ),
  ...mistakesIn(
    'src/write-back/may-have-changed.sql.ts',
    ['test/db/same-number.test.ts'],
    [
      [
        `i.store_id = o.store_id and i.order_id = o.order_id
                        and i.dispatched_at is null`,
        `i.order_id = o.order_id
                        and i.dispatched_at is null`,
      ],
      [
        `i.store_id = o.store_id and i.order_id = o.order_id
                        and i.dispatched_at is not null`,
        `i.order_id = o.order_id
                        and i.dispatched_at is not null`,
      ],
    ],
  ),
  ...mistakesIn(
    'src/erasure/asked.sql.ts',
    ['test/db/erasure.test.ts'],
    [
      [`\${found} where st.store_hash = $1 and`, `\${found} where $1::text is not null and`],
      [`($2::text is null or st.store_hash = $2)`, `($2::text is null or true)`],
    ],
  ),
  ...mistakesIn(
    'src/erasure/erasure.sql.ts',
    ['test/db/erasure.test.ts'],
    [
      [
        `where c.store_id = o.store_id and c.order_id = o.order_id and c.closed_at`,
        `where c.order_id = o.order_id and c.closed_at`,
      ],
      [`reason = null where store_id = $1 and order_id = $2`, `reason = null where $1::bigint > 0 and order_id = $2`],
      [
        `where store_hash = $1 and order_id = $2\`,
    [storeHash`,
        `where $1::text is not null and order_id = $2\`,
    [storeHash`,
      ],
      [
        `from lahetti.commands where store_id = $1 and order_id = $2)`,
        `from lahetti.commands where $1::bigint > 0 and order_id = $2)`,
      ],
      [`set pdf = null, sha256 = null, link`, `set pdf = null, link`],
      [`from lahetti.orders where read_at > erased_at`, `from lahetti.orders where false`],
      [`where c.people_body <> '{}' and e.erased_at is not null`, `where false`],
      [
        `and (x.request is not null or x.response is not null))
        and`,
        `and false)
        and`,
      ],
      [`and at < $2 and order_id is null`, `and $2::timestamptz is not null and order_id is null`],
      [`and at < $2 and order_id is null`, `and at < $2`],
      [`where store_hash is not distinct from $1`, `where ($1::text is null or true)`],
    ],
  ),
  // Who may ask, and what was asked once.
  ...mistakesIn(
    'src/auth/tokens.sql.ts',
    ['test/http/api.test.ts', 'test/http/api-attention.test.ts'],
    [
      [`where hash = $1 and revoked_at is null`, `where hash = $1`],
      [`where name = $1 and revoked_at is null returning name`, `where name = $1 returning name`],
    ],
  ),
  ...mistakesIn(
    'src/http/api/commands/idempotency-keys.sql.ts',
    ['test/http/api-commands.test.ts'],
    [
      [
        `from lahetti.idempotency_keys where token_id = $1 and key = $2`,
        `from lahetti.idempotency_keys where $1::bigint > 0 and key = $2`,
      ],
      [
        `set command_ids = $3 where token_id = $1 and key = $2`,
        `set command_ids = $3 where $1::bigint > 0 and key = $2`,
      ],
      [`where at < now() - interval '7 days'`, `where at < now()`],
      [`o.store_id = st.id and o.order_id = asked.order_id`, `o.order_id = asked.order_id`],
      [`where id = any($1::uuid[]) and closed_at is null`, `where id = any($1::uuid[]) and false`],
    ],
  ),
  ...mistakesIn(
    'src/labels/stack.sql.ts',
    ['test/http/api-labels.test.ts'],
    [
      [`o.store_id = st.id and o.order_id = w.order_id`, `o.order_id = w.order_id`],
      [`where s.order_pk = o.id and not s.cancelling and`, `where s.order_pk = o.id and`],
    ],
  ),
  // What was booked is known to be booked, and what nobody can say is watched.
  ...mistakesIn(
    'src/booking/attempts.sql.ts',
    ['test/db/attempts.test.ts'],
    [[`where shipment_id = $1 and state = 'sent'`, `where shipment_id = $1 and false`]],
  ),
  ...mistakesIn(
    'src/booking/watch.sql.ts',
    ['test/db/watch.test.ts'],
    [
      [`and watch = 'possible_orphan' and watch_until <= now()`, `and watch_until <= now()`],
      [
        `watch in ('confirmed_orphan', 'superseded') and watch_until is not null`,
        `watch in ('confirmed_orphan', 'superseded')`,
      ],
    ],
  ),
  ...mistakesIn(
    'src/booking/replaced-attempts.sql.ts',
    ['test/db/commands.test.ts', 'test/db/withdraw.test.ts', 'test/db/step-guards.test.ts'],
    [
      [`where a.shipment_id = $1 and a.state = 'live'`, `where a.shipment_id = $1`],
      [
        `and state in ('sent', 'live'))
      returning id`,
        `and false)
      returning id`,
      ],
    ],
  ),
  ...mistakesIn(
    'src/shipments/transitions.sql.ts',
    ['test/db/commands.test.ts', 'test/db/withdraw.test.ts', 'test/db/step-guards.test.ts'],
    [
      [
        `accepted = '{}'
      where id = $1 and phase = 'booked'`,
        `accepted = '{}'
      where id = $1`,
      ],
      [`where id = $1 and phase in ('planned', 'booked')`, `where id = $1`],
    ],
  ),
  ...mistakesIn(
    'src/write-back/withdrawals.sql.ts',
    ['test/db/withdraw.test.ts'],
    [
      [`exists (select from told where shipment_id <> $2) as`, `$2::bigint is null as`],
      [
        `exists (select from told where shipment_id <> $2) as`,
        `exists (select from told where $2::bigint is not null) as`,
      ],
    ],
  ),
  ...mistakesIn(
    'src/health/system-health.sql.ts',
    ['test/db/system-health.test.ts', 'test/db/retry-now.test.ts'],
    [[`where system = $1 and account = $2 and state = 'closed'`, `where system = $1 and account = $2`]],
  ),
  ...mistakesIn(
    'src/stores/runs.sql.ts',
    ['test/db/runs.test.ts'],
    [
      [`later.ended_at is not null and later.failure is null`, `later.ended_at is not null`],
      [`and (r.watermark is null or later.watermark >= r.watermark)`, ``],
    ],
  ),
];

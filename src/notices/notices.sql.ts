import { inTransaction, type Db, type Pool } from '../db/pool.ts';
import { maybeOne, one } from '../db/rows.ts';
import { whatToSay, type AccountState, type AttentionState, type NewNotice } from './what-to-say.ts';

/** Any number will do, as long as it is only ever used for this. */
const noticeLock = 0x1a4e773;

/**
 * Looks how things stand, and writes down what is to be said: once, whatever number of processes look. Where somebody is to
 * be told (`deliver`), the notice waits for them from now on.
 */
export async function noteWhatIsNew(
  pool: Pool,
  { pauseWorthTellingMs, deliver }: { readonly pauseWorthTellingMs: number; readonly deliver: boolean },
): Promise<readonly NewNotice[]> {
  return inTransaction(pool, async (tx) => {
    const lock = await tx.query<{ mine: boolean }>(`select pg_try_advisory_xact_lock($1) as mine`, [noticeLock]);
    if (!one(lock.rows).mine) return [];
    const said = await saidLast(tx);
    const { notices, over } = whatToSay(said, await accountStates(tx), await attentionStates(tx), pauseWorthTellingMs);
    for (const notice of notices) await keep(tx, notice, deliver);
    const ended = [...over, ...notices.filter(({ state }) => state === null).map(({ subject }) => subject)];
    if (ended.length > 0) {
      await tx.query(`delete from lahetti.notice_subjects where subject = any($1::text[])`, [ended]);
    }
    return notices;
  });
}

async function saidLast(tx: Db): Promise<Map<string, string>> {
  const { rows } = await tx.query<{ subject: string; state: string }>(
    `select subject, state from lahetti.notice_subjects`,
  );
  return new Map(rows.map(({ subject, state }) => [subject, state]));
}

async function accountStates(tx: Db): Promise<AccountState[]> {
  const { rows } = await tx.query<AccountState>(
    `select system, account, state, reason, (extract(epoch from clock_timestamp() - since) * 1000)::float8 as "forMs"
       from lahetti.system_health order by system, account`,
  );
  return rows;
}

async function attentionStates(tx: Db): Promise<AttentionState[]> {
  const { rows } = await tx.query<AttentionState>(
    `select st.store_hash as "storeHash", s.attention->>'code' as reason, count(*)::int as count
       from lahetti.shipments s join lahetti.orders o on o.id = s.order_pk join lahetti.stores st on st.id = o.store_id
      where s.attention is not null and (s.phase in ('planned', 'booked') or s.attention->>'code' = 'scan_on_orphan')
      group by 1, 2
      union all
     select st.store_hash, u.attention->>'code', count(*)::int
       from lahetti.unread_orders u join lahetti.stores st on st.id = u.store_id
      where u.attention is not null and st.state = 'connected' group by 1, 2 order by 1, 2`,
  );
  return rows;
}

async function keep(tx: Db, notice: NewNotice, deliver: boolean): Promise<void> {
  await tx.query(`insert into lahetti.notices (kind, body, next_try_at) values ($1, $2, case when $3 then now() end)`, [
    notice.kind,
    JSON.stringify({ ...notice.data, words: notice.words }),
    deliver,
  ]);
  if (notice.state === null) return;
  await tx.query(
    `insert into lahetti.notice_subjects (subject, state) values ($1, $2)
     on conflict (subject) do update set state = excluded.state, at = now()`,
    [notice.subject, notice.state],
  );
}

export interface WaitingNotice {
  readonly id: number;
  readonly messageId: string;
  readonly at: Date;
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** This one included. */
  readonly tries: number;
}

/** Takes the oldest notice that is due, for so long; whoever dies with it leaves it to the next. */
export async function takeNotice(db: Db, leaseMs: number): Promise<WaitingNotice | undefined> {
  const { rows } = await db.query<WaitingNotice>(
    `update lahetti.notices set tries = tries + 1, next_try_at = now() + $1 * interval '1 millisecond'
      where id = (select id from lahetti.notices where next_try_at <= now() order by id limit 1 for update skip locked)
      returning id, message_id as "messageId", at, kind, body, tries`,
    [leaseMs],
  );
  return maybeOne(rows);
}

export async function noticeDelivered(db: Db, id: number): Promise<void> {
  await db.query(`update lahetti.notices set delivered_at = now(), next_try_at = null, failure = null where id = $1`, [
    id,
  ]);
}

/** `againInMs` null: nobody tries any more. */
export async function noticeFailed(db: Db, id: number, failure: string, againInMs: number | null): Promise<void> {
  await db.query(
    `update lahetti.notices set failure = $2, next_try_at = now() + $3::float8 * interval '1 millisecond' where id = $1`,
    [id, failure, againInMs],
  );
}

/** Forgets notices that nobody waits for. */
export async function forgetNotices(db: Db, olderThanMs: number): Promise<void> {
  await db.query(
    `delete from lahetti.notices where next_try_at is null and at < now() - $1 * interval '1 millisecond'`,
    [olderThanMs],
  );
}

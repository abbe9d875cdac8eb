import type { Db } from '../db/pool.ts';
import { maybeOne } from '../db/rows.ts';
import { retryOrdersOf } from './retry-now.sql.ts';
import type { SystemAccount } from './system-account.ts';

/** `paused`: it asked us to wait, or is out of order. `closed`: it does not let us in until somebody mends the account. */
export interface HealthRow {
  readonly state: 'open' | 'paused' | 'closed';
  /** Null when nothing has to be waited for. */
  readonly waitMs: number | null;
  readonly reason: string | null;
  readonly failures: number;
}

export async function readHealth(db: Db, { system, account }: SystemAccount): Promise<HealthRow | undefined> {
  const { rows } = await db.query<HealthRow>(
    `select state, reason, failures, ceil(extract(epoch from paused_until - now()) * 1000)::int as "waitMs"
       from lahetti.system_health where system = $1 and account = $2`,
    [system, account],
  );
  return maybeOne(rows);
}

/**
 * After a pause one caller tries, alone: whoever moves the pause on. The others go on waiting for what it finds.
 */
export async function takeProbe(db: Db, { system, account }: SystemAccount, untilMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `update lahetti.system_health set paused_until = now() + $3 * interval '1 millisecond'
      where system = $1 and account = $2 and state <> 'open' and paused_until <= now()`,
    [system, account, untilMs],
  );
  return rowCount === 1;
}

/** Counts a failure; once more than `after` came in a row the account pauses, longer each time. */
export async function countFailure(
  db: Db,
  { system, account }: SystemAccount,
  reason: string,
  pause: { readonly after: number; readonly firstMs: number; readonly longestMs: number },
): Promise<void> {
  await db.query(
    `insert into lahetti.system_health as h (system, account, failures, reason, state, paused_until)
     values ($1, $2, 1, $3, case when $6::int < 1 then 'paused' else 'open' end,
             case when $6 < 1 then now() + $4::float * interval '1 millisecond' end)
     on conflict (system, account) do update set
       failures = h.failures + 1,
       reason = case when h.state = 'closed' then h.reason else $3 end,
       since = case when h.state = 'open' and h.failures >= $6 then now() else h.since end,
       state = case when h.state = 'open' and h.failures >= $6 then 'paused' else h.state end,
       paused_until = case when h.failures >= $6
         then greatest(h.paused_until, now() + least($5::float, $4::float * power(2, least(h.failures - $6, 20))) * interval '1 millisecond')
         else h.paused_until end`,
    [system, account, reason, pause.firstMs, pause.longestMs, pause.after],
  );
}

/** Pauses or closes an account until a time; the first to say so counts for `since`. */
export async function stopUntil(
  db: Db,
  { system, account }: SystemAccount,
  state: 'paused' | 'closed',
  reason: string,
  waitMs: number,
): Promise<void> {
  await db.query(
    `insert into lahetti.system_health as h (system, account, state, reason, paused_until)
     values ($1, $2, $3, $4, now() + $5 * interval '1 millisecond')
     on conflict (system, account) do update set
       since = case when h.state = excluded.state then h.since else now() end,
       state = case when h.state = 'closed' then 'closed' else excluded.state end,
       reason = case when h.state = 'closed' and excluded.state = 'paused' then h.reason else excluded.reason end,
       paused_until = greatest(h.paused_until, excluded.paused_until)`,
    [system, account, state, reason, waitMs],
  );
}

/** So many orders try when an account may have been mended: one of them is the probe, should others have ended meanwhile. */
const probesAfterMending = 3;

/** Somebody mended the account: the next one who looks tries, alone, and does not wait for the time that was set. */
export async function tryAtOnce(db: Db, who: SystemAccount): Promise<void> {
  const { rowCount } = await db.query(
    `update lahetti.system_health set paused_until = least(paused_until, now())
      where system = $1 and account = $2 and state = 'closed'`,
    [who.system, who.account],
  );
  if (rowCount === 1) await retryOrdersOf(db, who, probesAfterMending);
}

/** It works again: what waited for it is tried at once. Gives whether that is news. */
export async function reopen(db: Db, who: SystemAccount): Promise<boolean> {
  const { rows } = await db.query<{ waited: boolean }>(
    `update lahetti.system_health h
        set state = 'open', failures = 0, paused_until = null, reason = null, since = now()
       from (select system, account, state <> 'open' and reason is distinct from 'throttled' as waited
               from lahetti.system_health
              where system = $1 and account = $2 and (state <> 'open' or failures > 0)
              for update) before
      where h.system = before.system and h.account = before.account
      returning before.waited`,
    [who.system, who.account],
  );
  const [row] = rows;
  // Who was asked to wait was told for how long: that is short, and over by itself.
  if (row?.waited) await retryOrdersOf(db, who, null);
  return row !== undefined;
}

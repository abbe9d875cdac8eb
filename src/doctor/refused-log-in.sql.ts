import type { Db } from '../db/pool.ts';
import { maybeOne } from '../db/rows.ts';

/**
 * How long ago Posti refused a log-in of the account, in ms; undefined where its last log-in within `withinMs` was no
 * refused one, or a store was connected anew with the account since: its secret may be another one now.
 *
 * Read from the log of exchanges, so that those of workers and of earlier looks count, and nothing has to be written down.
 */
export async function refusedLogInAgo(
  db: Db,
  account: string,
  logIn: { readonly purpose: string; readonly refusedAs: string },
  withinMs: number,
): Promise<number | undefined> {
  const { rows } = await db.query<{ agoMs: number; refused: boolean }>(
    `select round(extract(epoch from now() - e.at) * 1000)::int as "agoMs",
            coalesce(e.error_code = $4, false)
              and not exists (
                select from lahetti.stores st
                  join lahetti.audit a on a.subject = 'store/' || st.store_hash
                 where st.carrier_account_id::text = $1 and a.what = 'store_connected' and a.at > e.at) as refused
       from lahetti.exchanges e
      where e.at > now() - $2 * interval '1 millisecond'
        and e.system = 'posti' and e.account = $1 and e.purpose = $3
      order by e.at desc limit 1`,
    [account, withinMs, logIn.purpose, logIn.refusedAs],
  );
  const last = maybeOne(rows);
  return last?.refused ? last.agoMs : undefined;
}

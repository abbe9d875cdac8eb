import type { Db } from '../db/pool.ts';

export interface AccountHealth {
  readonly system: string;
  /** As people know it: a store's hash, or a Posti client id. */
  readonly account: string;
  readonly state: 'open' | 'paused' | 'closed';
  readonly since: Date;
  readonly pausedUntil: Date | null;
  readonly reason: string | null;
  readonly failures: number;
}

/** Every account that was ever in trouble; those that are now come first. */
export async function accountsInHealth(db: Db): Promise<AccountHealth[]> {
  const { rows } = await db.query<AccountHealth>(
    `select h.system, coalesce(a.client_id, h.account) as account, h.state, h.since, h.paused_until as "pausedUntil",
            h.reason, h.failures
       from lahetti.system_health h
       left join lahetti.carrier_accounts a on split_part(h.system, '_', 1) = a.carrier and h.account = a.id::text
      order by h.state = 'open', h.system, h.account`,
  );
  return rows;
}

/** What of a store's own accounts, or of the store itself, keeps its steps waiting. */
export interface StandsInTheWay {
  readonly storeState: 'connected' | 'paused' | 'disconnected';
  readonly system: 'bigcommerce' | 'posti' | null;
  readonly state: 'paused' | 'closed' | null;
  readonly reason: string | null;
  /** Null where it is due to be tried. */
  readonly until: Date | null;
}

/** The store, with a row for each of its accounts that is not open. */
export async function accountsOfStore(db: Db, storeId: number): Promise<StandsInTheWay[]> {
  const { rows } = await db.query<StandsInTheWay>(
    `select st.state as "storeState", h.system, h.state, h.reason,
            case when h.paused_until > now() then h.paused_until end as until
       from lahetti.stores st
       left join lahetti.system_health h on h.state <> 'open' and (
         h.system = 'bigcommerce' and h.account = st.store_hash
         or h.system = 'posti' and h.account = st.carrier_account_id::text)
      where st.id = $1`,
    [storeId],
  );
  return rows;
}

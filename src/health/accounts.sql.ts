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

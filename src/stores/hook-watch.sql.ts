import type { Db } from '../db/pool.ts';

export interface StoreToCheck {
  readonly id: number;
  readonly storeHash: string;
}

/** Connected stores whose hooks nobody has looked at for so long, or since their settings changed, which say what hooks we want. A look that failed counts: it cost quota too. */
export async function storesToCheck(db: Db, everyMs: number): Promise<StoreToCheck[]> {
  const { rows } = await db.query<StoreToCheck>(
    `select st.id, st.store_hash as "storeHash" from lahetti.stores st
      where st.state = 'connected'
        and not exists (select from lahetti.runs r
                         where r.store_id = st.id and r.kind = 'hooks' and r.started_at > now() - $1 * interval '1 millisecond'
                           and r.started_at >= coalesce((select max(s.at) from lahetti.store_settings s where s.store_id = st.id), '-infinity'))
      order by st.id`,
    [everyMs],
  );
  return rows;
}

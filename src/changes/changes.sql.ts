import { inTransaction, type Db, type Pool } from '../db/pool.ts';
import { one } from '../db/rows.ts';

/** Something that changed, for those who look on. Ids and enums only. */
export interface Change {
  /** Grows by the order in which changes became visible: who has seen one has seen all before it. */
  readonly seq: number;
  readonly at: Date;
  readonly kind: 'order' | 'shipment' | 'system' | 'store' | 'settings';
  readonly storeHash: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Any number will do, as long as it is only ever used for this. */
const numberingLock = 0x1a4e772;

/**
 * Gives numbers to changes that were committed since the last time; where another process is at it, nothing. Gives how
 * many had none: as many as `limit` means that there may be more.
 */
export async function numberChanges(pool: Pool, limit: number): Promise<number> {
  const { rows } = await pool.query(`select from lahetti.changes where seq is null limit 1`);
  if (rows.length === 0) return 0;
  return inTransaction(pool, async (tx) => {
    const lock = await tx.query<{ mine: boolean }>(`select pg_try_advisory_xact_lock($1) as mine`, [numberingLock]);
    if (!one(lock.rows).mine) return 0;
    // A statement of its own: it sees what was committed until the lock was ours.
    const { rowCount } = await tx.query(
      `update lahetti.changes c set seq = fresh.seq
         from (select id, nextval('lahetti.change_numbers') as seq
                 from (select id from lahetti.changes where seq is null order by id limit $1) waiting) fresh
        where c.id = fresh.id`,
      [limit],
    );
    return rowCount ?? 0;
  });
}

export async function changesAfter(db: Db, seq: number, limit: number): Promise<Change[]> {
  const { rows } = await db.query<Change>(
    `select seq, at, kind, store_hash as "storeHash", data from lahetti.changes where seq > $1 order by seq limit $2`,
    [seq, limit],
  );
  return rows;
}

/** The numbers that are kept; null where none is. */
export async function keptChanges(db: Db): Promise<{ oldest: number | null; newest: number | null }> {
  const { rows } = await db.query<{ oldest: number | null; newest: number | null }>(
    `select (select min(seq) from lahetti.changes) as oldest, (select max(seq) from lahetti.changes) as newest`,
  );
  return one(rows);
}

/** Forgets what is older. The youngest stays, so that it is known how far the numbers had come. */
export async function forgetChanges(db: Db, olderThanMs: number): Promise<void> {
  await db.query(
    `delete from lahetti.changes
      where at < now() - $1 * interval '1 millisecond' and seq is distinct from (select max(seq) from lahetti.changes)`,
    [olderThanMs],
  );
}

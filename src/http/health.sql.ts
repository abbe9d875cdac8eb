import type { Db } from '../db/pool.ts';

export async function pingDatabase(db: Db): Promise<void> {
  await db.query('select 1');
}

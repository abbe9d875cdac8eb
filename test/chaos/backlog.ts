import type { Pool } from '../../src/db/pool.ts';
import { readBacklog } from '../../src/inbox/inbox.sql.ts';

/**
 * How much there is to do at once: hints and commands that wait in Postgres, orders that a hint told of and nobody has
 * read, shipments that can be booked, and those of which the shop can be told.
 */
export async function countBacklog(pool: Pool): Promise<number> {
  const { hints, commands } = await readBacklog(pool);
  const { rows } = await pool.query<{ count: number }>(
    `select (select count(distinct (i.store_id, i.order_id)) from lahetti.inbox i
              where not exists (select from lahetti.orders o where o.store_id = i.store_id and o.order_id = i.order_id))
          + (select count(*) from lahetti.shipments s
              where not s.cancelling and s.attention is null
                and (s.phase = 'planned' and s.blocked is null or s.phase = 'booked' and s.told = 'not_yet')) as count`,
  );
  return hints + commands + rows[0]!.count;
}

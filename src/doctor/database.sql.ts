import type { Db } from '../db/pool.ts';
import { one } from '../db/rows.ts';

export interface DatabaseServer {
  readonly version: string;
  readonly readOnly: boolean;
}

export async function readServer(db: Db): Promise<DatabaseServer> {
  const { rows } = await db.query<DatabaseServer>(
    `select split_part(current_setting('server_version'), ' ', 1) as version,
            pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on' as "readOnly"`,
  );
  return one(rows);
}

/** The database's clock. */
export async function readDatabaseTime(db: Db): Promise<Date> {
  const { rows } = await db.query<{ now: Date }>(`select clock_timestamp() as now`);
  return one(rows).now;
}

export interface ContractHistory {
  /** When Posti last booked by this contract. */
  readonly bookedAt: Date | null;
  /** When Posti last refused a booking and named the contract as the reason. */
  readonly refusedAt: Date | null;
}

/**
 * What Posti made of a store's bookings by a contract, of the youngest 20,000 attempts of the house. A refusal names it
 * as "'600999' is not a valid contract number", or the field `custNo` (posti.md 8).
 */
export async function readContractHistory(db: Db, storeHash: string, contractNumber: string): Promise<ContractHistory> {
  const { rows } = await db.query<ContractHistory>(
    `select max(a.sent_at) filter (where a.state in ('live', 'superseded', 'withdrawn')) as "bookedAt",
            max(a.sent_at) filter (where a.state = 'refused' and s.people_problem::text ~* 'contract number|custNo')
              as "refusedAt"
       from (select * from lahetti.booking_attempts order by id desc limit 20000) a
       join lahetti.shipments s on s.id = a.shipment_id
       join lahetti.orders o on o.id = s.order_pk
       join lahetti.stores st on st.id = o.store_id
       join lahetti.plan_revisions r on r.shipment_id = s.id and r.revision = a.revision
      where st.store_hash = $1 and r.content#>>'{booking,contractNumber}' = $2`,
    [storeHash, contractNumber],
  );
  return one(rows);
}

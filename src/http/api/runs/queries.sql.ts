import type { Db } from '../../../db/pool.ts';
import type { Run } from '../../../stores/runs.sql.ts';
import type { ExchangeView } from '../../../orders/search.sql.ts';

export type RunView = Omit<Run, 'storeId'> & { readonly storeHash: string | null };

export interface RunFilter {
  readonly store?: string | undefined;
  readonly kind?: string | undefined;
  readonly failed: boolean;
  readonly limit: number;
  readonly after?: number | undefined;
}

/** Youngest first. */
export async function pageOfRuns(db: Db, filter: RunFilter): Promise<RunView[]> {
  const { rows } = await db.query<RunView>(
    `select r.id, st.store_hash as "storeHash", r.kind, r.started_at as "startedAt", r.ended_at as "endedAt", r.counts,
            r.watermark, r.failure
       from lahetti.runs r left join lahetti.stores st on st.id = r.store_id
      where ($1::text is null or st.store_hash = $1) and ($2::text is null or r.kind = $2)
        and (not $3 or r.failure is not null) and ($4::bigint is null or r.id < $4)
      order by r.id desc limit $5`,
    [filter.store ?? null, filter.kind ?? null, filter.failed, filter.after ?? null, filter.limit],
  );
  return rows;
}

export interface ExchangeOfStore extends ExchangeView {
  readonly account: string;
  readonly storeHash: string | null;
  readonly orderId: number | null;
}

export interface ExchangeFilter {
  readonly store?: string | undefined;
  readonly system?: string | undefined;
  readonly failed: boolean;
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
  readonly limit: number;
  readonly after?: number | undefined;
}

/** Youngest first. */
export async function pageOfExchanges(db: Db, filter: ExchangeFilter): Promise<ExchangeOfStore[]> {
  const { rows } = await db.query<ExchangeOfStore>(
    `select id, at, system, account, store_hash as "storeHash", order_id as "orderId", shipment_n as n, purpose, method,
            path, status, duration_ms as "durationMs", error_code as "errorCode", request_id as "requestId", request,
            response
       from lahetti.exchanges
      where ($1::text is null or store_hash = $1) and ($2::text is null or system = $2)
        and (not $3 or error_code is not null)
        and ($4::timestamptz is null or at >= $4) and ($5::timestamptz is null or at < $5)
        and ($6::bigint is null or id < $6)
      order by id desc limit $7`,
    [
      filter.store ?? null,
      filter.system ?? null,
      filter.failed,
      filter.from ?? null,
      filter.until ?? null,
      filter.after ?? null,
      filter.limit,
    ],
  );
  return rows;
}

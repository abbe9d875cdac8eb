import type { Db } from '../db/pool.ts';
import type { Exchange } from './exchange.ts';

/** Writes a batch in one statement: the log must not cost a round trip per call. */
export async function insertExchanges(db: Db, exchanges: readonly Exchange[]): Promise<void> {
  const rows = exchanges.map((exchange) => ({
    at: exchange.at.toISOString(),
    system: exchange.system,
    account: exchange.account,
    store_hash: exchange.about.storeHash ?? (exchange.system === 'bigcommerce' ? exchange.account : null),
    order_id: exchange.about.orderId ?? null,
    shipment_n: exchange.about.shipment ?? null,
    purpose: exchange.purpose,
    method: exchange.method,
    path: exchange.path,
    status: exchange.status,
    duration_ms: Math.round(exchange.durationMs),
    error_code: exchange.errorCode,
    request_id: exchange.requestId,
    request: exchange.request ?? null,
    response: exchange.response ?? null,
  }));
  await db.query(
    `insert into lahetti.exchanges
       (at, system, account, store_hash, order_id, shipment_n, purpose, method, path, status, duration_ms, error_code,
        request_id, request, response)
     select at, system, account, store_hash, order_id, shipment_n, purpose, method, path, status, duration_ms,
            error_code, request_id, nullif(request, 'null'), nullif(response, 'null')
     from jsonb_to_recordset($1::jsonb) as e
       (at timestamptz, system text, account text, store_hash text, order_id bigint, shipment_n int, purpose text,
        method text, path text, status int, duration_ms int, error_code text, request_id text, request jsonb,
        response jsonb)`,
    [JSON.stringify(rows, storable)],
  );
}

/** PostgreSQL's text holds neither NUL nor half a surrogate pair; the other side may have sent either. */
function storable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\u0000', '').replaceAll(/\p{Surrogate}/gu, '\uFFFD') : value;
}

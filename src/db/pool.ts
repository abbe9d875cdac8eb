import pg from 'pg';
import type { Logger } from 'pino';

/** What a statement needs to run: a pool, one of its clients, or a transaction. */
export interface Db {
  query<Row extends pg.QueryResultRow>(
    text: string,
    values?: unknown[],
  ): Promise<{ rows: Row[]; rowCount: number | null }>;
}

export type Pool = pg.Pool;

export interface PoolOptions {
  /** The most connections this process opens. Default 10. */
  max?: number;
  /** Shown in pg_stat_activity, so that a person sees who holds what. */
  applicationName?: string;
  /** Milliseconds after which the server gives up on a statement. Default 30 s. */
  statementTimeoutMs?: number;
  log?: Pick<Logger, 'warn'>;
}

/**
 * Opens a pool on `url`. Connections are made on first use.
 *
 * Beyond pg's defaults: `bigint` comes as a number (an error beyond 2^53), and `date` as its text, because a JavaScript
 * Date would move it by the time zone of the machine.
 */
export function createPool(url: string, options: PoolOptions = {}): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    application_name: options.applicationName ?? 'lahetti',
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    idle_in_transaction_session_timeout: 60_000,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types: { getTypeParser },
  });
  // An idle connection that breaks (a restarted server) is replaced at its next use. Unheard, the event would end us.
  pool.on('error', (err) => options.log?.warn({ err }, 'an idle database connection broke'));
  return pool;
}

/** Runs `work` in a transaction: committed when it returns, rolled back when it throws. */
export async function inTransaction<T>(pool: Pool, work: (tx: Db) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // While a client is lent its errors are ours to hear; the statement in flight fails as well and says more.
  const ignore = () => {};
  client.on('error', ignore);
  let broken: unknown;
  try {
    return await transactionOn(client, work, (err) => (broken = err));
  } finally {
    client.removeListener('error', ignore);
    client.release(broken !== undefined);
  }
}

/**
 * The same, begun anew where PostgreSQL took it back for the sake of another transaction: what it was to write down can't be
 * had a second time. `work` does nothing outside its transaction.
 *
 * @throws the last failure, where it was taken back {@link mostTries} times
 */
export async function inRepeatedTransaction<T>(pool: Pool, work: (tx: Db) => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await inTransaction(pool, work);
    } catch (error) {
      if (tried >= mostTries || !isTakenBackForAnother(error)) throw error;
    }
  }
}

/** One of two that wait for each other is enough for the other to go on; more only helps against the very unlikely. */
const mostTries = 5;

/** SQLSTATE 40P01 (deadlock) or 40001 (serialization failure). */
function isTakenBackForAnother(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === '40P01' || code === '40001';
}

/** {@link inTransaction} on a connection that the caller holds. `onBroken` hears of a connection that can't even roll back. */
export async function transactionOn<T>(
  client: Db,
  work: (tx: Db) => Promise<T>,
  onBroken: (err: unknown) => void = () => {},
): Promise<T> {
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (err) {
    await client.query('rollback').catch(onBroken);
    throw err;
  }
}

const getTypeParser: typeof pg.types.getTypeParser = ((oid: number, format?: 'text' | 'binary') => {
  if (format !== 'binary' && oid === Number(pg.types.builtins.INT8)) return safeInteger;
  if (format !== 'binary' && oid === Number(pg.types.builtins.DATE)) return asText;
  return pg.types.getTypeParser(oid, format) as unknown;
}) as typeof pg.types.getTypeParser;

const asText = (text: string) => text;

function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`The integer ${text} is too large for a JavaScript number.`);
  return value;
}

import { isAboutTheData } from '../db/is-about-the-data.ts';
import type { Pool } from '../db/pool.ts';
import type { Logger } from '../log.ts';
import type { Exchange, ExchangeSink } from './exchange.ts';
import { insertExchanges } from './exchanges.sql.ts';

export interface ExchangeLogDeps {
  readonly pool: Pool;
  readonly log: Pick<Logger, 'warn'>;
  /** Default 100. */
  readonly batchSize?: number;
  /** How long a batch may wait to be filled. Default 200. */
  readonly batchMs?: number;
  /** What is kept while the database is away; the rest is dropped and counted. Default 5000. */
  readonly limit?: number;
}

export interface ExchangeLog {
  readonly sink: ExchangeSink;
  /** Writes what waits; on shutdown, before the pool ends. Tries once, and never throws. */
  flush(): Promise<void>;
  /** How many exchanges were lost since the start. */
  readonly dropped: () => number;
}

/** Keeps exchanges in batches, beside the calls they tell of: a log that is slow or broken must not decide a booking. */
export function createExchangeLog(deps: ExchangeLogDeps): ExchangeLog {
  const { pool, log, batchSize = 100, batchMs = 200, limit = 5_000 } = deps;
  const waiting: Exchange[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<boolean> | undefined;
  let dropped = 0;

  const drop = (count: number, err?: unknown) => {
    dropped += count;
    log.warn({ err, dropped }, 'exchanges were not logged');
  };

  const schedule = (ms: number) => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void writeAll();
    }, ms);
    timer.unref();
  };

  /** One batch; false where the database is away and there is no sense in going on. */
  async function writeBatch(): Promise<boolean> {
    const batch = waiting.splice(0, batchSize);
    try {
      await insertExchanges(pool, batch);
      return true;
    } catch (err) {
      if (isAboutTheData(err)) {
        // One row spoils the batch: the others are written without it.
        await Promise.all(batch.map((one) => insertExchanges(pool, [one]).catch((cause: unknown) => drop(1, cause))));
        return true;
      }
      const room = Math.max(0, limit - waiting.length);
      waiting.unshift(...batch.slice(0, room));
      if (batch.length > room) drop(batch.length - room, err);
      return false;
    }
  }

  async function untilEmpty(): Promise<boolean> {
    while (waiting.length > 0) if (!(await writeBatch())) return false;
    return true;
  }

  /** One writer at a time, so that a slow database is not given more connections to be slow on. */
  function writeAll(): Promise<boolean> {
    writing ??= untilEmpty().finally(() => {
      writing = undefined;
      if (waiting.length > 0) schedule(Math.max(batchMs, 1_000));
    });
    return writing;
  }

  return {
    sink(exchange) {
      if (waiting.length >= limit) return drop(1);
      waiting.push(exchange);
      if (waiting.length >= batchSize && writing === undefined) void writeAll();
      else schedule(batchMs);
    },

    async flush() {
      await writing;
      const written = await writeAll();
      clearTimeout(timer);
      timer = undefined;
      if (!written && waiting.length > 0) drop(waiting.splice(0).length);
    },

    dropped: () => dropped,
  };
}

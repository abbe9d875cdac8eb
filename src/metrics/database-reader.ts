import type { Db } from '../db/pool.ts';
import { readBacklog, type InboxBacklog } from '../inbox/inbox.sql.ts';
import type { Logger } from '../log.ts';
import { countUnread, type UnreadCounts } from '../orders/unread-orders.sql.ts';
import {
  countAccounts,
  countAttempts,
  countAttention,
  countOrders,
  countToBook,
  countWatched,
  scheduleAges,
  type AccountsCounted,
  type Counted,
} from './database-readings.sql.ts';

export interface DatabaseReadings {
  /** By a clock that does not jump. */
  readonly readAtMs: number;
  readonly orders: readonly Counted[];
  readonly endedLastDay: readonly Counted[];
  readonly attention: readonly Counted[];
  readonly toBook: number;
  readonly attempts: readonly Counted[];
  readonly watched: readonly Counted[];
  readonly inbox: InboxBacklog;
  readonly unread: UnreadCounts;
  readonly accounts: readonly AccountsCounted[];
  readonly schedules: readonly { readonly kind: string; readonly seconds: number }[];
}

export interface DatabaseReaderDeps {
  readonly db: Db;
  readonly log: Pick<Logger, 'warn'>;
  /** Milliseconds that a reading is used for, at least. Default 5000. */
  readonly freshMs?: number;
  /** Milliseconds that whoever asks waits for it. Default 3000. */
  readonly patienceMs?: number;
}

/** Of the time, the database works for metrics at most this share: a slow reading is used for longer. */
const atMostShare = 1 / 20;

/**
 * Reads for all gauges at once, one statement after the other on one connection, and once for all who ask in the next
 * seconds. Null where the database does not answer.
 */
export function createDatabaseReader(deps: DatabaseReaderDeps): { read(): Promise<DatabaseReadings | null> } {
  const { db, log, freshMs = 5_000, patienceMs = 3_000 } = deps;
  let kept: { until: number; readings: DatabaseReadings | null } | undefined;
  let underWay: Promise<DatabaseReadings | null> | undefined;

  /** Goes on to its end, also when whoever asked has stopped waiting: no second one is started beside it. */
  async function readNow(): Promise<DatabaseReadings | null> {
    const startedAt = performance.now();
    const readings = await readAll(db).catch((err: unknown) => {
      log.warn({ err }, 'the database could not be read for metrics');
      return null;
    });
    const now = performance.now();
    kept = { until: now + Math.max(freshMs, (now - startedAt) / atMostShare), readings };
    return readings;
  }

  return {
    read() {
      if (kept && performance.now() < kept.until) return Promise.resolve(kept.readings);
      underWay ??= readNow().finally(() => (underWay = undefined));
      return within(underWay, patienceMs).catch(() => null);
    },
  };
}

async function readAll(db: Db): Promise<DatabaseReadings> {
  const { open, endedLastDay } = await countOrders(db);
  return {
    orders: open,
    endedLastDay,
    attention: await countAttention(db),
    toBook: await countToBook(db),
    attempts: await countAttempts(db),
    watched: await countWatched(db),
    inbox: await readBacklog(db),
    unread: await countUnread(db),
    accounts: await countAccounts(db),
    schedules: await scheduleAges(db),
    readAtMs: performance.now(),
  };
}

function within<T>(work: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No answer within ${limitMs} ms.`)), limitMs);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

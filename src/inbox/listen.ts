import pg from 'pg';
import type { Logger } from 'pino';

export interface ListenDeps {
  readonly url: string;
  /** Called at every insert into the inbox, and once after each connecting: something may have come meanwhile. */
  readonly heard: () => void;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

const firstPauseMs = 250;
const longestPauseMs = 10_000;

/**
 * Hears `lahetti_inbox` on a connection of its own, and connects again, with growing pauses, when the database restarts.
 * A notification may be missed meanwhile: whoever listens polls as well.
 */
export function listenForInserts({ url, heard, log }: ListenDeps): { stop(): Promise<void> } {
  let stopped = false;
  let failures = 0;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    // A new one each time: a pg client can't be used again after it broke.
    const fresh = new pg.Client({
      connectionString: url,
      application_name: 'lahetti relay',
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    });
    client = fresh;
    fresh.on('notification', heard);
    fresh.on('error', () => {}); // always followed by 'end'
    fresh.once('end', () => client === fresh && again());
    try {
      await fresh.connect();
      // eslint-disable-next-line no-restricted-syntax -- belongs to the connection, and not to a capability's statements
      await fresh.query('listen lahetti_inbox');
      if (failures > 0) log.info('the relay hears of inserts again');
      failures = 0;
      heard();
    } catch {
      if (client === fresh) again();
      await fresh.end().catch(() => {});
    }
  }

  function again(): void {
    client = undefined;
    if (stopped) return;
    if (failures === 0) log.warn('the relay lost the connection that tells it of inserts; it polls meanwhile');
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures, 10));
    failures += 1;
    timer = setTimeout(() => void connect(), pauseMs);
  }

  void connect();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      const last = client;
      client = undefined;
      await last?.end().catch(() => {});
    },
  };
}

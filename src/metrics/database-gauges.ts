import { Gauge, type Registry } from 'prom-client';
import type { Db } from '../db/pool.ts';
import type { Logger } from '../log.ts';
import { createDrainEstimate } from './drain.ts';
import { createDatabaseReader, type DatabaseReadings } from './database-reader.ts';

export interface DatabaseGaugesDeps {
  readonly db: Db;
  readonly log: Pick<Logger, 'warn'>;
}

/** What the database has. Every process that serves metrics shows the same: dashboards take the greatest, never the sum. */
export function addDatabaseGauges(registry: Registry, deps: DatabaseGaugesDeps): void {
  const drains = { inbox: createDrainEstimate(), booking: createDrainEstimate() };
  const reader = createDatabaseReader(deps);

  /** All values of a gauge at once; none where the database did not answer, so that nobody believes an old one. */
  const gauge = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    valuesOf: (readings: DatabaseReadings) => readonly (readonly [Record<L, string>, number])[],
  ) =>
    new Gauge<L>({
      name,
      help,
      labelNames,
      registers: [registry],
      async collect() {
        const readings = await reader.read();
        this.reset();
        if (readings === null) {
          // A gauge without labels is reset to 0, which nobody read.
          if (labelNames.length === 0) this.remove();
          return;
        }
        for (const [labels, value] of valuesOf(readings)) this.set(labels, value);
      },
    });
  const single = (name: string, help: string, valueOf: (readings: DatabaseReadings) => number) =>
    gauge(name, help, [], (readings) => [[{}, valueOf(readings)]]);
  const named = <L extends string>(label: L, counted: readonly { readonly name: string; readonly count: number }[]) =>
    counted.map(({ name, count }) => [{ [label]: name } as Record<L, string>, count] as const);

  new Gauge({
    name: 'lahetti_database_up',
    help: '1 where the database answers the questions behind these metrics.',
    registers: [registry],
    async collect() {
      this.set((await reader.read()) === null ? 0 : 1);
    },
  });

  gauge('lahetti_orders', 'Orders that are not at their end, by phase.', ['phase'], (r) => named('phase', r.orders));
  gauge('lahetti_orders_ended_last_day', 'Orders that came to their end within a day, by phase.', ['phase'], (r) =>
    named('phase', r.endedLastDay),
  );
  gauge('lahetti_attention', 'Orders and shipments that wait for a person, by what for.', ['reason'], (r) =>
    named('reason', r.attention),
  );
  single('lahetti_shipments_to_book', 'Shipments that wait for nothing but Posti.', (r) => r.toBook);
  gauge('lahetti_attempts_last_day', 'Attempts to book of the last day, by state.', ['state'], (r) =>
    named('state', r.attempts),
  );
  gauge('lahetti_watched_references', 'References that are watched at Posti, by what for.', ['watch'], (r) =>
    named('watch', r.watched),
  );

  gauge('lahetti_orders_unread', 'Orders that were heard of and not read, by how far that is.', ['state'], (r) =>
    named('state', [
      { name: 'waiting', count: r.unread.waiting },
      { name: 'failing', count: r.unread.failing - r.unread.needAttention },
      { name: 'needs_attention', count: r.unread.needAttention },
    ]),
  );
  single('lahetti_orders_unread_oldest_seconds', 'How long the one that failed first could not be read.', (r) =>
    Math.round(r.unread.oldestFailureMs / 1000),
  );

  single('lahetti_inbox_hints', 'Hints that were not handed to the engine yet.', (r) => r.inbox.hints);
  single('lahetti_inbox_orders', 'Orders that those hints are about.', (r) => r.inbox.orders);
  single('lahetti_inbox_oldest_hint_seconds', 'Age of the oldest of them.', (r) => r.inbox.oldestHintMs / 1000);
  single('lahetti_commands_open', 'Commands without an outcome.', (r) => r.inbox.commands);
  single('lahetti_commands_oldest_seconds', 'Age of the oldest of them.', (r) => r.inbox.oldestCommandMs / 1000);
  gauge(
    'lahetti_backlog_drain_seconds',
    'In how long nothing will wait any more, at the rate of the last five minutes. Infinite where it does not shrink.',
    ['of'],
    (r) => [
      [{ of: 'inbox' }, drains.inbox({ atMs: r.readAtMs, waiting: r.inbox.hints })],
      [{ of: 'booking' }, drains.booking({ atMs: r.readAtMs, waiting: r.toBook })],
    ],
  );

  gauge('lahetti_system_accounts', 'Accounts at other systems, by state.', ['system', 'state'], (r) =>
    r.accounts.map(({ system, name, count }) => [{ system, state: name }, count] as const),
  );
  gauge(
    'lahetti_schedule_age_seconds',
    'How long ago scheduled work last ended well; for sweeps, of the store where it is longest.',
    ['schedule'],
    (r) => r.schedules.map(({ kind, seconds }) => [{ schedule: kind }, seconds] as const),
  );
}

/**
 * The one way from the inbox to the engine: leases hints and commands, dispatches them a bounded number at a time, and
 * closes them when the engine has them. Any number of processes may run one; leases keep them from doing things twice.
 */
import type { Logger } from 'pino';
import type { Pool } from '../db/pool.ts';
import type { Engine } from '../temporal/client.ts';
import { isAppError } from '../errors.ts';
import { closeRetry, leaseRetries, releaseRetry, type RetryNow } from '../health/retry-now.sql.ts';
import { closeCommand, leaseCommands, releaseCommand, type Command } from './commands.sql.ts';
import { closeHints, countWaiting, leaseHints, nextGatheredIn, releaseHints, type LeasedHints } from './inbox.sql.ts';
import { gatherWhile, lookForGatheredIn, manyHints } from './gathering.ts';
import { pauseOfHint } from './hint-retry.ts';
import { createIncident, type IncidentState } from './incident.ts';
import { createLane } from './lane.ts';
import { listenForInserts } from './listen.ts';
import { noTraces, type Traces } from '../tracing/traces.ts';

export interface RelayDeps {
  readonly pool: Pool;
  /** The connection of its own that hears of inserts is opened with it. */
  readonly databaseUrl: string;
  readonly engine: Pick<Engine, 'hintOrder' | 'sendCommand' | 'retrySteps'>;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** Default: none. */
  readonly traces?: Pick<Traces, 'handingOver'>;
  /** Looks into the inbox at least this often, whatever was heard. Default 1 s. */
  readonly pollMs?: number;
  /** How long later hints of an order are gathered before they are one dispatch; its first hint never waits. Default 2 s, longer in a flood. */
  readonly gatherMs?: number;
  /** At most so many dispatches of each sort under way. Default 20. */
  readonly concurrency?: number;
  /** Longer than the longest call of the engine's client. Default 30 s. */
  readonly leaseMs?: number;
}

export interface RelayHealth {
  readonly running: boolean;
  /** The trouble that goes on now, or null. */
  readonly trouble: { readonly database: IncidentState | null; readonly engine: IncidentState | null };
  readonly inFlight: number;
  /** Since the start of this process. A dispatch answers all hints that waited for its order. */
  readonly hints: { readonly dispatched: number; readonly coalesced: number; readonly ofStoresNotConnected: number };
  readonly commands: { readonly closed: number; readonly sentAgain: number };
}

export interface Relay {
  start(): void;
  /** Takes nothing more, and waits for what is in flight, at most `graceMs` (default 20 s). Leases end by themselves. */
  stop(graceMs?: number): Promise<void>;
  health(): RelayHealth;
}

/** What a relay has taken is its own for so long, also where it was killed with it. */
export const defaultLeaseMs = 30_000;

export function createRelay(deps: RelayDeps): Relay {
  const { pool, engine, log, traces = noTraces, pollMs = 1_000, concurrency = 20, leaseMs = defaultLeaseMs } = deps;
  const { gatherMs = 2_000 } = deps;
  const counts = { dispatched: 0, coalesced: 0, ofStoresNotConnected: 0, closed: 0, sentAgain: 0 };
  const trouble = { database: createIncident('database', log), engine: createIncident('engine', log) };

  const hints = createLane<LeasedHints>({
    concurrency,
    ...trouble,
    lease: async (limit) => {
      const forMs = gatherWhile(await countWaiting(pool, manyHints), gatherMs);
      const leased = await leaseHints(pool, { limit, leaseMs, gatherMs: forMs });
      await wakeWhenGathered(forMs);
      return leased;
    },
    dispatch: async (leased) => {
      if (leased.storeState === 'connected') {
        await traces.handingOver(leased, () => engine.hintOrder(leased));
        trouble.engine.over();
        counts.dispatched += 1;
      } else {
        counts.ofStoresNotConnected += leased.count;
      }
      counts.coalesced += (await closeHints(pool, leased)) - 1;
    },
    giveBack: async (leased, error) => {
      const away = isAppError(error) && error.code === 'engine_away';
      if (!away) log.warn({ err: error, store: leased.storeHash, order: leased.orderId }, 'a hint was not taken');
      // While the engine is away the lane waits; what fails otherwise waits for itself, longer each time.
      await releaseHints(pool, { ...leased, delayMs: away ? 0 : pauseOfHint(leased.tries) });
    },
  });

  const commands = createLane<Command>({
    concurrency,
    ...trouble,
    lease: (limit) => leaseCommands(pool, { limit, leaseMs }),
    dispatch: async (command) => {
      const outcome = await engine.sendCommand(command, { commandId: command.id, kind: command.kind, n: command.n });
      if (outcome) {
        trouble.engine.over();
        await closeCommand(pool, command.id, outcome);
        counts.closed += 1;
      } else {
        counts.sentAgain += 1;
        await releaseCommand(pool, command.id);
      }
    },
    giveBack: (command) => releaseCommand(pool, command.id),
  });

  const retries = createLane<RetryNow>({
    concurrency: Math.min(concurrency, 10),
    ...trouble,
    lease: (limit) => leaseRetries(pool, { limit, leaseMs }),
    dispatch: async (retry) => {
      await engine.retrySteps(retry, retry);
      trouble.engine.over();
      await closeRetry(pool, retry);
    },
    giveBack: async (retry, error) => {
      if (isAppError(error) && error.code === 'engine_away') return releaseRetry(pool, retry);
      // An engine that cannot do it (before Temporal 1.28) or may not: the steps are tried some minutes later.
      log.warn({ err: error, store: retry.storeHash, order: retry.orderId }, 'steps could not be tried at once');
      await closeRetry(pool, retry);
    },
  });

  let running = false;
  let timer: NodeJS.Timeout | undefined;
  let gathered: NodeJS.Timeout | undefined;

  /** Whatever comes later is gathered later: one timer, for the oldest that waits. */
  async function wakeWhenGathered(forMs: number): Promise<void> {
    if (gathered || gatherMs === 0) return;
    // If this fails, the poll finds them. What was leased must not be held up by it.
    const waitMs = await nextGatheredIn(pool, forMs).catch(() => null);
    if (waitMs === null || gathered || !running) return;
    gathered = setTimeout(() => {
      gathered = undefined;
      hints.look();
    }, lookForGatheredIn(waitMs));
  }

  let listener: { stop(): Promise<void> } | undefined;
  const look = () => {
    hints.look();
    commands.look();
    retries.look();
  };

  return {
    start() {
      if (running) return;
      running = true;
      hints.open();
      commands.open();
      retries.open();
      timer = setInterval(look, pollMs);
      listener = listenForInserts({ url: deps.databaseUrl, heard: look, log });
      look();
    },
    async stop(graceMs = 20_000) {
      if (!running) return;
      running = false;
      clearInterval(timer);
      clearTimeout(gathered);
      await Promise.all([hints.close(graceMs), commands.close(graceMs), retries.close(graceMs), listener?.stop()]);
    },
    health: () => ({
      running,
      trouble: { database: trouble.database.state(), engine: trouble.engine.state() },
      inFlight: hints.inFlight() + commands.inFlight() + retries.inFlight(),
      hints: {
        dispatched: counts.dispatched,
        coalesced: counts.coalesced,
        ofStoresNotConnected: counts.ofStoresNotConnected,
      },
      commands: { closed: counts.closed, sentAgain: counts.sentAgain },
    }),
  };
}

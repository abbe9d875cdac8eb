import { heartbeat } from '@temporalio/activity';
import type { Logger } from 'pino';
import { orderWorkflowId } from '../workflows/contract.ts';
import type { Pool } from '../src/db/pool.ts';
import type { Engine } from '../src/temporal/client.ts';
import { insertHints, type HintSource } from '../src/inbox/inbox.sql.ts';
import { dueOrders, type DueOrder } from '../src/orders/due.sql.ts';
import { endRun, saveProgress, startRun } from '../src/stores/runs.sql.ts';

export interface WatchmanDeps {
  readonly pool: Pool;
  readonly engine: Pick<Engine, 'runningOrders'>;
  readonly log: Pick<Logger, 'info'>;
}

export interface WatchmanCounts {
  /** Orders for which something can be done without anybody's hint. */
  readonly due: number;
  /** Those of them that the engine runs. */
  readonly running: number;
  /** The others: each has a hint in the inbox now. */
  readonly started: number;
}

export interface WatchmanActivities {
  startWhatIsDue(): Promise<WatchmanCounts>;
}

const pageSize = 500;

export function createWatchmanActivities(deps: WatchmanDeps): WatchmanActivities {
  return {
    /** Hints every order that is due and does not run. Safe to run again: a second hint is one more look. */
    async startWhatIsDue() {
      const running = await deps.engine.runningOrders();
      return hintWhatIsDue(deps, { source: 'watchman', running, handedOver: false, beat: () => heartbeat() });
    },
  };
}

/**
 * The same for all due orders at once, whatever the engine runs: for an operator who brings the house back after the
 * engine's database was lost. An order that runs looks once more, and so does one that the engine was told of and that
 * nobody has read since.
 */
export function resumeAll(deps: Pick<WatchmanDeps, 'pool' | 'log'>): Promise<WatchmanCounts> {
  return hintWhatIsDue(deps, { source: 'cli', running: new Set(), handedOver: true, beat: () => {} });
}

interface DueToHint {
  readonly source: HintSource;
  /** Workflow ids of orders that need no hint. */
  readonly running: ReadonlySet<string>;
  /** Also orders that the engine was told of, and that nobody has read since. */
  readonly handedOver: boolean;
  readonly beat: () => void;
}

async function hintWhatIsDue(
  { pool, log }: Pick<WatchmanDeps, 'pool' | 'log'>,
  { source, running, handedOver, beat }: DueToHint,
): Promise<WatchmanCounts> {
  const runId = await startRun(pool, { storeId: null, kind: 'watchman' });
  let counts: WatchmanCounts = { due: 0, running: 0, started: 0 };
  try {
    let after: DueOrder | undefined;
    do {
      const page = await dueOrders(pool, { limit: pageSize, after, handedOver });
      const idle = page.filter((order) => !running.has(orderWorkflowId(order)));
      await insertHints(
        pool,
        idle.map(({ storeId, orderId }) => ({
          storeId,
          orderId,
          source,
          deliveryKey: `${source}:${runId}:${orderId}`,
          scope: null,
        })),
      );
      counts = {
        due: counts.due + page.length,
        running: counts.running + page.length - idle.length,
        started: counts.started + idle.length,
      };
      await saveProgress(pool, runId, { ...counts }, null);
      beat();
      after = page.length < pageSize ? undefined : page.at(-1);
    } while (after);
  } catch (error) {
    await endRun(pool, runId, { ...counts }, (error as Error).message).catch(() => {});
    throw error;
  }
  await endRun(pool, runId, { ...counts }, null);
  if (counts.started > 0) log.info({ ...counts, source }, 'due orders that did not run are started');
  return counts;
}

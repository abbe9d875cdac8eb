import { heartbeat } from '@temporalio/activity';
import type { Logger } from 'pino';
import type { Pool } from '../src/db/pool.ts';
import { eraseOldBodies, eraseOrder, ordersOver, ordersToErase } from '../src/erasure/erasure.sql.ts';
import { defaultSettings } from '../src/settings/settings.ts';
import { endRun, saveProgress, startRun } from '../src/stores/runs.sql.ts';
import type { Stores } from '../src/stores/store.ts';

export interface ErasureDeps {
  readonly pool: Pool;
  readonly stores: Pick<Stores, 'list' | 'settings'>;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly now: () => Date;
}

export interface ErasureCounts {
  /** Orders that were erased because their store keeps people no longer. */
  readonly over: number;
  /** Orders that were erased because somebody asked, or because something came back after they were. */
  readonly asked: number;
  /** Logged calls about no single order that have no bodies any more. */
  readonly exchanges: number;
  /** Stores that could not be gone through; their settings do not parse, say. The others were. */
  readonly failedStores: number;
}

export interface ErasureActivities {
  eraseWhatIsDue(): Promise<ErasureCounts>;
}

const pageSize = 200;
const dayMs = 86_400_000;

export function createErasureActivities(deps: ErasureDeps): ErasureActivities {
  return {
    /**
     * Erases people whose time is over, store by store, and those of whom somebody asked it. Each order is a transaction
     * of its own: a try that dies has done what it did, and the next goes on with the rest.
     */
    eraseWhatIsDue: () => eraseAll(deps, () => heartbeat()),
  };
}

async function eraseAll({ pool, stores, log, now }: ErasureDeps, beat: () => void): Promise<ErasureCounts> {
  const runId = await startRun(pool, { storeId: null, kind: 'erasure' });
  const counts = { over: 0, asked: 0, exchanges: 0, failedStores: 0 };
  const show = async () => {
    beat();
    await saveProgress(pool, runId, counts, null);
  };
  try {
    counts.asked = await eachOrder(
      (after) => ordersToErase(pool, { limit: pageSize, after }),
      (pk) => eraseOrder(pool, { pk, who: 'lahetti' }),
    );
    await show();
    for (const { id: storeId, storeHash } of await stores.list()) {
      const days = await daysOf(storeHash);
      if (days === undefined) counts.failedStores += 1;
      if (typeof days !== 'number') continue;
      const before = new Date(now().getTime() - days * dayMs);
      counts.over += await eachOrder(
        (after) => ordersOver(pool, { storeId, before, limit: pageSize, after }),
        (pk) => eraseOrder(pool, { pk, who: 'lahetti', ifOverBefore: before }),
      );
      counts.exchanges += await bodies(storeHash, before);
      await show();
    }
    // What belongs to no store: logging in at an account that several share.
    const days = defaultSettings().personalDataDays;
    if (days !== null) counts.exchanges += await bodies(null, new Date(now().getTime() - days * dayMs));
  } catch (error) {
    await endRun(pool, runId, counts, (error as Error).message).catch(() => {});
    throw error;
  }
  await endRun(pool, runId, counts, counts.failedStores > 0 ? 'settings of a store could not be read' : null);
  if (counts.over + counts.asked > 0) log.info({ ...counts }, 'orders were erased');
  return counts;

  /** Undefined where nobody can say; null for ever. */
  async function daysOf(storeHash: string): Promise<number | null | undefined> {
    try {
      return (await stores.settings(storeHash)).settings.personalDataDays;
    } catch (err) {
      log.warn({ err, storeHash }, 'the settings of a store could not be read: nothing of it was erased');
      return undefined;
    }
  }

  async function bodies(storeHash: string | null, before: Date): Promise<number> {
    let all = 0;
    let some: number;
    do {
      some = await eraseOldBodies(pool, { storeHash, before, limit: 1_000 });
      all += some;
      beat();
    } while (some === 1_000);
    return all;
  }

  /** Page by page. Counts those that were erased. */
  async function eachOrder(
    pageAfter: (after: number | undefined) => Promise<number[]>,
    erase: (pk: number) => ReturnType<typeof eraseOrder>,
  ): Promise<number> {
    let erased = 0;
    let page: number[];
    let after: number | undefined;
    do {
      page = await pageAfter(after);
      for (const pk of page) {
        if ((await erase(pk))?.outcome === 'erased') erased += 1;
        beat();
      }
      after = page.at(-1);
    } while (page.length === pageSize);
    return erased;
  }
}

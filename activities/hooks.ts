import { heartbeat } from '@temporalio/activity';
import type { Logger } from 'pino';
import type { BigCommerceApi } from '../src/bigcommerce/api.ts';
import type { Pool } from '../src/db/pool.ts';
import { isAppError } from '../src/errors.ts';
import type { SystemHealth } from '../src/health/system-health.ts';
import { storesToCheck, type StoreToCheck } from '../src/stores/hook-watch.sql.ts';
import { askForBlock, inMinutes } from '../src/stores/blocked-domain.ts';
import { mendHooks, wereAsTheyShouldBe, type HooksReport } from '../src/stores/hooks.ts';
import { endRun, startRun } from '../src/stores/runs.sql.ts';
import type { Stores } from '../src/stores/store.ts';

export interface HookWatchDeps {
  readonly pool: Pool;
  readonly bigcommerce: Pick<
    BigCommerceApi,
    'listHooks' | 'createHook' | 'updateHook' | 'deleteHook' | 'listBlockedDomains'
  >;
  readonly stores: Pick<Stores, 'connection' | 'settings' | 'webhookSecrets'>;
  readonly health: Pick<SystemHealth, 'admit' | 'works' | 'report'>;
  /** Where shops reach us; null where they can't: the sweep alone finds orders then. */
  readonly publicUrl: string | null;
  /** The hour between two looks at a store is this much shorter in a demo or test; 1 otherwise. */
  readonly speed: number;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

export interface HookWatchCounts {
  /** Stores whose hooks were looked at. */
  readonly stores: number;
  /** Those of them whose hooks had to be brought into order. */
  readonly mended: number;
  /** Those that could not be looked at; the next look is due as usual. */
  readonly failed: number;
}

export interface HookWatchActivities {
  watchHooks(): Promise<HookWatchCounts>;
}

/** And after each change of its settings. A look is a request of the store's quota, and a hook is switched off after two days of failures (bigcommerce.md 4.3). */
const everyMs = 60 * 60_000;

export function createHookWatchActivities(deps: HookWatchDeps): HookWatchActivities {
  const { pool, publicUrl, speed, log } = deps;
  return {
    /** Registers again what hooks of connected stores are missing, switched off or point elsewhere. Safe to run again. */
    async watchHooks() {
      const counts = { stores: 0, mended: 0, failed: 0 };
      if (publicUrl === null) return counts;
      for (const store of await storesToCheck(pool, everyMs / speed)) {
        heartbeat();
        const report = await lookAtHooks(deps, publicUrl, store);
        if (report === 'paused') continue;
        counts.stores += 1;
        if (report === 'failed') counts.failed += 1;
        else if (!wereAsTheyShouldBe(report)) {
          counts.mended += 1;
          log.warn(
            { store: store.storeHash, ...report },
            'hooks were missing, switched off or too many; they are in order again',
          );
        }
      }
      return counts;
    },
  };
}

/** One store's trouble is no other's: it is a failed run of that store, and nothing else. */
async function lookAtHooks(
  { pool, bigcommerce, stores, health, log }: HookWatchDeps,
  publicUrl: string,
  { id, storeHash }: StoreToCheck,
): Promise<HooksReport | 'failed' | 'paused'> {
  const shop = { system: 'bigcommerce', account: storeHash } as const;
  let runId: number | undefined;
  try {
    // Once: after a pause this look may be the one that tries, and would wait for itself the second time.
    await health.admit(shop);
    runId = await startRun(pool, { storeId: id, kind: 'hooks' });
    const connection = await stores.connection(storeHash);
    const [secret] = await stores.webhookSecrets(storeHash);
    if (secret === undefined) throw new Error('The store has no webhook secret.');
    const { settings } = await stores.settings(storeHash);
    const wanted = { publicUrl, secret, settings };
    const report = await mendHooks(bigcommerce, connection, wanted).catch(async (error: unknown) => {
      await health.report(shop, error);
      throw error;
    });
    await health.works(shop);
    const block = await askForBlock(bigcommerce, connection, publicUrl);
    if (block) {
      log.warn(
        { store: storeHash, host: new URL(publicUrl).host, code: 'hooks_blocked' },
        `the shop sends us no webhooks for ${inMinutes(block)}: too many were not answered with success; sweeps find orders meanwhile`,
      );
    }
    await endRun(pool, runId, { ...report, ...(block ? { blocked: 1 } : {}) }, null);
    return report;
  } catch (error) {
    const isPaused = isAppError(error) && error.kind === 'paused';
    if (runId === undefined && isPaused) return 'paused';
    if (runId === undefined) throw error;
    await endRun(pool, runId, {}, (error as Error).message);
    log.warn({ store: storeHash, code: isAppError(error) ? error.code : 'unexpected' }, 'hooks could not be looked at');
    return 'failed';
  }
}

import { cancellationSignal, heartbeat } from '@temporalio/activity';
import type { Logger } from 'pino';
import type { SweepInput } from '../workflows/contract.ts';
import type { BigCommerceApi, StoreConnection, WireOrder } from '../src/bigcommerce/api.ts';
import type { Pool } from '../src/db/pool.ts';
import type { SystemHealth } from '../src/health/system-health.ts';
import { insertHints } from '../src/inbox/inbox.sql.ts';
import { digestOfOrder } from '../src/orders/digest.ts';
import { knownDigests } from '../src/orders/sweep.sql.ts';
import { endRun, saveProgress, startRun, watermarkOf } from '../src/stores/runs.sql.ts';
import type { Store, Stores } from '../src/stores/store.ts';
import { takenSince } from '../src/stores/storefronts.ts';

export interface SweepDeps {
  readonly pool: Pool;
  readonly bigcommerce: Pick<BigCommerceApi, 'listOrders'>;
  readonly stores: Pick<Stores, 'get' | 'connection' | 'settings'>;
  readonly health: Pick<SystemHealth, 'guard'>;
  readonly clock: { now(): Date };
  readonly log: Pick<Logger, 'info'>;
}

export interface SweepCounts {
  /** Why nothing was read. */
  readonly skipped?: 'paused' | 'disconnected';
  /** Orders that the shop listed, those of the overlap with the last run included. */
  readonly read: number;
  /** Those of them that are unknown, or differ from what we read last: each has a hint in the inbox now. */
  readonly differing: number;
  readonly pages: number;
}

export interface SweepActivities {
  sweepOrders(input: SweepInput): Promise<SweepCounts>;
}

const pageSize = 50;
/** Each run reads again what changed so long before its start: lists lag, and dates of the shop are whole seconds. */
const overlapMs = 10 * 60_000;

export function createSweepActivities(deps: SweepDeps): SweepActivities {
  const { pool, stores, log } = deps;
  return {
    /**
     * Hints every order of a store that changed since the last run and differs from what we know. Safe to run again: it
     * goes on from the saved watermark, and a second hint is one more look.
     */
    async sweepOrders({ storeHash }) {
      const store = await stores.get(storeHash);
      if (store.state !== 'connected') return { skipped: store.state, read: 0, differing: 0, pages: 0 };

      const connection = await stores.connection(storeHash);
      const from = await startOfSweep(deps, store);
      const runId = await startRun(pool, { storeId: store.id, kind: 'sweep' });
      let counts = { read: 0, differing: 0, pages: 0 };
      try {
        for await (const page of pagesFrom(deps, connection, from)) {
          const differing = await hintDiffering(deps, { storeId: store.id, runId, page });
          counts = {
            read: counts.read + page.length,
            differing: counts.differing + differing,
            pages: counts.pages + 1,
          };
          await saveProgress(pool, runId, counts, newest(page)); // after the hints it covers
          heartbeat(counts);
        }
      } catch (error) {
        await endRun(pool, runId, counts, (error as Error).message).catch(() => {});
        throw error;
      }
      await endRun(pool, runId, counts, null);
      log.info({ store: storeHash, ...counts }, 'swept');
      return counts;
    },
  };
}

async function startOfSweep({ pool, stores, clock }: SweepDeps, store: Store): Promise<Date> {
  const watermark = await watermarkOf(pool, { storeId: store.id, kind: 'sweep' });
  if (watermark) return new Date(watermark.getTime() - overlapMs);
  const { settings } = await stores.settings(store.storeHash);
  return takenSince(settings, clock.now());
}

/**
 * What changed since `from`, oldest change first. Moves along by date and not by page number: an order that changes
 * meanwhile goes to the end of the list, and page numbers would then skip one for each (bigcommerce.md 2, lists).
 */
async function* pagesFrom(
  { bigcommerce, health }: SweepDeps,
  store: StoreConnection,
  from: Date,
): AsyncGenerator<WireOrder[], void, undefined> {
  let since = from;
  let page = 1;
  let seen = new Set<string>();
  for (;;) {
    const query = { minDateModified: since, page, limit: pageSize, sort: 'date_modified:asc', include: true } as const;
    const call = { about: { storeHash: store.storeHash }, signal: cancellationSignal() };
    const orders = await health.guard(shopOf(store.storeHash), () => bigcommerce.listOrders(store, query, call));
    const fresh = orders.filter((order) => !seen.has(versionOf(order)));
    if (fresh.length > 0) yield fresh;
    if (orders.length < pageSize) return;

    const reached = newest(orders);
    if (reached && reached > since) {
      since = reached;
      page = 1;
      seen = new Set(orders.map(versionOf)); // the next list starts with the last second of this one
    } else {
      page += 1; // more than a page changed within one second
    }
  }
}

const shopOf = (storeHash: string) => ({ system: 'bigcommerce', account: storeHash }) as const;

const versionOf = ({ order }: WireOrder) => `${order.id} ${order.date_modified.getTime()}`;

function newest(orders: readonly WireOrder[]): Date | null {
  const times = orders.map(({ order }) => order.date_modified.getTime());
  return times.length > 0 ? new Date(Math.max(...times)) : null;
}

async function hintDiffering(
  { pool }: SweepDeps,
  { storeId, runId, page }: { storeId: number; runId: number; page: readonly WireOrder[] },
): Promise<number> {
  const read = page.map((wire) => ({ orderId: wire.order.id, digest: digestOfOrder(wire) }));
  const known = await knownDigests(pool, { storeId, orderIds: read.map(({ orderId }) => orderId) });
  const differing = read.filter(({ orderId, digest }) => known.get(orderId) !== digest);
  await insertHints(
    pool,
    differing.map(({ orderId, digest }) => ({
      storeId,
      orderId,
      source: 'sweep',
      // With the run: an order that still differs in a later one is hinted again.
      deliveryKey: `sweep:${runId}:${orderId}:${digest.slice(0, 16)}`,
      scope: null,
    })),
  );
  return differing.length;
}

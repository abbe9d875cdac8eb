import { cancellationSignal, heartbeat } from '@temporalio/activity';
import type { Logger } from 'pino';
import type { SweepInput } from '../workflows/contract.ts';
import type { BigCommerceApi, OrderPage, StoreConnection, UnreadableOrder, WireOrder } from '../src/bigcommerce/api.ts';
import type { Pool } from '../src/db/pool.ts';
import { guardShop } from '../src/stores/shop-access.ts';
import type { SystemHealth } from '../src/health/system-health.ts';
import { insertHints } from '../src/inbox/inbox.sql.ts';
import { digestOfOrder } from '../src/orders/digest.ts';
import { knownDigests } from '../src/orders/sweep.sql.ts';
import { namespacesToRead } from '../src/settings/metafields.ts';
import { endRun, saveProgress, startRun, watermarkOf } from '../src/stores/runs.sql.ts';
import type { Store, Stores } from '../src/stores/store.ts';
import { currentUnits } from '../src/stores/units.ts';
import { takenSince } from '../src/settings/storefronts.ts';
import { hintOtherMetafields } from './sweep-metafields.ts';

export interface SweepDeps {
  readonly pool: Pool;
  readonly bigcommerce: Pick<BigCommerceApi, 'listOrders' | 'listMetafieldsOfOrders' | 'getStore'>;
  readonly stores: Pick<Stores, 'get' | 'connection' | 'settings' | 'keepUnits'>;
  readonly health: Pick<SystemHealth, 'admit' | 'guard' | 'works' | 'close'>;
  readonly clock: { now(): Date };
  /** A day between two looks at a store's units is this much shorter in a demo or test; 1 otherwise. */
  readonly speed: number;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

export interface SweepCounts {
  /** Why nothing was read. */
  readonly skipped?: 'paused' | 'disconnected';
  /** Orders that the shop listed, those of the overlap with the last run included. */
  readonly read: number;
  /** Those of them that are unknown, or differ from what we read last: each has a hint in the inbox now. */
  readonly differing: number;
  /** Those that could not be read: each is looked at by itself, and listed where that does not help. */
  readonly unreadable: number;
  readonly pages: number;
  /** Orders with metafields that say something else than what we read; left out where the settings use none. */
  readonly metafields?: number;
}

export interface SweepActivities {
  sweepOrders(input: SweepInput): Promise<SweepCounts>;
}

type Counts = Omit<SweepCounts, 'skipped'>;

const none: Counts = { read: 0, differing: 0, unreadable: 0, pages: 0 };
const pageSize = 50;
/** Each run reads again what changed so long before its start: lists lag, and dates of the shop are whole seconds. */
const overlapMs = 10 * 60_000;

export function createSweepActivities(deps: SweepDeps): SweepActivities {
  const { pool, stores, log } = deps;
  return {
    /**
     * Hints every order of a store that changed since the last run and differs from what we know; also by its metafields,
     * where the settings use them. Safe to run again: it goes on from the saved watermark, and a second hint is one more look.
     */
    async sweepOrders({ storeHash }) {
      const store = await stores.get(storeHash);
      if (store.state !== 'connected') return { skipped: store.state, ...none };

      const connection = await stores.connection(storeHash);
      const from = await startOfSweep(deps, store);
      const runId = await startRun(pool, { storeId: store.id, kind: 'sweep' });
      let counts = none;
      try {
        // Also where no order changes: what waits may be planned by units that the shop does not have any more.
        await currentUnits({ ...deps, now: () => deps.clock.now() }, store, connection, {
          about: { storeHash },
          signal: cancellationSignal(),
        });
        for await (const page of pagesFrom(deps, connection, from)) {
          const differing = await hintDiffering(deps, { storeId: store.id, runId, page });
          counts = {
            ...counts,
            read: counts.read + lengthOf(page),
            differing: counts.differing + differing,
            unreadable: counts.unreadable + page.unreadable.length,
            pages: counts.pages + 1,
          };
          await saveProgress(pool, runId, counts, newest(page)); // after the hints it covers
          heartbeat(counts);
        }
        // After the orders: those that are new have been hinted, and their look reads their metafields.
        const { settings } = await stores.settings(storeHash);
        if (namespacesToRead(settings).length > 0) {
          const since = takenSince(settings, deps.clock.now());
          counts = {
            ...counts,
            metafields: await hintOtherMetafields(deps, { store, connection, settings, runId, since }),
          };
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
): AsyncGenerator<OrderPage, void, undefined> {
  let since = from;
  let page = 1;
  let seen = new Set<string>();
  for (;;) {
    const query = { minDateModified: since, page, limit: pageSize, sort: 'date_modified:asc', include: true } as const;
    const call = {
      about: { storeHash: store.storeHash },
      urgency: 'background',
      signal: cancellationSignal(),
    } as const;
    const listed = await guardShop(health, store.storeHash, 'orders_read', () =>
      bigcommerce.listOrders(store, query, call),
    );
    const fresh = {
      orders: listed.orders.filter((order) => !seen.has(versionOf(order))),
      unreadable: listed.unreadable.filter((order) => !seen.has(versionOfUnreadable(order))),
    };
    if (lengthOf(fresh) > 0) yield fresh;
    if (lengthOf(listed) < pageSize) return;

    const reached = newest(listed);
    if (reached && reached > since) {
      since = reached;
      page = 1;
      // The next list starts with the last second of this one.
      seen = new Set([...listed.orders.map(versionOf), ...listed.unreadable.map(versionOfUnreadable)]);
    } else {
      page += 1; // more than a page changed within one second
    }
  }
}

const lengthOf = ({ orders, unreadable }: OrderPage): number => orders.length + unreadable.length;

const versionOf = ({ order }: WireOrder) => `${order.id} ${order.date_modified?.getTime()}`;
const versionOfUnreadable = ({ orderId, modifiedAt }: UnreadableOrder) => `${orderId} ${modifiedAt?.getTime()}`;

function newest({ orders, unreadable }: OrderPage): Date | null {
  const dates = [...orders.map(({ order }) => order.date_modified), ...unreadable.map(({ modifiedAt }) => modifiedAt)];
  const times = dates.flatMap((date) => (date ? [date.getTime()] : []));
  return times.length > 0 ? new Date(Math.max(...times)) : null;
}

async function hintDiffering(
  { pool }: SweepDeps,
  { storeId, runId, page }: { storeId: number; runId: number; page: OrderPage },
): Promise<number> {
  const read = page.orders.map((wire) => ({ orderId: wire.order.id, digest: digestOfOrder(wire) }));
  const known = await knownDigests(pool, { storeId, orderIds: read.map(({ orderId }) => orderId) });
  const differing = read.filter(({ orderId, digest }) => known.get(orderId) !== digest);
  const unreadable = page.unreadable.flatMap(({ orderId }) => (orderId ? [{ orderId, digest: 'unreadable' }] : []));
  await insertHints(
    pool,
    [...differing, ...unreadable].map(({ orderId, digest }) => ({
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

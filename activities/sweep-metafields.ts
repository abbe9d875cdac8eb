import { cancellationSignal, heartbeat } from '@temporalio/activity';
import type { BigCommerceApi, OrdersMetafield, StoreConnection } from '../src/bigcommerce/api.ts';
import type { Pool } from '../src/db/pool.ts';
import { guardShop } from '../src/stores/shop-access.ts';
import type { SystemHealth } from '../src/health/system-health.ts';
import { insertHints } from '../src/inbox/inbox.sql.ts';
import { saysSomethingElse } from '../src/orders/order-metafields.ts';
import { keysToRead, namespacesToRead } from '../src/settings/metafields.ts';
import { knownMetafields, metafieldsComparedAt } from '../src/orders/sweep.sql.ts';
import type { Logger } from '../src/log.ts';
import type { Settings } from '../src/settings/settings.ts';
import type { Store } from '../src/stores/store.ts';

export interface MetafieldSweepDeps {
  readonly pool: Pool;
  readonly bigcommerce: Pick<BigCommerceApi, 'listMetafieldsOfOrders'>;
  readonly health: Pick<SystemHealth, 'admit' | 'guard' | 'works' | 'close'>;
  readonly log: Pick<Logger, 'warn'>;
}

export interface MetafieldSweep {
  readonly store: Store;
  readonly connection: StoreConnection;
  readonly settings: Settings;
  readonly runId: number;
  /** No order that was made before is taken. */
  readonly since: Date;
}

/** Each run reads again what was written so long before the start of the last: two clocks are never quite the same. */
const overlapMs = 10 * 60_000;
const pageSize = 250;
/**
 * In one run. A run has a handful of fields to read, the first one those of the whole look-back; a shop that minds no filter
 * would have us read every metafield that it ever had.
 */
const mostPages = 40;

/**
 * Hints the orders with metafields that say something else than what we read of them. That an app wrote one changes neither
 * the order's date nor its digest, so that the list of orders does not show it. The list of all orders' metafields takes
 * `date_modified:min` (bigcommerce.md 8), which makes it one request for each 250 that were written since the last run. A
 * field that was deleted is in no list: only its hook tells of it.
 *
 * @returns how many orders
 */
export async function hintOtherMetafields(deps: MetafieldSweepDeps, sweep: MetafieldSweep): Promise<number> {
  const { pool, log } = deps;
  const { store, settings } = sweep;
  const comparedAt = await metafieldsComparedAt(pool, store.id);
  const modifiedSince = comparedAt ? new Date(comparedAt.getTime() - overlapMs) : sweep.since;
  const hinted = new Set<number>();
  for (let page = 1; ; page++) {
    const query = { namespaces: namespacesToRead(settings), keys: keysToRead(settings), modifiedSince, page };
    const call = {
      about: { storeHash: store.storeHash },
      urgency: 'background',
      signal: cancellationSignal(),
    } as const;
    const { fields, full } = await guardShop(deps.health, store.storeHash, 'orders_read', () =>
      deps.bigcommerce.listMetafieldsOfOrders(sweep.connection, { ...query, limit: pageSize }, call),
    );
    for (const orderId of await hintThose(deps, sweep, fields)) hinted.add(orderId);
    heartbeat({ metafieldPages: page });
    if (!full) return hinted.size;
    if (page === mostPages) {
      log.warn(
        { store: store.storeHash, pages: page, since: modifiedSince },
        'more metafields were written than one sweep compares; the rest is read when its orders are looked at',
      );
      return hinted.size;
    }
  }
}

/** An order that we do not know is read with its metafields when it is first looked at. */
async function hintThose(
  { pool }: Pick<MetafieldSweepDeps, 'pool'>,
  { store, settings, runId }: MetafieldSweep,
  fields: readonly OrdersMetafield[],
): Promise<Set<number>> {
  const known = await knownMetafields(pool, { storeId: store.id, orderIds: fields.map(({ orderId }) => orderId) });
  const differing = fields.filter((field) => {
    const read = known.get(field.orderId);
    return read !== undefined && saysSomethingElse(field, read, settings);
  });
  const orderIds = new Set(differing.map(({ orderId }) => orderId));
  await insertHints(
    pool,
    [...orderIds].map((orderId) => ({
      storeId: store.id,
      orderId,
      source: 'sweep',
      deliveryKey: `sweep:${runId}:${orderId}:metafields`,
      scope: null,
    })),
  );
  return orderIds;
}

import { randomUUID } from 'node:crypto';
import type { Db } from '../../src/db/pool.ts';
import type { NewCommand } from '../../src/inbox/commands.sql.ts';
import type { NewHint } from '../../src/inbox/inbox.sql.ts';
import type { Store } from '../../src/stores/store.ts';
import type { StoreState } from '../../src/stores/stores.sql.ts';

/** A store of the test's own, without secrets that anybody could open. */
export async function aStore(db: Db, { state = 'connected' }: { state?: StoreState } = {}): Promise<Store> {
  const storeHash = `s${randomUUID().slice(0, 8)}`;
  const none = Buffer.from('');
  const { rows } = await db.query<{ id: number }>(
    `insert into lahetti.stores (store_hash, name, state, client_id, access_token, webhook_secrets, key_id)
     values ($1, 'Kauppa Kuusi', $2, 'client', $3, $3, 'test') returning id`,
    [storeHash, state, none],
  );
  const id = rows[0]!.id;
  return {
    id,
    storeHash,
    name: 'Kauppa Kuusi',
    state,
    weightUnits: 'Grams',
    dimensionUnits: null,
    unitsReadAt: new Date(),
    unitsAsked: 0,
    language: null,
    clientId: 'client',
    carrierAccountId: null,
  };
}

export const aHint = (store: Store, orderId: number, rest: Partial<NewHint> = {}): NewHint => ({
  storeId: store.id,
  orderId,
  source: 'webhook',
  deliveryKey: randomUUID(),
  scope: 'store/order/updated',
  ...rest,
});

export const aCommand = (store: Store, orderId: number, rest: Partial<NewCommand> = {}): NewCommand => ({
  id: randomUUID(),
  storeId: store.id,
  orderId,
  n: null,
  kind: 'hold',
  body: {},
  who: 'aino',
  source: 'api',
  ...rest,
});

/** An order as a look would have kept it; gives back its key. */
export async function keptOrder(db: Db, store: Store, orderId: number, digest = 'unknown'): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into lahetti.orders
       (store_id, order_id, status_id, channel_id, currency, total_minor, units_total, created_at, modified_at, digest, people_order, phase)
     values ($1, $2, 11, 1, 'EUR', 1000, 1, now(), now(), $3, '{}', 'under_way')
     returning id`,
    [store.id, orderId, digest],
  );
  return rows[0]!.id;
}

import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSweepActivities, type SweepCounts } from '../../activities/sweep.ts';
import type {
  MetafieldQuery,
  OrderQuery,
  OrdersMetafield,
  UnreadableOrder,
  WireOrder,
} from '../../src/bigcommerce/api.ts';
import type { Pool } from '../../src/db/pool.ts';
import { AppError } from '../../src/errors.ts';
import { createSystemHealth } from '../../src/health/system-health.ts';
import { digestOfOrder } from '../../src/orders/digest.ts';
import { defaultSettings, type Settings } from '../../src/settings/settings.ts';
import { listRuns, watermarkOf } from '../../src/stores/runs.sql.ts';
import type { Store } from '../../src/stores/store.ts';
import { testDatabase } from '../support/postgres.ts';
import { aStore, keptOrder } from './inbox-rows.ts';
import { aWireOrder } from './wire-order.ts';

const log = pino({ level: 'silent' });
const now = new Date('2026-03-10T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

let pool: Pool;
let store: Store;
/** What the shop has, and what it was asked. */
let shop: {
  orders: WireOrder[];
  unreadable: UnreadableOrder[];
  asked: OrderQuery[];
  metafields: OrdersMetafield[];
  metafieldsAsked: MetafieldQuery[];
  beforeAnswer: (query: OrderQuery) => void;
};

beforeAll(async () => {
  ({ pool } = await testDatabase());
});
beforeEach(async () => {
  await pool.query('truncate lahetti.stores, lahetti.inbox, lahetti.system_health cascade');
  store = await aStore(pool);
  shop = { orders: [], unreadable: [], asked: [], metafields: [], metafieldsAsked: [], beforeAnswer: () => {} };
});

test('an order that no webhook told of is found', async () => {
  shop.orders = [aWireOrder({ id: 101, date_modified: minutesAgo(3) })];
  expect(await sweep()).toEqual({ read: 1, differing: 1, unreadable: 0, pages: 1 });
  expect(await hinted()).toEqual([101]);
});

test('only orders that differ from what we know are hinted', async () => {
  const [same, edited] = [aWireOrder({ id: 1 }), aWireOrder({ id: 2, status_id: 11 })];
  await keptOrder(pool, store, 1, digestOfOrder(same));
  await keptOrder(pool, store, 2, digestOfOrder(edited));
  shop.orders = [same, aWireOrder({ id: 2, status_id: 5 })];
  expect(await sweep()).toMatchObject({ read: 2, differing: 1 });
  expect(await hinted()).toEqual([2]);
});

test('an order that still differs in a later run is hinted again', async () => {
  shop.orders = [aWireOrder({ id: 1, date_modified: minutesAgo(3) })];
  await sweep();
  await sweep();
  expect(await hinted()).toEqual([1, 1]);
});

test('an order of a page that cannot be read is looked at by itself, and the others are as usual', async () => {
  const failure = new AppError('The date.', { kind: 'invalid', code: 'bigcommerce_unreadable' });
  shop.orders = [aWireOrder({ id: 1, date_modified: minutesAgo(5) }), aWireOrder({ id: 3, date_modified: null })];
  shop.unreadable = [
    { orderId: 2, modifiedAt: minutesAgo(3), failure },
    { orderId: null, modifiedAt: null, failure },
  ];
  expect(await sweep()).toMatchObject({ read: 3, differing: 1, unreadable: 2 });
  expect(await hinted()).toEqual([1, 2]);
  expect(await watermarkOf(pool, { storeId: store.id, kind: 'sweep' })).toEqual(minutesAgo(3));
});

test('the first run goes as far back as the store looks, and never before its cut-off date', async () => {
  await sweep();
  expect(shop.asked[0]?.minDateModified).toEqual(minutesAgo(14 * 24 * 60));
  await pool.query('delete from lahetti.runs');
  await sweep({ cutOffDate: minutesAgo(60).toISOString() });
  expect(shop.asked.at(-1)?.minDateModified).toEqual(minutesAgo(60));
});

test('the next run goes on from the greatest date seen, with ten minutes of overlap', async () => {
  shop.orders = [
    aWireOrder({ id: 1, date_modified: minutesAgo(40) }),
    aWireOrder({ id: 2, date_modified: minutesAgo(20) }),
  ];
  await sweep();
  await sweep();
  expect(shop.asked.at(-1)?.minDateModified).toEqual(minutesAgo(30));
});

test('a run that breaks off has saved its watermark after its hints, and the next one goes on there', async () => {
  shop.orders = Array.from({ length: 120 }, (_, i) => aWireOrder({ id: i + 1, date_modified: minutesAgo(1_000 - i) }));
  shop.beforeAnswer = () => {
    if (shop.asked.length === 2) throw new Error('the shop hung up');
  };
  await expect(sweep()).rejects.toThrow('hung up');
  expect(await hinted()).toHaveLength(50);
  expect(await watermarkOf(pool, { storeId: store.id, kind: 'sweep' })).toEqual(minutesAgo(951));
  expect(await listRuns(pool, { storeId: store.id, limit: 1 })).toMatchObject([
    { counts: { read: 50, differing: 50, unreadable: 0, pages: 1 }, failure: 'the shop hung up' },
  ]);

  shop.beforeAnswer = () => {};
  await sweep();
  expect(new Set(await hinted()).size).toBe(120);
});

test('a run whose process died is called interrupted by the next one', async () => {
  await pool.query(`insert into lahetti.runs (store_id, kind) values ($1, 'sweep')`, [store.id]);
  await sweep();
  const runs = await listRuns(pool, { storeId: store.id, kind: 'sweep', limit: 10 });
  expect(runs.map(({ failure, endedAt }) => [failure, endedAt !== null])).toEqual([
    [null, true],
    ['interrupted', true],
  ]);
});

test('orders that change while the list is read are not skipped, nor those that stand behind them', async () => {
  shop.orders = Array.from({ length: 130 }, (_, i) => aWireOrder({ id: i + 1, date_modified: minutesAgo(1_000 - i) }));
  shop.beforeAnswer = () => {
    if (shop.asked.length !== 2) return;
    const edited = shop.orders.slice(0, 20).map(({ order }) => aWireOrder({ id: order.id, date_modified: now }));
    shop.orders = [...shop.orders.slice(20), ...edited];
  };
  await sweep();
  expect(new Set(await hinted()).size).toBe(130);
});

test('more orders than a page that changed in one second are all found', async () => {
  shop.orders = Array.from({ length: 170 }, (_, i) => aWireOrder({ id: i + 1, date_modified: minutesAgo(5) }));
  expect(await sweep()).toMatchObject({ read: 170, differing: 170 });
});

test.each(['paused', 'disconnected'] as const)('a %s store is not read', async (state) => {
  store = await aStore(pool, { state });
  expect(await sweep()).toEqual({ skipped: state, read: 0, differing: 0, unreadable: 0, pages: 0 });
  expect(shop.asked).toEqual([]);
});

test('a shop that does not let us in is asked once, by whichever run comes first, and the incident is written down', async () => {
  shop.beforeAnswer = () => {
    throw new AppError('401', { kind: 'credentials', code: 'bigcommerce_token_refused' });
  };
  await expect(sweep()).rejects.toThrow('401');
  await expect(sweep()).rejects.toMatchObject({ kind: 'paused' });
  expect(shop.asked).toHaveLength(1);
  const { rows } = await pool.query('select system, account, state from lahetti.system_health');
  expect(rows).toEqual([{ system: 'bigcommerce', account: store.storeHash, state: 'closed' }]);
});

describe('where the settings look into metafields', () => {
  const looks = { pickupPoint: { ...defaultSettings().pickupPoint, metafield: { namespace: 'app', key: 'point' } } };
  const written = (orderId: number, value: string, rest: Partial<OrdersMetafield> = {}): OrdersMetafield => ({
    ...{ id: orderId, orderId, namespace: 'app', key: 'point', value, permission_set: 'read' },
    ...rest,
  });
  /** An order as the shop still has it, read with this point. */
  const readWith = async (orderId: number, point: string | null) => {
    const order = aWireOrder({ id: orderId });
    shop.orders.push(order);
    await keptOrder(pool, store, orderId, digestOfOrder(order));
    await pool.query(
      `update lahetti.orders set people_order = jsonb_strip_nulls(jsonb_build_object('pickupPointInMetafield', $3::text))
        where store_id = $1 and order_id = $2`,
      [store.id, orderId, point],
    );
  };

  test('an order with another one than was read is hinted, though the order itself is as it was', async () => {
    await readWith(1, null);
    await readWith(2, '001003230');
    await readWith(3, '001003230');
    shop.metafields = [
      written(1, '001003230'),
      written(2, '001003231'),
      written(3, ' 001003230 '),
      written(3, 'x', { key: 'other' }),
      written(4, '001003230'), // not read yet: its first look reads it
    ];
    expect(await sweep(looks)).toMatchObject({ differing: 0, metafields: 2 });
    expect(await hinted()).toEqual([1, 2]);
  });

  test('they are asked for since the last run that compared them, and since long before where the settings changed', async () => {
    await sweep(looks);
    expect(shop.metafieldsAsked).toMatchObject([
      { namespaces: ['app'], keys: ['point'], modifiedSince: minutesAgo(14 * 24 * 60) },
    ]);
    await pool.query(`update lahetti.runs set started_at = $1`, [minutesAgo(5)]);
    await sweep(looks);
    expect(shop.metafieldsAsked.at(-1)).toMatchObject({ modifiedSince: minutesAgo(15) });

    await pool.query(
      `insert into lahetti.store_settings (store_id, version, settings, who, at) values ($1, 1, '{}', 'test', $2)`,
      [store.id, new Date()],
    );
    await sweep(looks);
    expect(shop.metafieldsAsked.at(-1)).toMatchObject({ modifiedSince: minutesAgo(14 * 24 * 60) });
  });

  test('a shop that minds no filter is not read without end', async () => {
    shop.metafields = Array.from({ length: 250 }, (_, i) => written(i + 1, '001003230'));
    expect(await sweep(looks)).toMatchObject({ metafields: 0 });
    expect(shop.metafieldsAsked).toHaveLength(40);
  });

  test('a sweep asks the shop for no metafields where the settings use none', async () => {
    expect(await sweep()).not.toHaveProperty('metafields');
    expect(shop.metafieldsAsked).toEqual([]);
  });
});

function sweep(chosen: Partial<Settings> = {}): Promise<SweepCounts> {
  const { sweepOrders } = createSweepActivities({
    pool,
    clock: { now: () => now },
    log,
    speed: 1,
    health: createSystemHealth({ pool, log, speed: 1 }),
    stores: {
      get: () => Promise.resolve({ ...store, unitsReadAt: now }),
      keepUnits: () => Promise.resolve(store),
      connection: (storeHash) => Promise.resolve({ storeHash, accessToken: 'token' }),
      settings: () => Promise.resolve({ settings: { ...defaultSettings(), ...chosen }, version: 1 }),
    },
    bigcommerce: {
      getStore: () => Promise.reject(new Error('The units are fresh.')),
      listMetafieldsOfOrders: (_store, query) => {
        shop.metafieldsAsked.push(query);
        return Promise.resolve({ fields: shop.metafields, full: shop.metafields.length >= query.limit });
      },
      listOrders: (_store, query) => {
        shop.asked.push(query);
        return Promise.resolve().then(() => {
          shop.beforeAnswer(query);
          return { orders: answerOf(shop.orders, query), unreadable: shop.unreadable };
        });
      },
    },
  });
  return new MockActivityEnvironment().run(sweepOrders, { storeHash: store.storeHash });
}

function answerOf(orders: readonly WireOrder[], { minDateModified, page, limit }: OrderQuery): WireOrder[] {
  return orders
    .filter(({ order }) => !minDateModified || timeOf(order) >= minDateModified.getTime())
    .sort((a, b) => timeOf(a.order) - timeOf(b.order) || a.order.id - b.order.id)
    .slice((page - 1) * limit, page * limit);
}

const timeOf = (order: WireOrder['order']): number => order.date_modified?.getTime() ?? 0;

async function hinted(): Promise<number[]> {
  const { rows } = await pool.query<{ order_id: number }>(
    `select order_id from lahetti.inbox where source = 'sweep' order by id`,
  );
  return rows.map((row) => row.order_id);
}

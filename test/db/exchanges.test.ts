import { beforeAll, beforeEach, expect, test } from 'vitest';
import { createPool } from '../../src/db/pool.ts';
import type { Exchange } from '../../src/exchanges/exchange.ts';
import { createExchangeLog } from '../../src/exchanges/log.ts';
import { redactExchange } from '../../src/exchanges/redact.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { eventually } from '../support/wait.ts';

let db: TestDatabase;
const log = { warn: () => {} };

beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  await db.pool.query('truncate lahetti.exchanges');
});

const anExchange = (given: Partial<Exchange> = {}): Exchange => ({
  system: 'bigcommerce',
  account: 'kauppa1',
  at: new Date(),
  method: 'GET',
  path: '/v2/orders/7',
  purpose: 'read order',
  status: 200,
  durationMs: 12.6,
  errorCode: null,
  requestId: null,
  request: null,
  response: { id: 7 },
  about: { orderId: 7 },
  ...given,
});
const rows = async () => (await db.pool.query('select * from lahetti.exchanges order by id')).rows as unknown[];

test('exchanges are written down shortly after, without anybody waiting for it', async () => {
  const { sink } = createExchangeLog({ pool: db.pool, log, batchMs: 10 });
  sink(anExchange());
  sink(anExchange({ system: 'posti', account: '3', about: { storeHash: 'kauppa2', orderId: 8, shipment: 1 } }));
  await eventually(async () => (await rows()).length === 2);
  expect(await rows()).toMatchObject([
    { store_hash: 'kauppa1', order_id: 7, shipment_n: null, duration_ms: 13, request: null, response: { id: 7 } },
    { system: 'posti', store_hash: 'kauppa2', order_id: 8, shipment_n: 1 },
  ]);
});

test('what waits is written before the process ends', async () => {
  const { sink, flush, dropped } = createExchangeLog({ pool: db.pool, log, batchMs: 60_000 });
  for (let i = 0; i < 250; i++) sink(anExchange());
  await flush();
  expect(await rows()).toHaveLength(250);
  expect(dropped()).toBe(0);
});

test('an answer with characters that PostgreSQL cannot hold is written all the same', async () => {
  const { sink, flush, dropped } = createExchangeLog({ pool: db.pool, log });
  sink(anExchange({ response: { words: 'nul \u0000, half \ud83d, whole 😀' } }));
  await flush();
  expect(dropped()).toBe(0);
  expect(await rows()).toMatchObject([{ response: { words: 'nul , half \uFFFD, whole 😀' } }]);
});

test('one row that cannot be written does not take the others with it', async () => {
  const { sink, flush, dropped } = createExchangeLog({ pool: db.pool, log });
  sink(anExchange());
  sink(anExchange({ status: 2 ** 40 }));
  sink(anExchange());
  await flush();
  expect(await rows()).toHaveLength(2);
  expect(dropped()).toBe(1);
});

test('while the database is away a bounded number waits, the rest is counted, and nothing throws', async () => {
  const nowhere = createPool('postgres://nobody:nothing@127.0.0.1:1/none');
  const { sink, flush, dropped } = createExchangeLog({ pool: nowhere, log, limit: 10, batchSize: 5 });
  for (let i = 0; i < 30; i++) sink(anExchange());
  await flush();
  expect(dropped()).toBe(30);
  await nowhere.end();
});

test('rows hold no people and no tokens', async () => {
  const { sink, flush } = createExchangeLog({ pool: db.pool, log });
  const order = { id: 7, billing_address: { first_name: 'Kanarialintu', email: 'kana@example.com', zip: '90100' } };
  const answer = { access_token: 'canary-token', message: 'Kanarialintu is not a valid name' };
  sink(anExchange({ ...redactExchange(order, answer) }));
  await flush();
  const text = JSON.stringify(await rows());
  expect(text).not.toMatch(/Kanarialintu|kana@example|canary-token|90100/);
  expect(text).toContain('is not a valid name');
});

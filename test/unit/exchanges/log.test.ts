import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Pool } from '../../../src/db/pool.ts';
import type { Exchange } from '../../../src/exchanges/exchange.ts';
import { createExchangeLog } from '../../../src/exchanges/log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const anExchange: Exchange = {
  ...{ system: 'posti', account: '3', at: new Date(0), method: 'POST', path: '/', purpose: 'book shipment' },
  ...{ status: 200, durationMs: 1, errorCode: null, requestId: null, request: null, response: null, about: {} },
};

/** A database that answers as told, and how many rows each statement had. */
function aDatabase(answer: () => Promise<unknown>) {
  const rows: number[] = [];
  const query = (_sql: string, [json]: [string]) => {
    rows.push((JSON.parse(json) as unknown[]).length);
    return answer();
  };
  return { rows, pool: { query } as unknown as Pool };
}
const log = { warn: () => {} };
const away = () => Promise.reject(new Error('connection refused'));
const takes = () => Promise.resolve({ rows: [] });

test('while the database is away no more than the limit waits, and each that is lost is counted', async () => {
  const { pool } = aDatabase(away);
  const it = createExchangeLog({ pool, log, limit: 3, batchMs: 10 });
  for (let i = 0; i < 3; i++) it.sink(anExchange);
  expect(it.dropped()).toBe(0);
  for (let i = 0; i < 2; i++) it.sink(anExchange);
  expect(it.dropped()).toBe(2);
  await it.flush();
  expect(it.dropped()).toBe(5);
});

test('after a failed write the entries are queued again only as far as there is room', async () => {
  let answer: (error: Error) => void = () => {};
  const { pool, rows } = aDatabase(() => new Promise((_resolve, reject) => (answer = reject)));
  const it = createExchangeLog({ pool, log, limit: 3, batchSize: 3 });
  for (let i = 0; i < 3; i++) it.sink(anExchange);
  for (let i = 0; i < 2; i++) it.sink(anExchange);
  answer(new Error('connection lost'));
  await vi.advanceTimersByTimeAsync(0);
  expect([rows, it.dropped()]).toEqual([[3], 2]);
});

test('after a failure the log waits a second at least before it writes to the database again', async () => {
  let isAway = true;
  const { pool, rows } = aDatabase(() => (isAway ? away() : takes()));
  const it = createExchangeLog({ pool, log, batchMs: 10 });
  it.sink(anExchange);
  await vi.advanceTimersByTimeAsync(10);
  expect(rows).toEqual([1]);
  isAway = false;
  await vi.advanceTimersByTimeAsync(999);
  expect(rows).toEqual([1]);
  await vi.advanceTimersByTimeAsync(1);
  expect(rows).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([rows, it.dropped()]).toEqual([[1, 1], 0]);
});

test('a full batch is written at once, one that is not waits to be filled', async () => {
  const { pool, rows } = aDatabase(takes);
  const it = createExchangeLog({ pool, log, batchSize: 2, batchMs: 200 });
  for (let i = 0; i < 2; i++) it.sink(anExchange);
  await vi.advanceTimersByTimeAsync(0);
  expect(rows).toEqual([2]);
  it.sink(anExchange);
  await vi.advanceTimersByTimeAsync(199);
  expect(rows).toEqual([2]);
  await vi.advanceTimersByTimeAsync(1);
  expect(rows).toEqual([2, 1]);
});

import { beforeAll, beforeEach, expect, test } from 'vitest';
import { inTransaction, type Db, type Pool } from '../../src/db/pool.ts';
import {
  endRun,
  forgetRuns,
  listRuns,
  saveProgress,
  startRun,
  watermarkOf,
  type RunSubject,
} from '../../src/stores/runs.sql.ts';
import { testDatabase } from '../support/postgres.ts';
import { aStore } from './inbox-rows.ts';

const dayMs = 24 * 3_600_000;
const kept = 90 * dayMs;

let pool: Pool;
let sweep: RunSubject;

beforeAll(async () => {
  ({ pool } = await testDatabase());
});
beforeEach(async () => {
  await pool.query('truncate lahetti.stores, lahetti.runs cascade');
  sweep = { storeId: (await aStore(pool)).id, kind: 'sweep' };
});

/** One that began and ended so many days ago. */
async function ran(of: RunSubject, daysAgo: number, how: { watermark?: Date; failure?: string } = {}): Promise<number> {
  const id = await startRun(pool, of);
  await saveProgress(pool, id, {}, how.watermark ?? null);
  await endRun(pool, id, {}, how.failure ?? null);
  const at = new Date(Date.now() - daysAgo * dayMs);
  await pool.query(`update lahetti.runs set started_at = $2, ended_at = $2 where id = $1`, [id, at]);
  return id;
}

const left = async (): Promise<number[]> => (await listRuns(pool, { limit: 50 })).map(({ id }) => id);
/** Of the table of runs, by this connection. */
async function rowsRead(tx: Db): Promise<number> {
  const { rows } = await tx.query<{ read: number }>(
    `select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as read
       from pg_stat_xact_user_tables where relname = 'runs'`,
  );
  return rows[0]!.read;
}

const march = (day: number) => new Date(Date.UTC(2026, 2, day));

test('runs are forgotten after 90 days, of each store and of none', async () => {
  const other: RunSubject = { storeId: (await aStore(pool)).id, kind: 'sweep' };
  const watchman: RunSubject = { storeId: null, kind: 'watchman' };
  const young: number[] = [];
  for (const of of [sweep, other, watchman]) {
    await ran(of, 200);
    await ran(of, 91, { failure: 'The shop did not answer.' });
    young.push(await ran(of, 89), await ran(of, 1));
  }
  await forgetRuns(pool, kept);
  expect((await left()).sort((a, b) => a - b)).toEqual(young);
});

test('the last that ended well stays: a store that was paused for months goes on from where it was', async () => {
  await ran(sweep, 202, { watermark: march(1) });
  const last = await ran(sweep, 201, { watermark: march(2) });
  const failed = await ran(sweep, 200, { failure: 'The shop did not answer.' });
  await forgetRuns(pool, kept);
  expect(await left()).toEqual([failed, last]);
  expect(await watermarkOf(pool, sweep)).toEqual(march(2));
});

test('the last that ended well stays for what has no mark of how far it came, though one that failed came after', async () => {
  const watch: RunSubject = { storeId: null, kind: 'watch' };
  await ran(watch, 202);
  const last = await ran(watch, 201);
  const failed = await ran(watch, 200, { failure: 'The database did not answer.' });
  await forgetRuns(pool, kept);
  expect(await left()).toEqual([failed, last]);
});

test('how far a store has come is never forgotten, whichever run came so far', async () => {
  await ran(sweep, 200, { watermark: march(20) });
  await ran(sweep, 1, { watermark: march(10) });
  await forgetRuns(pool, kept);
  expect(await watermarkOf(pool, sweep)).toEqual(march(20));
});

test('a run that a dead process left open is called interrupted by the next of its kind and store, and by no other', async () => {
  const open = await startRun(pool, sweep);
  await startRun(pool, { ...sweep, kind: 'hooks' });
  await startRun(pool, { storeId: null, kind: 'watchman' });
  const failureOf = async (id: number) => (await listRuns(pool, { limit: 50 })).find((run) => run.id === id)!.failure;
  expect(await failureOf(open)).toBeNull();
  await startRun(pool, sweep);
  expect(await failureOf(open)).toBe('interrupted');

  const watch: RunSubject = { storeId: null, kind: 'watch' };
  const ofNoStore = await startRun(pool, watch);
  await startRun(pool, watch);
  expect(await failureOf(ofNoStore)).toBe('interrupted');
});

test('a run begins without reading those that were before it', async () => {
  await pool.query(
    `insert into lahetti.runs (store_id, kind, started_at, ended_at, watermark)
     select $1, 'sweep', now() - n * interval '1 minute', now(), now() - n * interval '1 minute'
       from generate_series(1, 5000) n`,
    [sweep.storeId],
  );
  await pool.query('analyze lahetti.runs');
  const read = await inTransaction(pool, async (tx) => {
    const before = await rowsRead(tx);
    await startRun(tx, sweep);
    await watermarkOf(tx, sweep);
    return (await rowsRead(tx)) - before;
  });
  expect(read).toBeLessThan(10);
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
import { createPool, inTransaction, type Pool } from '../../src/db/pool.ts';
import { one } from '../../src/db/rows.ts';
import { emptyDatabase, testDatabase } from '../support/postgres.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lahetti-migrations-'));
});
afterEach(() => rm(folder, { recursive: true }));

const write = (file: string, sql: string) => writeFile(join(folder, file), sql);
const appliedNames = async (pool: Pool) =>
  (await pool.query<{ name: string }>('select name from lahetti.migrations order by number')).rows.map((r) => r.name);

describe('migrations', () => {
  test('migrations are applied in the order of their numbers, each once', async () => {
    const { pool } = await emptyDatabase();
    await write('0002-second.sql', 'insert into lahetti.things values (2)');
    await write('0001-first.sql', 'create table lahetti.things (id int primary key)');

    expect(await migrate(pool, { folder })).toEqual(['0001-first', '0002-second']);
    expect(await migrate(pool, { folder })).toEqual([]);
    await write('0003-third.sql', 'insert into lahetti.things values (3)');
    expect(await migrate(pool, { folder })).toEqual(['0003-third']);
    expect(await appliedNames(pool)).toEqual(['0001-first', '0002-second', '0003-third']);
  });

  test('migrations of several processes that start at once are applied by one', async () => {
    const { url } = await emptyDatabase();
    await write('0001-first.sql', 'create table lahetti.things (id int); select pg_sleep(0.2)');
    const pools = Array.from({ length: 4 }, () => createPool(url, { max: 1 }));

    const applied = await Promise.all(pools.map((pool) => migrate(pool, { folder })));
    await Promise.all(pools.map((pool) => pool.end()));

    expect(applied.flat()).toEqual(['0001-first']);
  });

  test('migrations that were changed after they had been applied are refused by name', async () => {
    const { pool } = await emptyDatabase();
    await write('0001-first.sql', 'create table lahetti.things (id int)');
    await migrate(pool, { folder });

    await write('0001-first.sql', 'create table lahetti.things (id bigint)');
    await write('0002-second.sql', 'create table lahetti.others (id int)');
    await expect(migrate(pool, { folder })).rejects.toThrow('0001-first was changed');
    expect(await appliedNames(pool)).toEqual(['0001-first']);
  });

  test('migrations with other line ends are the same', async () => {
    const { pool } = await emptyDatabase();
    await write('0001-first.sql', 'create table lahetti.things (\n  id int\n)');
    await migrate(pool, { folder });
    await write('0001-first.sql', 'create table lahetti.things (\r\n  id int\r\n)');
    expect(await migrate(pool, { folder })).toEqual([]);
  });

  test('migrations that fail leave nothing of themselves, and the ones before them applied', async () => {
    const { pool } = await emptyDatabase();
    await write('0001-first.sql', 'create table lahetti.things (id int)');
    await write('0002-broken.sql', 'create table lahetti.others (id int); select nonsense');
    await expect(migrate(pool, { folder })).rejects.toThrow(/0002-broken failed: .*nonsense/);
    expect(await appliedNames(pool)).toEqual(['0001-first']);
    expect((await pool.query("select to_regclass('lahetti.others') as t")).rows).toEqual([{ t: null }]);
  });

  test.each([
    ['a number used twice', ['0001-a.sql', '0001-b.sql'], 'same number'],
    ['a name that does not fit', ['1-a.sql'], 'not a migration'],
  ])('migrations with %s are refused', async (_, files, message) => {
    const { pool } = await emptyDatabase();
    for (const file of files) await write(file, 'select 1');
    await expect(migrate(pool, { folder })).rejects.toThrow(message);
  });

  test('migrations numbered before an applied one are refused', async () => {
    const { pool } = await emptyDatabase();
    await write('0002-second.sql', 'select 2');
    await migrate(pool, { folder });
    await write('0001-late.sql', 'select 1');
    await expect(migrate(pool, { folder })).rejects.toThrow('0001-late comes before number 2');
  });

  test('migrations newer than the program do not stop it, so that old and new run side by side', async () => {
    const { pool } = await emptyDatabase();
    await write('0001-first.sql', 'select 1');
    await write('0002-second.sql', 'select 2');
    await migrate(pool, { folder });
    await rm(join(folder, '0002-second.sql'));
    expect(await migrate(pool, { folder })).toEqual([]);
  });
});

describe('a transaction', () => {
  test('a transaction that throws leaves nothing, and its connection is good for the next', async () => {
    const { url } = await testDatabase();
    const pool = createPool(url, { max: 1 });
    await pool.query('create table public.things (id bigint)');
    const failing = inTransaction(pool, async (tx) => {
      await tx.query('insert into public.things values (1)');
      throw new Error('second thoughts');
    });
    await expect(failing).rejects.toThrow('second thoughts');
    const { rows } = await pool.query<{ n: number }>('select count(*) as n from public.things');
    expect(one(rows).n).toBe(0);
    await pool.end();
  });
});

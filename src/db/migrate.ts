import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { took } from '../took.ts';
import { transactionOn, type Db, type Pool } from './pool.ts';

/** Any number will do, as long as it is only ever used for this. */
const MIGRATION_LOCK = 0x1a4e771;

export interface Migration {
  number: number;
  /** The file's name without `.sql`, e.g. `0001-stores`. */
  name: string;
  sql: string;
  /** SHA-256 of the text, line ends made equal, so that a checkout on Windows has the same one. */
  checksum: string;
}

export interface MigrateOptions {
  /** Where the numbered `.sql` files lie. Default: `migrations/` beside this file. */
  folder?: string;
  log?: Pick<Logger, 'info' | 'warn'>;
}

/**
 * Brings the database to the newest schema and gives back the names of what it applied. Forward only; each migration in
 * its own transaction; several processes may call it at once, one works and the others wait.
 *
 * Throws before anything is applied when history and files disagree: an applied migration was edited or removed, or a
 * new one is numbered before an applied one.
 */
export async function migrate(pool: Pool, options: MigrateOptions = {}): Promise<string[]> {
  const migrations = await readMigrations(options.folder ?? fileURLToPath(new URL('migrations', import.meta.url)));

  const client = await pool.connect();
  try {
    await client.query('set statement_timeout = 0');
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const missing = pending(migrations, await readHistory(client), options.log);
    for (const migration of missing) {
      const began = performance.now();
      await transactionOn(client, () => apply(client, migration));
      options.log?.info({ migration: migration.name }, `migration ${migration.name} applied (${took(began)})`);
    }
    return missing.map((migration) => migration.name);
  } finally {
    client.release(true); // closing the connection gives back the lock, whatever happened
  }
}

/** Reads `NNNN-name.sql` files in the order of their numbers. Throws on another name and on a number used twice. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const migrations = await Promise.all(files.map((file) => readMigration(folder, file)));
  for (const [i, migration] of migrations.entries()) {
    const before = migrations[i - 1];
    if (before?.number === migration.number) {
      throw new Error(`The migrations ${before.name} and ${migration.name} have the same number.`);
    }
  }
  return migrations;
}

async function readMigration(folder: string, file: string): Promise<Migration> {
  const match = /^(\d{4})-[a-z0-9-]+\.sql$/.exec(file);
  if (!match) throw new Error(`${join(folder, file)} is not a migration's name: it should read NNNN-what-it-does.sql.`);
  const sql = (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n');
  return {
    number: Number(match[1]),
    name: file.slice(0, -'.sql'.length),
    sql,
    checksum: createHash('sha256').update(sql).digest('hex'),
  };
}

type Applied = Pick<Migration, 'number' | 'name' | 'checksum'>;

async function readHistory(db: Db): Promise<Applied[]> {
  await db.query('create schema if not exists lahetti');
  await db.query(
    `create table if not exists lahetti.migrations (
       number integer primary key,
       name text not null,
       checksum text not null,
       applied_at timestamptz not null default now()
     )`,
  );
  const { rows } = await db.query<Applied>('select number, name, checksum from lahetti.migrations order by number');
  return rows;
}

function pending(migrations: Migration[], history: Applied[], log: MigrateOptions['log']): Migration[] {
  const files = new Map(migrations.map((migration) => [migration.number, migration]));
  const newestFile = migrations.at(-1)?.number ?? 0;
  const newestApplied = history.at(-1)?.number ?? 0;

  for (const applied of history) {
    const file = files.get(applied.number);
    if (file && file.checksum !== applied.checksum) {
      throw new Error(
        `Migration ${file.name} was changed after it had been applied. Undo the change and write a new migration.`,
      );
    }
    if (!file && applied.number <= newestFile) {
      throw new Error(`Migration ${applied.name} was applied to this database, but its file is gone. Restore it.`);
    }
  }
  if (newestApplied > newestFile) {
    // A rolling deployment: the new version has migrated, the old one still runs. It may.
    log?.warn({ newestApplied, newestFile }, 'the database is newer than this program');
  }

  const applied = new Set(history.map(({ number }) => number));
  const missing = migrations.filter(({ number }) => !applied.has(number));
  const late = missing.find(({ number }) => number < newestApplied);
  if (late) {
    throw new Error(
      `Migration ${late.name} comes before number ${newestApplied}, which is applied already. Give it a new number.`,
    );
  }
  return missing;
}

async function apply(tx: Db, migration: Migration): Promise<void> {
  try {
    // eslint-disable-next-line lahetti/constant-sql -- the text of a file that came with this program
    await tx.query(migration.sql);
  } catch (cause) {
    throw new Error(`Migration ${migration.name} failed: ${(cause as Error).message}`, { cause });
  }
  await tx.query('insert into lahetti.migrations (number, name, checksum) values ($1, $2, $3)', [
    migration.number,
    migration.name,
    migration.checksum,
  ]);
}

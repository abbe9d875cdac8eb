import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import { createPool, type Pool } from '../../src/db/pool.ts';
import { afterFile } from './after-file.ts';

export interface TestDatabase {
  url: string;
  pool: Pool;
}

/**
 * A database of the calling file's own, with today's schema and no rows. Call it once, in a `beforeAll` or at the top of a
 * test file; it is dropped after the file's last test.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const { drop, ...database } = await cloneOf(new URL(inject('postgresTemplateUrl')).pathname.slice(1));
  afterFile(drop);
  return database;
}

/** A database without our schema, for the test that calls it. Dropped when that test has finished. */
export async function emptyDatabase(): Promise<TestDatabase> {
  const { drop, ...database } = await cloneOf('template1');
  onTestFinished(drop);
  return database;
}

async function cloneOf(template: string): Promise<TestDatabase & { drop: () => Promise<void> }> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  const url = new URL(inject('postgresTemplateUrl'));
  url.pathname = `/${name}`;

  await onServer(`create database ${name} template ${template}`);
  const pool = createPool(url.href, { applicationName: name });
  const drop = async () => {
    await pool.end();
    // With force: what a test left connected is not worth an error here.
    await onServer(`drop database ${name} with (force)`);
  };
  return { url: url.href, pool, drop };
}

/** From the database `postgres`, since nobody may be connected to a template that is cloned. */
async function onServer(statement: string): Promise<void> {
  const url = new URL(inject('postgresTemplateUrl'));
  url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

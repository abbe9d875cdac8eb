import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import pino from 'pino';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../../src/embedded/embedded-postgres.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createPool } from '../../src/db/pool.ts';
import { startEmbeddedTemporal } from '../../src/embedded/embedded-temporal.ts';
import { prepareNamespace } from '../../src/temporal/namespace.ts';
import { searchAttributes } from '../../workflows/contract.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A database of the test server with the schema of today and no rows, to be cloned. See test/support/postgres.ts */
    postgresTemplateUrl: string;
    /** host:port of the test server. See test/support/temporal.ts */
    temporalAddress: string;
  }
}

/** Starts one PostgreSQL and one Temporal dev server for the run, and leaves nothing behind. */
export default async function setup(project: Pick<TestProject, 'provide'>): Promise<() => Promise<void>> {
  const stateDir = await mkdtemp(join(tmpdir(), 'lahetti-test-'));
  const log = pino({ level: 'warn' });

  const [postgres, temporal] = await Promise.all([
    startEmbeddedPostgres({
      stateDir,
      log,
      // Nothing here has to survive a power cut.
      settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
    }),
    startEmbeddedTemporal({ stateDir, log, env: process.env, inMemory: true }),
  ]);

  const pool = createPool(postgres.url);
  if (existsSync(new URL('../../src/db/migrations', import.meta.url))) await migrate(pool);
  await pool.end();

  const connection = await Connection.connect({ address: temporal.address });
  await prepareNamespace(connection, {
    namespace: 'default',
    searchAttributes: Object.fromEntries(Object.values(searchAttributes).map(({ name }) => [name, 'Keyword'] as const)),
    embedded: true,
    retentionDays: 1,
  });
  await connection.close();

  project.provide('postgresTemplateUrl', postgres.url);
  project.provide('temporalAddress', temporal.address);

  return async () => {
    await Promise.all([postgres.stop(), temporal.stop()]);
    await rm(stateDir, { recursive: true, force: true });
  };
}

import type { Config } from '../config.ts';
import { startEmbeddedPostgres } from '../db/embedded-postgres.ts';
import { migrate } from '../db/migrate.ts';
import { createPool, type Pool } from '../db/pool.ts';
import type { Logger } from '../log.ts';

export interface Ground {
  readonly config: Config;
  readonly pool: Pool;
  readonly databaseUrl: string;
  readonly close: () => Promise<void>;
}

/** The database that everything stands on: embedded where no other is configured, with its schema up to date. */
export async function openGround(config: Config, log: Logger): Promise<Ground> {
  const { url, pool: max, embeddedPort } = config.database;
  const embedded =
    url === null
      ? await startEmbeddedPostgres({ stateDir: config.stateDir, ...(embeddedPort ? { port: embeddedPort } : {}), log })
      : null;
  const databaseUrl = url ?? embedded!.url;
  const pool = createPool(databaseUrl, { max, applicationName: 'lahetti', log });
  const close = async () => {
    await pool.end();
    await embedded?.stop();
  };
  try {
    await migrate(pool, { log });
  } catch (error) {
    await close();
    throw error;
  }
  return { config, pool, databaseUrl, close };
}

import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.ts';
import { migrate } from '../db/migrate.ts';
import { createPool, type Pool } from '../db/pool.ts';
import { AppError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { runningEmbedded } from './reached-engine.ts';
import { databaseTrouble } from './trouble.ts';
import { untilReached, type Patience } from './until-reached.ts';

export interface Ground {
  readonly config: Config;
  readonly pool: Pool;
  readonly databaseUrl: string;
  readonly close: () => Promise<void>;
}

/** How a process looks after what it stands on. */
export interface EngineCare {
  /** Waits for a database or engine of somebody else's while it does not answer. */
  readonly patience?: Patience | undefined;
  /** How often it is looked whether an embedded engine still runs; null: one that has died is left to somebody else. */
  readonly restartEveryMs?: number | null | undefined;
  /** False: an embedded database that does not run is not started, for somebody who asks how the system is. */
  readonly startsDatabase?: boolean | undefined;
}

/** A system without its database can do nothing: it is back within seconds. */
export const restartEngineEveryMs = 1_000;

/**
 * The database that everything stands on: embedded where no other is configured, with its schema up to date. With patience
 * it is waited for while it does not answer.
 *
 * @throws NotReached with patience; else what the driver throws
 */
export async function openGround(
  config: Config,
  log: Logger,
  { patience, restartEveryMs = restartEngineEveryMs, startsDatabase = true }: EngineCare = {},
): Promise<Ground> {
  const { url, pool: max, embeddedPort } = config.database;
  if (url === null && !startsDatabase && runningEmbedded(config.stateDir, 'postgres') === undefined) {
    const engine = config.temporal.address === null ? runningEmbedded(config.stateDir, 'temporal') : undefined;
    throw notRunning(resolve(config.stateDir), engine === undefined && config.temporal.address === null);
  }
  const embedded =
    url === null
      ? await startEmbeddedPostgres({
          ...{ stateDir: config.stateDir, log },
          ...(embeddedPort ? { port: embeddedPort } : {}),
          ...(restartEveryMs === null ? {} : { restartEveryMs }),
        })
      : null;
  const databaseUrl = url ?? embedded!.url;
  const pool = createPool(databaseUrl, { max, applicationName: 'lahetti', log });
  const close = async () => {
    await pool.end();
    await embedded?.stop();
  };
  try {
    const prepare = () => migrate(pool, { log });
    await (patience ? untilReached(prepare, databaseTrouble(databaseUrl), patience) : prepare());
  } catch (error) {
    await close();
    throw error;
  }
  return { config, pool, databaseUrl, close };
}

function notRunning(stateDir: string, norEngine: boolean): AppError {
  const also = norEngine ? ', and neither does its Temporal' : '';
  return new AppError(`The embedded PostgreSQL of ${stateDir} does not run${also}: it was stopped, or has died.`, {
    ...{ kind: 'retryable', code: 'database_away' },
    advice:
      'Start the system (npm start). Where it runs, it starts the database again within seconds: see its log, and postgres.log in that folder.',
  });
}

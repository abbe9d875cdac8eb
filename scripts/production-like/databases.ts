import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/embedded/embedded-postgres.ts';
import type { EngineLog } from '../../src/embedded/embedded-process.ts';

export interface Databases {
  /** Of the application, whose role owns it and is nothing more. */
  readonly applicationUrl: string;
  readonly port: number;
  /** Holds `temporal_database_password`, as /run/secrets does in a container. */
  readonly secretsFolder: string;
  stop(): Promise<void>;
}

/** One PostgreSQL with the roles and databases that deploy/compose/make-databases.sh makes. */
export async function startDatabases(stateDir: string, log: EngineLog): Promise<Databases> {
  const postgres = await startEmbeddedPostgres({ stateDir, log });
  const secretsFolder = join(stateDir, 'secrets');
  mkdirSync(secretsFolder, { recursive: true, mode: 0o700 });
  const server = new pg.Client({ connectionString: postgres.url });
  await server.connect();
  try {
    // The embedded server's own user is called lahetti, and may do everything: ours here may not.
    const password = kept(secretsFolder, 'application_database_password');
    await makeOwner(server, 'application', password, ['application']);
    await makeOwner(server, 'temporal', kept(secretsFolder, 'temporal_database_password'), [
      'temporal',
      'temporal_visibility',
    ]);
    const url = new URL(postgres.url);
    return {
      applicationUrl: `postgres://application:${password}@${url.host}/application`,
      port: Number(url.port),
      secretsFolder,
      stop: () => postgres.stop(),
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  } finally {
    await server.end();
  }
}

async function makeOwner(server: pg.Client, owner: string, password: string, databases: string[]): Promise<void> {
  const { rowCount } = await server.query('select from pg_roles where rolname = $1', [owner]);
  if (rowCount === 0) await server.query(`create role ${owner} login password '${password}'`);
  for (const database of databases) {
    const found = await server.query('select from pg_database where datname = $1', [database]);
    if (found.rowCount === 0) await server.query(`create database ${database} owner ${owner}`);
    await server.query(`revoke connect on database ${database} from public`);
  }
}

/** A secret of letters and digits, made at the first start. */
export function kept(folder: string, name: string, make = () => randomBytes(24).toString('hex')): string {
  const file = join(folder, name);
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

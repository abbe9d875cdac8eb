import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { chown, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { shareEngine, type EngineLog } from './embedded-process.ts';
import { freePorts } from './free-port.ts';
import { isZombie } from './process-identity.ts';
import { openStateDir } from './state-dir.ts';
import { accountForPostgres, reachableHome, type PostgresAccount, type PostgresHome } from './postgres-account.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';

export interface EmbeddedPostgresOptions {
  /** Data, log, password and the record of the running server lie here. Made if missing. */
  stateDir: string;
  /** Default: that of the last start, or a free one. Without effect where a server runs already. */
  port?: number;
  /** Milliseconds between two looks whether the server still runs; it is started again where not. Left out: never. */
  restartEveryMs?: number;
  /** More settings of postgresql.conf, by name. */
  settings?: Record<string, string>;
  log: EngineLog;
}

export interface EmbeddedPostgres {
  /** Of the database `lahetti`, with a user who may make databases. */
  url: string;
  owned: boolean;
  stop(): Promise<void>;
}

const USER = 'lahetti';

/**
 * A PostgreSQL of our own below `stateDir`, on 127.0.0.1 only. The first process starts it, others of the same state
 * folder join, the last one to stop() ends it (see shareEngine). The data stay.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const stateDir = openStateDir(options.stateDir);
  const password = keptPassword(join(stateDir, 'postgres.password'));
  const urlOf = (port: number, database: string) => `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;

  const engine = await shareEngine<{ port: number }>({
    name: 'postgres',
    title: 'PostgreSQL',
    portVariables: { port: 'LAHETTI_POSTGRES_PORT' },
    stateDir,
    log: options.log,
    ...(options.restartEveryMs === undefined ? {} : { restartEveryMs: options.restartEveryMs }),
    command: async (kept) => {
      const account = accountForPostgres();
      const { root } = await findPostgresBinaries();
      const home = await reachableHome(
        { dataParent: stateDir, binaries: root },
        account,
        elsewhere(stateDir, password),
      );
      if (!existsSync(dataFolder(home)))
        options.log.info(`setting up a PostgreSQL database in ${dataFolder(home)}, once …`);
      await initialise(home, account, password);
      await clearLockOfTheDead(dataFolder(home));
      const port = options.port ?? kept?.port ?? (await freePorts(1))[0]!;
      const settings = {
        listen_addresses: '127.0.0.1',
        port: String(port),
        unix_socket_directories: '',
        max_connections: '200',
        ...options.settings,
      };
      return {
        file: join(home.binaries, 'bin', 'postgres'),
        args: [
          '-D',
          dataFolder(home),
          ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
        ],
        ports: { port },
        ...(account && { uid: account.uid, gid: account.gid }),
      };
    },
    answers: ({ port }) => prepareDatabase(urlOf(port, 'postgres')),
    readyLimitMs: 60_000, // after a crash it replays its log first
    lockLimitMs: 120_000,
    // Fast shutdown, then immediate (which the next start recovers from).
    stopSignals: [
      { signal: 'SIGINT', waitMs: 30_000 },
      { signal: 'SIGQUIT', waitMs: 5_000 },
    ],
  });

  return { url: urlOf(engine.ports.port, 'lahetti'), owned: engine.owned, stop: () => engine.stop() };
}

/** Where data go that can't lie in the state folder. With the password in its name: a new state folder is a new start. */
const elsewhere = (stateDir: string, password: string) => ({
  folder: '/var/lib/lahetti',
  name: createHash('sha256').update(`${stateDir} ${password}`).digest('hex').slice(0, 12),
});

const dataFolder = (home: PostgresHome) => join(home.dataParent, 'postgres');

/** Makes the data folder, once. Under another name first, so that one left half-made by a kill is never taken for whole. */
async function initialise(home: PostgresHome, account: PostgresAccount | undefined, password: string): Promise<void> {
  const data = dataFolder(home);
  if (existsSync(data)) return;

  const draft = `${data}.new`;
  const passwordFile = `${data}.new.password`;
  await rm(draft, { recursive: true, force: true });
  await rm(passwordFile, { force: true });
  try {
    mkdirSync(draft, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (account) {
      await chown(draft, account.uid, account.gid);
      await chown(passwordFile, account.uid, account.gid);
    }
    // The builtin locale sorts alike on every machine, whatever it has installed.
    await promisify(execFile)(
      join(home.binaries, 'bin', 'initdb'),
      [
        `--pgdata=${draft}`,
        `--username=${USER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
      ],
      account ? { uid: account.uid, gid: account.gid, cwd: draft } : {},
    );
    await rename(draft, data);
  } catch (cause) {
    throw new Error(`The embedded PostgreSQL could not be set up in ${data}: ${(cause as Error).message}`, { cause });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/**
 * A server that was killed leaves its postmaster.pid, which the next one heeds for as long as that number can be signalled.
 * Where nobody reaps the dead at once, as in a container, that may be long after its end: so we wait a while (its children
 * end as soon as they notice), and then remove the file of one that is a zombie for certain.
 */
async function clearLockOfTheDead(data: string, limitMs = 5_000): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const deadline = performance.now() + limitMs;
  for (;;) {
    const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : NaN;
    if (!Number.isInteger(pid) || !isZombie(pid)) return;
    if (performance.now() > deadline) return rm(file, { force: true });
    await delay(50);
  }
}

/** The password, made at the first start. Linked into place, so that of two processes that make one, one prevails. */
function keptPassword(file: string): string {
  if (!existsSync(file)) {
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, randomBytes(24).toString('hex'), { mode: 0o600 });
    try {
      linkSync(draft, file);
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err;
    }
    unlinkSync(draft);
  }
  return readFileSync(file, 'utf8');
}

/** Whether the server lets us in, and then has our database. The password is known to our server only. */
async function prepareDatabase(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query(`select from pg_database where datname = 'lahetti'`);
    if (rowCount === 0) await client.query('create database lahetti');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

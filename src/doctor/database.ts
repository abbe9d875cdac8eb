import type { Db } from '../db/pool.ts';
import { readServer } from './database.sql.ts';
import { findingsOf, type Finding } from './finding.ts';

const found = findingsOf('database', null);

/** Whether the database takes what we write. */
export async function examineDatabase(db: Db): Promise<Finding> {
  try {
    const { version, readOnly } = await readServer(db);
    if (readOnly) {
      return found.wrong(
        'database_read_only',
        'The database takes no changes: it is a standby, or set to read only.',
        'Let DATABASE_URL name the primary server.',
      );
    }
    return found.right(`PostgreSQL ${version} answers and takes changes.`);
  } catch (error) {
    return databaseNotOpened(error);
  }
}

/** Why no connection came about. The message of the driver is not quoted: it may hold the address with its password. */
export function databaseNotOpened(error: unknown): Finding {
  const code = codeOf(error);
  const [name, words, advice] = reasons.find(([pattern]) => pattern.test(code))?.slice(1) as [string, string, string];
  return found.wrong(name, `${words}${code === '' ? '' : ` (${code})`}.`, advice);
}

/** By SQLSTATE or errno. The last one fits all. */
const reasons: readonly (readonly [RegExp, string, string, string])[] = [
  [
    /^28/,
    'database_login_refused',
    'The database does not accept the user or password',
    'Correct them in DATABASE_URL.',
  ],
  [
    /^3D000$/,
    'database_missing',
    'The server has no database of that name',
    'Make it (createdb), or correct the name at the end of DATABASE_URL.',
  ],
  [
    /^42501$/,
    'database_rights_missing',
    'The database user may not do what we need',
    'Let it own the database, or grant it all on the schema lahetti and the right to create it.',
  ],
  [
    /^(ENOTFOUND|EAI_AGAIN)$/,
    'database_host_unknown',
    'The host name of the database is not known',
    'Correct the host in DATABASE_URL, or the name service of this machine.',
  ],
  [
    /^53300$/,
    'database_full',
    'The database has no connection left',
    'Raise its max_connections, or lower DATABASE_POOL: every process opens that many.',
  ],
  [
    /^(ECONN|EHOST|ENET|ETIMEDOUT|57P|08)/,
    'database_away',
    'The database does not answer',
    'Start PostgreSQL, and check host and port in DATABASE_URL and the firewall between.',
  ],
  [/^/, 'database_away', 'The database could not be opened', 'Check DATABASE_URL; the log of PostgreSQL says more.'],
];

function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { cp, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** PostgreSQL refuses to run as root. Then it runs as this user. */
export interface PostgresAccount {
  name: string;
  uid: number;
  gid: number;
}

/** The user to run PostgreSQL as, or undefined for ourselves (whenever we are not root). */
export function accountForPostgres(): PostgresAccount | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  // `nobody` exists on every Unix, so that no user has to be made on somebody's machine for a trial.
  for (const name of ['postgres', '_postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && gid !== undefined && uid > 0) return { name, uid, gid };
  }
  throw new Error('PostgreSQL refuses to run as root, and there is no user "postgres" or "nobody" to run it as.');
}

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  try {
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}

/** Where things lie that PostgreSQL has to reach as the other user. */
export interface PostgresHome {
  /** Holds the data folder. */
  dataParent: string;
  /** The folder of bin/, lib/ and share/. */
  binaries: string;
}

/**
 * Chooses places that `account` can reach. Usually these are the state folder and node_modules; but as root the checkout
 * often lies below /root, which is closed to everybody else, and then data and a copy of the binaries go to `fallback`.
 */
export async function reachableHome(
  wanted: PostgresHome,
  account: PostgresAccount | undefined,
  fallback: { folder: string; name: string },
): Promise<PostgresHome> {
  if (!account) return wanted;
  const home = { ...wanted };

  if (firstClosed(dirname(wanted.dataParent), account)) {
    letAllPass(fallback.folder, account);
    home.dataParent = join(fallback.folder, fallback.name);
  }
  letGroupPass(home.dataParent, account);

  const program = join('bin', 'postgres');
  if (firstClosed(join(wanted.binaries, program), account)) {
    letAllPass(fallback.folder, account);
    home.binaries = await copyOnce(wanted.binaries, fallback.folder);
  }
  const closed = firstClosed(home.dataParent, account) ?? firstClosed(join(home.binaries, program), account);
  if (closed) {
    throw new Error(
      `PostgreSQL runs as the user ${account.name}, who can't get past ${closed}. ` +
        `Open it (chmod a+x ${closed}), run us as a user other than root, or set DATABASE_URL.`,
    );
  }
  return home;
}

/** The outermost part of `path` that the account may not pass (a folder) or run (a program). */
function firstClosed(path: string, account: PostgresAccount): string | undefined {
  const above = dirname(path) === path ? undefined : firstClosed(dirname(path), account);
  return above ?? (mayPass(path, account) ? undefined : path);
}

function mayPass(path: string, { uid, gid }: PostgresAccount): boolean {
  const { mode, uid: owner, gid: group } = statSync(path);
  if (owner === uid) return (mode & 0o100) !== 0;
  if (group === gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}

/** A folder of ours that holds programs, made if missing: others may go through to what they can open, and still can't list it. */
function letAllPass(folder: string, account: PostgresAccount): void {
  mkdirSync(folder, { recursive: true });
  if (!mayPass(folder, account)) chmodSync(folder, (statSync(folder).mode & 0o7777) | 0o011);
}

/** A folder of ours that holds data, made if missing: nobody but the account's group may go through, and can't list it. */
function letGroupPass(folder: string, account: PostgresAccount): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chownSync(folder, statSync(folder).uid, account.gid);
  chmodSync(folder, 0o710);
}

/** `npm ci` makes new files, and so a new copy. */
async function copyOnce(binaries: string, folder: string): Promise<string> {
  const { mtimeMs } = await stat(join(binaries, 'bin'));
  const key = createHash('sha256').update(`${binaries} ${mtimeMs}`).digest('hex').slice(0, 12);
  const target = join(folder, `postgres-${key}`);
  if (await stat(target).catch(() => undefined)) return target;

  const draft = join(folder, `.${basename(target)}.${process.pid}`);
  await cp(binaries, draft, { recursive: true, verbatimSymlinks: true });
  await rename(draft, target).catch(() => rm(draft, { recursive: true })); // another process was first
  return target;
}

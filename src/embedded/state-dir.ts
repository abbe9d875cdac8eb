import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigurationError } from '../config.ts';

/**
 * Makes the state folder if it is missing, and closes it to others, also one that an earlier version left open: orders,
 * labels and the key to the tokens lie in it. Folders are 700 and files 600. Gives its full path.
 *
 * Run by root, PostgreSQL is another user who has to pass through: then its group may, and may not look around
 * (src/embedded/postgres-account.ts).
 *
 * @throws ConfigurationError where the folder is plainly not ours alone: closing it would shut others out
 */
export function openStateDir(stateDir: string): string {
  const path = resolve(stateDir);
  refuseSharedFolder(path);
  mkdirSync(dirname(path), { recursive: true });
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { mode } = statSync(path);
  const passing = process.geteuid?.() === 0 ? mode & 0o010 : 0;
  change(path, mode, 0o700 | passing);
  for (const entry of readdirSync(path, { withFileTypes: true })) closeEntry(join(path, entry.name));
  return path;
}

/** `/tmp`, a folder at the root like `/var`, and a project: the mistakes that a variable for a folder invites. */
function refuseSharedFolder(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return;
  const isSticky = (found.mode & 0o1000) !== 0;
  const isAtRoot = dirname(path) === '/' && readdirSync(path).length > 0 && !existsSync(join(path, 'postgres'));
  const isProject = ['package.json', '.git'].some((name) => existsSync(join(path, name)));
  if (isSticky || path === '/' || isAtRoot || isProject) {
    throw new ConfigurationError([
      `LAHETTI_STATE_DIR names ${path}, which holds more than our state. We close our folder to others: name one of its own, like ${join(path, 'lahetti')}.`,
    ]);
  }
}

/** What is nobody's but ours; a database folder that belongs to another user has its own guard. */
function closeEntry(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (!found || found.uid !== process.geteuid?.()) return;
  if (found.isFile()) change(path, found.mode, found.mode & 0o700 & ~0o100);
  else if (found.isDirectory()) change(path, found.mode, 0o700);
}

function change(path: string, from: number, to: number): void {
  if ((from & 0o777) === to) return;
  try {
    chmodSync(path, to);
  } catch (error) {
    // Gone meanwhile, or on a mounted volume whose owner is somebody else: theirs to close.
    if (!['ENOENT', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** What the demo remembers, and by which its folder is told from one of a system of somebody's own. */
export const demoFile = 'demo.json';

/** Whether the demo has used this folder. */
export const isOfDemo = (stateDir: string): boolean => existsSync(join(stateDir, demoFile));

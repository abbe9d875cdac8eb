import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { EngineLog } from './embedded-process.ts';
import { runForOutput } from './temporal-cli-run.ts';

export interface BuildDeps {
  env: Readonly<Record<string, string | undefined>>;
  log: EngineLog;
  /** Milliseconds between two lines of progress. Default 10 s. */
  progressMs?: number;
}

const MODULE = 'github.com/temporalio/cli/cmd/temporal';
const LIMIT_MS = 20 * 60_000;

/**
 * Builds the Temporal CLI to `target` (whose folder is ours alone) from Go modules: about three minutes on two cores with
 * cold caches (temporal.md 8). Throws if there is no Go, an older one than 1.25, or the build fails.
 */
export async function buildTemporalCli(target: string, version: string, deps: BuildDeps): Promise<void> {
  const { env, log } = deps;
  const said = await runForOutput('go', ['version'], { env, timeoutMs: 15_000 }).catch((err: Error) => {
    throw new Error(/ENOENT/.test(err.message) ? 'Go is not installed' : err.message, { cause: err });
  });
  if (!isNewEnough(said)) throw new Error(`Go 1.25 or newer is needed, and here is ${said.trim()}`);

  const started = performance.now();
  log.info(`building the Temporal CLI ${version} with Go, once for this user; it takes about three minutes`);
  // -v names every package that is compiled; a package that Go's own cache has already is not named.
  const go = spawn('go', ['install', '-v', '-ldflags', '-s -w', `${MODULE}@v${version}`], {
    env: { ...env, GOBIN: dirname(target) },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: LIMIT_MS,
  });
  let downloads = 0;
  let packages = 0;
  const last: string[] = [];
  createInterface(go.stderr).on('line', (line) => {
    if (line.startsWith('go: downloading')) downloads++;
    else if (/^[\w.~/-]+$/.test(line)) packages++;
    last.push(line);
    if (last.length > 5) last.shift();
  });
  const elapsed = () => `${Math.round((performance.now() - started) / 1000)} s`;
  const progress = setInterval(() => {
    log.info(`building the Temporal CLI: ${elapsed()}, ${downloads} modules downloaded, ${packages} packages compiled`);
  }, deps.progressMs ?? 10_000);
  try {
    await new Promise<void>((resolve, reject) => {
      go.once('error', reject);
      go.once('close', (code, signal) => {
        if (code === 0) resolve();
        else reject(new Error(`go install ended with ${signal ?? code}: ${last.join(' | ')}`));
      });
    });
  } finally {
    clearInterval(progress);
  }
  log.info(`the Temporal CLI is built (${elapsed()})`);
}

function isNewEnough(said: string): boolean {
  const [, major, minor] = /\bgo(\d+)\.(\d+)/.exec(said) ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 25);
}

import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { noEnvFile } from '../src/env-file.ts';

/** One of the programs that the demo is made of, while it runs. */
export interface ChildProgram {
  readonly name: string;
  readonly pid: number;
  /** The line by which it said that it is ready. */
  readonly readyLine: string;
  /** Resolves when it has ended, however it did. */
  readonly ended: Promise<void>;
  readonly hasEnded: boolean;
  /** SIGTERM, and SIGKILL where that is not enough. */
  stop(): Promise<void>;
  kill(): Promise<void>;
}

export interface ProgramToStart {
  readonly name: string;
  /** From the project's folder, like `src/main/api.ts`, or compiled: `dist/src/main/api.js`. */
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** All that it says is added to this file. */
  readonly logFile: string;
  /** Whether a line of its standard output says that it is ready. */
  readonly isReady: (line: string) => boolean;
  readonly onPid?: (pid: number) => void;
  /** Aborted where nobody waits for it any more: until it is ready it is killed then. */
  readonly givenUp?: AbortSignal;
}

const projectFolder = fileURLToPath(new URL('..', import.meta.url));
const readyLimitMs = 90_000;
const stopLimitMs = 45_000;

/**
 * Starts a program in a process group of its own, so that a terminal's Ctrl-C reaches the demo alone, which ends its
 * programs in the right order. Gives it back once it is ready.
 * @throws Error that names the log when it ends, a limit passes, or it is given up, before that
 */
export async function startProgram(program: ProgramToStart): Promise<ChildProgram> {
  const { name, logFile } = program;
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 });
  const isSource = program.script.endsWith('.ts');
  const child = spawn(process.execPath, [...(isSource ? ['--import', 'tsx'] : []), program.script], {
    cwd: projectFolder,
    // What a person has set for a system of their own is not for what the demo or a test starts.
    env: { ...program.env, LAHETTI_ENV_FILE: noEnvFile },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  let hasEnded = false;
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      hasEnded = true;
      log.end(() => resolve());
    });
    child.once('error', () => resolve());
  });
  if (child.pid !== undefined) program.onPid?.(child.pid);

  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  const stop = async () => {
    if (hasEnded) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
    await ended;
    clearTimeout(timer);
  };

  const lines = createInterface(child.stdout);
  let onGivenUp = () => {};
  const readyLine = await new Promise<string>((resolve, reject) => {
    const giveUp = (why: string) =>
      reject(new Error(`The ${name} ${why}. What it said is in ${logFile}, last: ${lastWords(logFile)}`));
    onGivenUp = () => giveUp('was given up before it was ready');
    program.givenUp?.addEventListener('abort', onGivenUp);
    const timer = setTimeout(() => giveUp('was not ready in time'), readyLimitMs);
    lines.on('line', (line) => {
      if (!program.isReady(line)) return;
      clearTimeout(timer);
      resolve(line);
    });
    void ended.then(() => {
      clearTimeout(timer);
      giveUp('ended before it was ready');
    });
  })
    .catch(async (error: unknown) => {
      await kill();
      throw error;
    })
    .finally(() => program.givenUp?.removeEventListener('abort', onGivenUp));

  return {
    name,
    pid: child.pid!,
    readyLine,
    ended,
    get hasEnded() {
      return hasEnded;
    },
    stop,
    kill,
  };
}

/** The end of a log: where a folder of its own is removed after a failure, nobody can look into it. */
function lastWords(logFile: string): string {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-5).join('\n') || 'nothing.';
  } catch {
    return 'nothing.';
  }
}

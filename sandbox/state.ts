import { mkdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const QUIET_MS = 50;
const LONGEST_WAIT_MS = 2_000;

/** JSON state that lives in memory and is kept in a file. */
export interface StateFile<T> {
  data: T;
  /** Says that `data` changed; it is written soon after. */
  touch(): void;
  /** Writes what is not written yet. */
  flush(): Promise<void>;
}

/** Opens the state kept in `file`, or starts with `initial()`. Without a file it is kept in memory only. */
export function openState<T>(file: string | undefined, initial: () => T): StateFile<T> {
  if (file === undefined) return { data: initial(), touch: () => {}, flush: () => Promise.resolve() };

  // Made-up people, but also the secrets by which somebody tries the product.
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let dirty = false;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();
  let lastWriteMs = 0;

  const write = async () => {
    if (!dirty) return;
    dirty = false;
    const started = Date.now();
    // A reader, or the next start, sees the old state or the new one, never half of one.
    await writeFile(`${file}.tmp`, JSON.stringify(state.data), { mode: 0o600 });
    await rename(`${file}.tmp`, file);
    lastWriteMs = Date.now() - started;
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(write);
    return writing;
  };
  const state: StateFile<T> = {
    data: read(file) ?? initial(),
    touch: () => {
      dirty = true;
      // The state is written whole: a big one is written less often, so that it doesn't slow down the answers.
      timer ??= setTimeout(
        () => {
          flush().catch((error: unknown) => process.stderr.write(`sandbox: cannot write ${file}: ${String(error)}\n`));
        },
        Math.min(LONGEST_WAIT_MS, Math.max(QUIET_MS, lastWriteMs * 10)),
      );
    },
    flush,
  };
  return state;

  function read(path: string): T | undefined {
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

import { setTimeout as delay } from 'node:timers/promises';
import { lock } from 'proper-lockfile';

export interface LockOptions {
  /** Called once, when another process holds the lock. */
  onWait?: () => void;
  /** Milliseconds after which to give up. */
  limitMs: number;
}

/**
 * Runs `work` while no other process of this machine holds the lock `path` (a folder that exists only meanwhile).
 * The lock of a process that died is taken over after ten seconds without a sign of life.
 */
export async function withProcessLock<T>(path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const release = await acquire(path, options);
  try {
    return await work();
  } finally {
    await release().catch(() => {}); // gone already: somebody removed the folder, which is as good
  }
}

async function acquire(path: string, { onWait, limitMs }: LockOptions): Promise<() => Promise<void>> {
  const deadline = performance.now() + limitMs;
  for (let waited = false; ; waited = true) {
    try {
      return await lock(path, {
        lockfilePath: path,
        realpath: false,
        stale: 10_000,
        update: 2_000,
        // Overslept (a laptop's lid): what the lock guards is checked again by whoever takes it over.
        onCompromised: () => {},
      });
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code !== 'ELOCKED') throw err;
      if (performance.now() > deadline) {
        throw new Error(`Waited ${Math.round(limitMs / 1000)} s for the lock ${path}. Remove it if nothing holds it.`, {
          cause: err,
        });
      }
      if (!waited) onWait?.();
      await delay(150);
    }
  }
}

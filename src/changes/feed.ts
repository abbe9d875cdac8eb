import type { Pool } from '../db/pool.ts';
import { changesAfter, keptChanges, numberChanges, type Change } from './changes.sql.ts';

/**
 * Hands changes on to those who look on in this process. It asks the database while there is anybody, and not otherwise:
 * telling at every commit would make all who write wait for one lock (NOTIFY has one for the whole server).
 */
export interface ChangeFeed {
  /**
   * Follows changes from the one after `after`, or from now on. Nothing is left out and nothing comes twice; where what
   * came after it is not kept any more, `onlooker.missed` is called first.
   */
  follow(onlooker: Onlooker, after: number | null): Follower;
  readonly followers: () => number;
  /** Ends all that are followed. */
  stop(): void;
}

export interface Onlooker {
  /** Resolves when there is room for more. */
  take(changes: readonly Change[]): Promise<void>;
  /** Some were missed: what is shown has to be read anew. Called with the number to go on from. */
  missed(seq: number): void;
  /** Called when nothing more comes. */
  over(): void;
}

export interface Follower {
  stop(): void;
}

export interface ChangeFeedDeps {
  readonly pool: Pool;
  readonly log: { warn(detail: object, words: string): void };
  /** Milliseconds between two looks. Default 500. */
  readonly pollMs?: number;
}

const pageSize = 500;

export function createChangeFeed({ pool, log, pollMs = 500 }: ChangeFeedDeps): ChangeFeed {
  const running = new Set<{ end(): void }>();
  /** How far the numbers had come at the last look; who is there already need not ask. */
  let newest = 0;
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failing = false;
  const woken = new Set<() => void>();

  async function look(): Promise<void> {
    try {
      while ((await numberChanges(pool, 2_000)) === 2_000);
      newest = (await keptChanges(pool)).newest ?? 0;
      failing = false;
    } catch (err) {
      if (!failing) log.warn({ err }, 'changes cannot be read; those who look on wait');
      failing = true;
    }
    for (const wake of woken) wake();
    woken.clear();
  }

  /** One look at a time, and the next one only while somebody follows. */
  function keepLooking(): void {
    looking ??= look().finally(() => {
      looking = undefined;
      if (running.size > 0) timer = setTimeout(keepLooking, pollMs);
    });
  }

  const nextLook = () => new Promise<void>((resolve) => woken.add(resolve));

  return {
    followers: () => running.size,

    follow(onlooker, after) {
      let over = false;
      const follower = {
        end() {
          if (over) return;
          over = true;
          running.delete(follower);
          onlooker.over();
        },
      };
      running.add(follower);

      async function follow(): Promise<void> {
        clearTimeout(timer);
        const seen = nextLook();
        keepLooking();
        await seen;
        let cursor = await startAt(after);
        while (!over) {
          const changes = cursor < newest ? await changesAfter(pool, cursor, pageSize) : [];
          if (changes.length === 0) {
            await nextLook();
            continue;
          }
          cursor = changes.at(-1)!.seq;
          await onlooker.take(changes);
        }
      }

      async function startAt(given: number | null): Promise<number> {
        const kept = await keptChanges(pool);
        const last = kept.newest ?? 0;
        if (given === null) return last;
        // The oldest that is kept may be the next one, or the one itself. Beyond the newest: another database.
        const isKnown = given <= last && given >= (kept.oldest ?? 1) - 1;
        if (isKnown) return given;
        onlooker.missed(last);
        return last;
      }

      follow().catch((err: unknown) => {
        log.warn({ err }, 'somebody who looked on was cut off');
        follower.end();
      });
      return { stop: () => follower.end() };
    },

    stop() {
      clearTimeout(timer);
      for (const follower of [...running]) follower.end();
      for (const wake of woken) wake();
      woken.clear();
    },
  };
}

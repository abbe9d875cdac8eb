import { isAboutTheData } from '../db/is-about-the-data.ts';
import type { Pool } from '../db/pool.ts';
import { insertHint, insertHints, type NewHint } from './inbox.sql.ts';

export interface HintKeeperDeps {
  readonly pool: Pool;
  /** Statements under way at a time. Default 2: one that hangs does not hold up all deliveries. */
  readonly lanes?: number;
  /** Hints in one statement. Default 200. */
  readonly limit?: number;
  /** Hints that may wait; one more is refused at once, so that a database that hangs costs no memory. Default 10,000. */
  readonly waitingLimit?: number;
}

interface Waiting {
  readonly hint: NewHint;
  readonly resolve: (isNew: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Keeps hints, each before its promise resolves, with whether it is new. One that comes alone is committed at once; those
 * that come while statements are under way share the next one, so that a flood of webhooks is few commits and not many.
 * Rejects as the database does, and at once where too many wait; a hint that cannot be kept takes none of the others along.
 */
export function createHintKeeper({
  pool,
  lanes = 2,
  limit = 200,
  waitingLimit = 10_000,
}: HintKeeperDeps): (hint: NewHint) => Promise<boolean> {
  const waiting: Waiting[] = [];
  let underWay = 0;

  function fill(): void {
    while (underWay < lanes && waiting.length > 0) {
      underWay += 1;
      void keep(waiting.splice(0, limit)).finally(() => {
        underWay -= 1;
        fill();
      });
    }
  }

  async function keep(batch: readonly Waiting[]): Promise<void> {
    try {
      const isNew = await insertHints(
        pool,
        batch.map(({ hint }) => hint),
      );
      batch.forEach(({ resolve }, i) => resolve(isNew[i] ?? false));
    } catch (error) {
      if (batch.length === 1 || !isAboutTheData(error)) return batch.forEach(({ reject }) => reject(error));
      for (const { hint, resolve, reject } of batch) await insertHint(pool, hint).then(resolve, reject);
    }
  }

  return (hint) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= waitingLimit) return reject(new Error('Too many hints wait for the database.'));
      waiting.push({ hint, resolve, reject });
      fill();
    });
}

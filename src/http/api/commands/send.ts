import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { OrderRef } from '../../../domain/order-ref.ts';
import type { CommandKind } from '../../../domain/commands.ts';
import { inTransaction, type Db, type Pool } from '../../../db/pool.ts';
import { AppError } from '../../../errors.ts';
import { insertCommands } from '../../../inbox/commands.sql.ts';
import { ProblemError } from '../../problems.ts';
import {
  countOpen,
  readKey,
  saveCommandIds,
  storesOf,
  takeKey,
  viewCommands,
  type AskedOnce,
  type CommandView,
} from './idempotency-keys.sql.ts';
import { unknownOrder } from '../../../orders/view.ts';

export interface Target extends OrderRef {
  /** Shipment number, or null for the whole order. */
  readonly n: number | null;
}

export interface Asking {
  readonly once: AskedOnce;
  readonly kind: CommandKind;
  /** As it came: it is checked, and is read again when it is carried out. */
  readonly body: unknown;
  readonly targets: readonly Target[];
  readonly who: string;
}

export interface Kept {
  /** By target; null where there is no such order. */
  readonly ids: readonly (string | null)[];
  /** The same request was here before: nothing was added. */
  readonly repeated: boolean;
}

/**
 * Keeps commands, once for a key. They are committed before anybody waits for them: a client that goes away loses none.
 *
 * @param wholly nothing is kept unless every order is known; otherwise those that are
 * @throws ProblemError `idempotency_key_reused` (422); AppError `unknown_order`, where `wholly`
 */
export function keepCommands(pool: Pool, asking: Asking, { wholly }: { wholly: boolean }): Promise<Kept> {
  const { once, targets, ...what } = asking;
  return inTransaction(pool, async (tx) => {
    if (!(await takeKey(tx, once))) return { ids: await idsOf(tx, once), repeated: true };
    const stores = await storesOf(tx, targets);
    const planned = targets.map((target, i) => {
      const store = stores[i];
      // To read an order that we have not heard of yet is what reprocessing is for.
      if (store && (store.known || what.kind === 'reprocess')) {
        return { id: randomUUID(), storeId: store.storeId, ...target };
      }
      if (wholly) throw unknownOrder(target);
      return null;
    });
    await insertCommands(tx, { ...what, source: 'api', targets: planned.filter((target) => target !== null) });
    const ids = planned.map((target) => target?.id ?? null);
    await saveCommandIds(tx, once, ids);
    return { ids, repeated: false };
  });
}

async function idsOf(tx: Db, once: AskedOnce): Promise<(string | null)[]> {
  const before = await readKey(tx, once);
  if (!before) {
    throw new AppError('The request with this Idempotency-Key is being dropped; ask with a new key.', {
      kind: 'conflict',
      code: 'idempotency_key_expired',
    });
  }
  if (before.requestHash === once.requestHash) return before.commandIds;
  throw new ProblemError({
    status: 422,
    code: 'idempotency_key_reused',
    detail: 'This Idempotency-Key came with another request before.',
    advice: 'Make a new key for each request, and repeat one only with the request that it was made for.',
  });
}

const firstPauseMs = 15;
const longestPauseMs = 250;

/** Commands by id, as soon as all have their outcome, or as they are when the patience or the client has gone. */
export async function awaitOutcomes(
  db: Db,
  ids: readonly string[],
  { patienceMs, gone }: { patienceMs: number; gone: AbortSignal },
): Promise<Map<string, CommandView>> {
  const deadline = performance.now() + patienceMs;
  let pauseMs = firstPauseMs;
  while ((await countOpen(db, ids)) > 0 && performance.now() < deadline && !gone.aborted) {
    await delay(pauseMs, undefined, { signal: gone }).catch(() => undefined);
    pauseMs = Math.min(longestPauseMs, pauseMs * 1.5);
  }
  return viewCommands(db, ids);
}

import type { OrderRef } from '../domain/order-ref.ts';
import type { Pool } from '../db/pool.ts';
import { AppError } from '../errors.ts';
import { askToErase, type WhoseData } from './asked.sql.ts';
import { eraseOrder, type StillNeeded } from './erasure.sql.ts';

/** What a request came to for one order. What waits is erased by the schedule, as soon as nothing needs it any more. */
export interface AskedFor extends OrderRef {
  readonly outcome: 'erased' | 'waits';
  /** Why it waits; null where it was erased. */
  readonly reason: StillNeeded | 'many_orders' | null;
}

/** Orders that a request erases at once; the rest is the schedule's. */
const atOnce = 200;

/**
 * Erases what is known of the people of an order, or of all orders of an e-mail address, and remembers what has to wait.
 * Safe to repeat. No order of an address is an answer, and no error.
 *
 * @throws AppError `unknown_order`
 */
export async function eraseOnRequest(pool: Pool, whose: WhoseData, who: string): Promise<AskedFor[]> {
  const asked = await askToErase(pool, whose, who);
  if ('order' in whose && asked.length === 0) {
    const { storeHash, orderId } = whose.order;
    throw new AppError(`We have no order ${orderId} of store ${storeHash}.`, {
      kind: 'not_found',
      code: 'unknown_order',
    });
  }
  const outcomes: AskedFor[] = [];
  for (const [i, { id, ...ref }] of asked.entries()) {
    if (i >= atOnce) {
      outcomes.push({ ...ref, outcome: 'waits', reason: 'many_orders' });
      continue;
    }
    const erased = await eraseOrder(pool, { pk: id, who });
    if (erased?.outcome === 'waits') outcomes.push({ ...ref, outcome: 'waits', reason: erased.reason });
    else outcomes.push({ ...ref, outcome: 'erased', reason: null });
  }
  return outcomes;
}

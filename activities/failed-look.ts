import { activityInfo, CancelledFailure } from '@temporalio/activity';
import type { OrderState } from '../src/domain/order-state.ts';
import type { OrderRef } from '../src/domain/order-ref.ts';
import { scopeMissing } from '../src/bigcommerce/errors.ts';
import { inTransaction, type Db } from '../src/db/pool.ts';
import { isAboutTheData } from '../src/db/is-about-the-data.ts';
import { timingsAt } from '../src/temporal/timings.ts';
import { isAppError } from '../src/errors.ts';
import { attentionFor } from '../src/shipments/attention.ts';
import { lockOrder, saveOrderAttention } from '../src/orders/orders.sql.ts';
import { lookAgainAtPlanned } from '../src/shipments/plan.sql.ts';
import { ignoredOrder, settleOrder } from '../src/orders/state.sql.ts';
import { addToTimeline } from '../src/orders/timeline.sql.ts';
import { needPersonForUnread, noteFailedLook, type WhoseFailure } from '../src/orders/unread-orders.sql.ts';
import type { StepDeps } from './deps.ts';

/** So long the engine tries a look that fails for the order alone before a person has to see why. Outages do not count. */
const patienceMs = 15 * 60_000;
/** After that: longer than a run lingers, so that each look is a run that ends. */
const againMs = 20 * 60_000;
/** However fast the clock: the second try may just help. */
const leastPatienceMs = 400;

/**
 * Lists an order whose look failed, with what failed and when it is tried again. Where the failure is the order's own and does
 * not pass, the order needs a person, and the look ends: what was booked of it goes on, and nothing more is booked.
 *
 * @returns the order's state where it needs a person; null where the engine is to try again
 */
export async function afterFailedLook(
  { pool, speed, now }: Pick<StepDeps, 'pool' | 'speed' | 'now'>,
  storeId: number,
  ref: OrderRef,
  error: unknown,
): Promise<OrderState | null> {
  if (error instanceof CancelledFailure) return null;
  const faster = (ms: number, least: number) => Math.max(least, Math.round(ms / speed));
  const whose = whoseFailure(error);
  const look = { storeId, orderId: ref.orderId, ...inOwnWords(error), whose, nextTryMs: nextTryMs(error, speed) };
  return inTransaction(pool, async (tx) => {
    const row = await lockOrder(tx, storeId, ref.orderId);
    const { attention, ownForMs, othersAreRead } = await noteFailedLook(tx, look);
    const isOwn = whose === 'order' || (whose === 'shop' && (othersAreRead || attention !== null));
    const isLong = attention !== null || ownForMs >= faster(patienceMs, leastPatienceMs);
    if (!isOwn || !isLong) return null;
    const needed = attention ?? attentionFor({ code: 'order_unreadable' }, now());
    await needPersonForUnread(tx, look, needed, faster(againMs, 1_000));
    if (!row) return { ...ignoredOrder(ref), phase: 'needs_attention', since: needed.since, attention: needed };
    return stopBooking(tx, ref, row.id, needed, look.failure);
  });
}

/** The order is known, and its plan may be stale by now. */
async function stopBooking(
  tx: Db,
  ref: OrderRef,
  orderPk: number,
  attention: NonNullable<OrderState['attention']>,
  failure: string,
): Promise<OrderState> {
  await lookAgainAtPlanned(tx, orderPk);
  if (await saveOrderAttention(tx, orderPk, attention)) {
    const words = `The order cannot be read any more; nothing of it is booked until it can. ${failure}`;
    await addToTimeline(tx, orderPk, { what: attention.code, words });
  }
  return settleOrder(tx, ref);
}

function whoseFailure(error: unknown): WhoseFailure {
  if (!isAppError(error)) return isOfTheDatabase(error) ? 'everybody' : 'order';
  switch (error.kind) {
    case 'invalid':
    case 'refused':
    case 'not_found':
    case 'conflict':
      return 'order';
    case 'forbidden':
      return error.code === scopeMissing ? 'everybody' : 'order';
    case 'retryable':
      return 'shop';
    case 'throttled':
    case 'credentials':
    case 'outcome_unknown':
    case 'paused':
      return 'everybody';
    default:
      return error.kind satisfies never;
  }
}

/** Our own database said no, and not because of what was to be written. */
function isOfTheDatabase(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && !isAboutTheData(error);
}

/** As the engine's failure has it (src/temporal/failures.ts): nothing about a person. */
function inOwnWords(error: unknown): { code: string; failure: string } {
  if (isAppError(error)) {
    return { code: error.code, failure: error.advice ? `${error.message} ${error.advice}` : error.message };
  }
  const name = error instanceof Error ? error.name : typeof error;
  return { code: 'unexpected', failure: `An unexpected ${name}; the log of the worker has its place.` };
}

/** As the engine waits: what the failure names, else longer each time. */
function nextTryMs(error: unknown, speed: number): number {
  if (isAppError(error) && error.retryAfterMs !== undefined) return error.retryAfterMs;
  const { first, longest } = timingsAt(speed).retry;
  return Math.min(longest, first * 2 ** Math.min(activityInfo().attempt - 1, 20));
}

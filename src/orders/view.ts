import type { OrderWithCommands } from '../domain/order-state.ts';
import type { OrderRef } from '../domain/order-ref.ts';
import { whyNotShipped } from '../domain/why-not-shipped.ts';
import { withCommands } from '../domain/offered-commands.ts';
import type { Db } from '../db/pool.ts';
import type { Engine } from '../temporal/client.ts';
import type { PendingStep } from '../temporal/pending-steps.ts';
import { AppError } from '../errors.ts';
import { loadOrderState } from './state.sql.ts';
import { findUnread, listUnread, type UnreadOrder } from './unread-orders.sql.ts';
import { findOrderHead, shipmentDetails, type OrderHead, type ShipmentDetail, type OrderSearch } from './search.sql.ts';

/** One order, as support wants to see it. */
export interface OrderView {
  /** Null only between an order's first hint and its first reading. */
  readonly state: OrderWithCommands | null;
  /** Why units of it wait or are left alone, and what would have to change: a sentence for each reason. */
  readonly whyNotShipped: readonly string[];
  /** Who said so: its workflow while it runs, Postgres when it doesn't (or nobody could ask). Both give the same object. */
  readonly source: 'workflow' | 'database';
  readonly engine: 'running' | 'not_running' | 'engine_away';
  /** What it waits for in the engine at this moment. */
  readonly next: readonly NextStep[];
  readonly order: OrderHead | null;
  /** Why it was not read (again) since we last heard of it; null where it was. */
  readonly unread: UnreadOrder | null;
  readonly shipments: readonly ShipmentDetail[];
}

export interface NextStep extends PendingStep {
  /** `book shipment: try 3, again at 10:02:11 UTC; the last one failed: …`, or `followed, last asked 12 min ago, next in 48 min` */
  readonly words: string;
}

/** @throws AppError `unknown_order` */
export async function viewOrder(db: Db, engine: Pick<Engine, 'liveState'>, ref: OrderRef): Promise<OrderView> {
  const [live, stored, order, shipments, unread] = await Promise.all([
    engine.liveState(ref),
    loadOrderState(db, ref),
    findOrderHead(db, ref),
    shipmentDetails(db, ref),
    findUnread(db, ref),
  ]);
  if (live.kind !== 'running' && !stored && !unread) throw unknownOrder(ref);
  const said = live.kind === 'running' ? live.state : null;
  const state = said && stored ? withWhatIsOut(said, stored) : (said ?? stored ?? null);
  return {
    state,
    whyNotShipped: state ? whyNotShipped(state) : [],
    source: said ? 'workflow' : 'database',
    engine: live.kind,
    next: live.kind === 'running' ? live.activities.map((step) => ({ ...step, words: inWords(step, new Date()) })) : [],
    order: order ?? null,
    unread: unread ?? null,
    shipments,
  };
}

/**
 * An attempt is written down before it is sent, and the workflow hears of it only with its outcome: whether one is out, and
 * so which commands apply, the database says.
 */
function withWhatIsOut(said: OrderWithCommands, stored: OrderWithCommands): OrderWithCommands {
  const shipments = said.shipments.map((s) => {
    const kept = stored.shipments.find(({ n, transition }) => n === s.n && transition === s.transition);
    return kept ? { ...s, attempts: kept.attempts, attemptOut: kept.attemptOut } : s;
  });
  return withCommands({ ...said, shipments });
}

/** @throws AppError `unknown_order` */
export async function requireOrder(db: Db, ref: OrderRef): Promise<void> {
  if (!(await findOrderHead(db, ref))) throw unknownOrder(ref);
}

export const unknownOrder = (ref: OrderRef): AppError =>
  new AppError(`We have no order ${ref.orderId} of store ${ref.storeHash}.`, {
    kind: 'not_found',
    code: 'unknown_order',
    advice: 'An order of the shop that we should have: is it older than the cut-off date, and is the store connected?',
  });

function inWords(step: PendingStep, now: Date): string {
  if (step.polls) return pollingInWords(step, now);
  const name = step.name.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  const again = step.nextAttemptAt ? `, again at ${step.nextAttemptAt.toISOString().slice(11, 19)} UTC` : '';
  const failure = step.lastFailure ? `; the last one failed: ${step.lastFailure}` : '';
  return `${name}: try ${step.attempt}${again}${failure}`;
}

/** The first try of a look asks nobody: it only waits until the next one is due (activities/tracking.ts). */
function pollingInWords({ attempt, startedAt, nextAttemptAt }: PendingStep, now: Date): string {
  const last = startedAt && attempt > 2 ? `, last asked ${spanOf(now.getTime() - startedAt.getTime())} ago` : '';
  const next = nextAttemptAt ? `, next in ${spanOf(nextAttemptAt.getTime() - now.getTime())}` : '';
  return `followed${last}${next}`;
}

function spanOf(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  return seconds < 2 * 3600 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** Orders that were not read fit what may be asked without having read them; they come with the first page. */
export async function unreadOf(db: Db, search: OrderSearch): Promise<UnreadOrder[]> {
  const { store, number, phase, attention, limit } = search;
  const asksForMore = [search.tracking, search.recipient, search.placedFrom, search.placedBefore];
  if (search.after !== undefined || asksForMore.some((given) => given !== undefined)) return [];
  if (phase !== undefined && phase !== 'needs_attention') return [];
  if (attention !== undefined && attention !== 'order_unreadable') return [];
  const needsPerson = phase === undefined && attention === undefined ? undefined : true;
  return listUnread(db, { store, orderId: number, needsPerson, limit });
}

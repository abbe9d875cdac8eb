import type { CommandRef } from '../../workflows/contract.ts';
import type { OrderState } from '../domain/order-state.ts';
import type { OrderRef } from '../domain/order-ref.ts';
import type { CommandOutcome } from '../domain/commands.ts';
import { whyNot } from '../domain/offered-commands.ts';
import { inTransaction, type Db, type Pool } from '../db/pool.ts';
import { isAppError } from '../errors.ts';
import { lockOrder, type OrderRow } from '../orders/orders.sql.ts';
import { markLookAgain } from '../shipments/plan.sql.ts';
import { ignoredOrder, loadOrderState, settleOrder } from '../orders/state.sql.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';
import { parseCommandBody } from './body.ts';
import { cancel } from './cancel.ts';
import { change, type ChangeFacts } from './change.ts';
import { lockCommand, saveOutcome, type OpenCommand } from './commands.sql.ts';
import { done, refused, type CommandWork } from './outcome.ts';
import { markAsPrinted } from './printed.ts';
import { resolve } from './resolve.ts';
import { retry } from './retry.ts';
import { bookByHand, keepOrderBack, setOnHold, shipmentsToCommand } from './shipments.sql.ts';

export interface AppliedCommand {
  readonly outcome: CommandOutcome;
  /** Null where there is no such order. */
  readonly state: OrderState | null;
}

/** Carries a command out where it applies, once: one that was carried out already gives the outcome that it had. */
export async function applyCommand(
  pool: Pool,
  ref: OrderRef,
  { commandId }: CommandRef,
  now: Date,
  /** What a change is checked against; no other command needs it. */
  facts?: ChangeFacts,
): Promise<AppliedCommand> {
  return inTransaction(pool, async (tx) => {
    const command = await lockCommand(tx, ref, commandId);
    if (!command) return { outcome: refused('There is no such command for this order.'), state: null };
    if (command.outcome) return { outcome: command.outcome, state: (await loadOrderState(tx, ref)) ?? null };

    const order = await lockOrder(tx, command.storeId, ref.orderId);
    if (!order) {
      const outcome = refused(`The shop has no order ${ref.orderId}, or it was never read.`);
      await saveOutcome(tx, commandId, outcome);
      return { outcome, state: null };
    }
    const state = await loadOrderState(tx, ref);
    const no = state ? whyNot(state, command.kind, command.n) : null;
    const outcome =
      no === null ? await carryOut(command, await workOf(tx, ref, command, order, now), facts) : refused(no);
    if (outcome.outcome === 'refused') {
      await addToTimeline(tx, order.id, {
        ...(command.n === null ? {} : { n: command.n }),
        what: 'command_refused',
        words: `Refused: ${command.kind.replace('_', ' ')}. ${outcome.reason ?? ''}`.trim(),
        who: command.who,
      });
    }
    await saveOutcome(tx, commandId, outcome);
    return { outcome, state: await settleOrder(tx, ref) };
  });
}

async function workOf(tx: Db, ref: OrderRef, command: OpenCommand, order: OrderRow, now: Date): Promise<CommandWork> {
  const { storeId, n, who, body } = command;
  const shipments = await shipmentsToCommand(tx, order.id);
  return { tx, order, shipments, now, storeId, orderId: ref.orderId, n, who, body };
}

/** The engine's own "cancel": the command for the whole order, with the engine as who. What can't be cancelled stays, and says why. */
export async function cancelForEngine(pool: Pool, storeId: number, ref: OrderRef, now: Date): Promise<OrderState> {
  return inTransaction(pool, async (tx) => {
    const order = await lockOrder(tx, storeId, ref.orderId);
    if (!order) return ignoredOrder(ref);
    const shipments = (await shipmentsToCommand(tx, order.id)).filter((s) => !s.cancelling);
    const body = parseCommandBody('cancel', {});
    const outcome = await cancel({
      tx,
      order,
      shipments,
      now,
      storeId,
      orderId: ref.orderId,
      n: null,
      who: 'engine',
      body,
    });
    await keepOrderBack(tx, order.id);
    if (outcome.reason) {
      await addToTimeline(tx, order.id, { what: 'command_refused', words: outcome.reason, who: 'engine' });
    }
    return settleOrder(tx, ref);
  });
}

async function carryOut(command: OpenCommand, work: CommandWork, facts?: ChangeFacts): Promise<CommandOutcome> {
  try {
    return await carryOutKind(command, work, facts);
  } catch (error) {
    if (isAppError(error) && error.code === 'invalid_command') return refused(error.message);
    throw error;
  }
}

async function carryOutKind({ kind }: OpenCommand, work: CommandWork, facts?: ChangeFacts): Promise<CommandOutcome> {
  switch (kind) {
    case 'cancel':
      return cancel({ ...work, body: parseCommandBody(kind, work.body) });
    case 'change':
      return change({ ...work, body: parseCommandBody(kind, work.body) }, facts);
    case 'resolve':
      return resolve({ ...work, body: parseCommandBody(kind, work.body) });
    case 'retry':
      return retry(work);
    case 'mark_printed':
      return markAsPrinted(work);
    case 'hold':
      return hold(work, true);
    case 'unhold':
      return hold(work, false);
    case 'book':
      return book(work);
    case 'reprocess':
      return done; // the workflow looks again after every command
    default:
      return kind satisfies never;
  }
}

async function hold({ tx, order, shipments, who }: CommandWork, onHold: boolean): Promise<CommandOutcome> {
  await setOnHold(tx, order.id, onHold);
  await lookOnceAnswered(tx, order.id, shipments);
  const words = onHold ? 'On hold: nothing more is booked.' : 'The hold was taken off.';
  await addToTimeline(tx, order.id, { what: onHold ? 'held' : 'hold_over', words, who });
  return done;
}

async function book({ tx, order, n, shipments, who }: CommandWork): Promise<CommandOutcome> {
  await bookByHand(tx, order.id, n);
  await lookOnceAnswered(tx, order.id, shipments);
  await addToTimeline(tx, order.id, {
    ...(n === null ? {} : { n }),
    what: 'booked_by_hand',
    words: 'To be booked whatever the status of the order.',
    who,
  });
  return done;
}

/** A look leaves a shipment alone while its attempt is out: what a command changed is looked at after the answer. */
async function lookOnceAnswered(tx: Db, orderPk: number, shipments: CommandWork['shipments']): Promise<void> {
  for (const s of shipments) if (s.attemptOut) await markLookAgain(tx, orderPk, s.n);
}

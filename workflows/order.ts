import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { command, getState, hint, type CommandRef, type OrderInput } from './contract.ts';
import type { OrderPhase } from '../src/domain/order-state.ts';
import type { CommandKind, CommandOutcome } from '../src/domain/commands.ts';
import { whyNot, withCommands } from '../src/domain/offered-commands.ts';
import { OrderRun } from './order-run.ts';
import { seeParcels } from './shipment.ts';

/**
 * One order: look, compare, do what is missing, until nothing is. It makes the world right and replays no events: hints may
 * be late, doubled, reordered or lost, and a run may end or be killed at any point; the next look finds what is left to do.
 *
 * Cancelling it in the Temporal UI is the command *cancel* for the whole order.
 */
export async function order(input: OrderInput): Promise<OrderPhase> {
  const run = new OrderRun(input);
  listen(run);
  await CancellationScope.nonCancellable(() => makeRight(run));
  return run.state?.phase ?? 'ignored';
}

async function makeRight(run: OrderRun): Promise<void> {
  const { input, steps } = run;
  const ref = { storeHash: input.storeHash, orderId: input.orderId };
  do {
    run.lookedAt = run.hints;
    run.adopt(await steps.shop.lookAtOrder.executeWithOptions({ summary: 'Read the order and plan' }, [ref]));
    await quietOrNews(run);
    // Since the relay gathers hints (src/inbox/relay.ts), only in runs that were started to do it themselves.
    const { gatherHints } = input.timings;
    if (run.hasNews && gatherHints > 0)
      await sleep(gatherHints, { summary: 'More hints may follow: they are one look' });
    if (workflowInfo().continueAsNewSuggested) await goOnAnew(run);
    // The check before the end is synchronous: a hint that comes after it starts a new run.
  } while (run.hasNews || run.isBusy || !allHandlersFinished());
}

/** Until somebody hints, or nothing is under way and nobody has said anything for a while. */
async function quietOrNews(run: OrderRun): Promise<void> {
  await condition(() => run.hasNews || !run.isBusy || run.isBroken);
  run.assertWhole();
  if (run.hasNews) return;
  const phase = run.state?.phase;
  if (phase !== 'waiting' && phase !== 'needs_attention') return;
  await condition(() => run.hasNews || run.isBusy || run.isBroken, run.input.timings.linger, {
    summary: 'Nothing can be done now: waits for a hint or a command',
  });
  if (run.isBusy) await quietOrNews(run);
}

/** Long-lived, chatty orders leave their history behind at a quiet point. */
async function goOnAnew(run: OrderRun): Promise<void> {
  run.leave();
  await condition(() => (!run.isBusy && allHandlersFinished()) || run.isBroken);
  run.assertWhole();
  await continueAsNew<typeof order>(run.input);
}

function listen(run: OrderRun): void {
  setHandler(hint, () => void (run.hints += 1), { description: 'Look at this order again' });
  setHandler(getState, () => run.state && withCommands(run.state), {
    description: 'The order as Postgres has it, and what happens next',
  });
  setHandler(command, (ref) => CancellationScope.nonCancellable(() => run.carryOut(() => carryOutCommand(run, ref))), {
    description: 'Cancel, hold, unhold, change, retry, resolve, book, reprocess, mark printed',
    validator: (ref: CommandRef) => refuseWhatStateExcludes(run, ref),
  });
  void CancellationScope.current().cancelRequested.catch(() =>
    CancellationScope.nonCancellable(() => run.carryOut(() => cancelledInTheEngine(run))),
  );
}

async function carryOutCommand(run: OrderRun, ref: CommandRef): Promise<CommandOutcome> {
  await condition(() => run.state !== null);
  if (takesLabelsBack.includes(ref.kind)) {
    const meant = run.state?.shipments.filter((s) => ref.n === null || ref.n === s.n) ?? [];
    await Promise.all(meant.map((s) => seeParcels(run, s)));
  }
  const summary = `Command: ${ref.kind.replace('_', ' ')}${ref.n === null ? '' : ` shipment ${ref.n}`}`;
  const { outcome, state } = await run.steps.own.applyCommand.executeWithOptions({ summary }, [run.input, ref]);
  if (state) run.adopt(state);
  return outcome;
}

/** What these come to hangs on whether the parcel was scanned, which only Posti knows. */
const takesLabelsBack: readonly CommandKind[] = ['cancel', 'change'];

/**
 * Synchronous, and refuses only what the state at hand already excludes. What needs a person may be news that this run has
 * not read yet (a scan on an old number is found elsewhere): whether it can be resolved, Postgres says.
 */
function refuseWhatStateExcludes({ state }: OrderRun, { kind, n }: CommandRef): void {
  const no = state && kind !== 'resolve' ? whyNot(state, kind, n) : null;
  if (no !== null) throw new Error(no);
}

/** The engine's own "cancel" is our command, with the engine as who. */
async function cancelledInTheEngine(run: OrderRun): Promise<void> {
  await condition(() => run.state !== null);
  run.adopt(
    await run.steps.own.cancelForEngine.executeWithOptions({ summary: 'Cancelled in the Temporal UI' }, [run.input]),
  );
}

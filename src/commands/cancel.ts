import { hasEnded } from '../domain/order-state.ts';
import type { CommandOutcome } from '../domain/commands.ts';
import { labelHandedOut } from '../planning/carry-out.ts';
import { wasScanned } from '../domain/delivery-status.ts';
import { setProblems } from '../shipments/problems.sql.ts';
import { askToCancel, endOrWithdraw, keepShipmentBack } from '../shipments/transitions.sql.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';
import type { CommandBody } from './body.ts';
import { done, refused, together, type CommandWork } from './outcome.ts';
import { keepOrderBack, type ShipmentToCommand } from './shipments.sql.ts';

type CancelWork = CommandWork<CommandBody<'cancel'>>;

/** Cancels one shipment, or everything of an order. What a person cancelled is not planned again until somebody says "book". */
export async function cancel(work: CancelWork): Promise<CommandOutcome> {
  const { n, shipments } = work;
  if (n === null) return cancelAll(work);
  const s = shipments.find((candidate) => candidate.n === n);
  return s ? cancelOne(work, s) : refused(`The order has no shipment ${n}.`);
}

async function cancelAll(work: CancelWork): Promise<CommandOutcome> {
  const { tx, order, shipments, who } = work;
  const outcomes: CommandOutcome[] = [];
  for (const s of shipments) if (!hasEnded(s) && !s.cancelling) outcomes.push(await cancelOne(work, s));
  const outcome = together(outcomes);
  // Refused as a whole: then nothing of the order has changed, and what was not planned yet stays as it was, too.
  if (outcome.outcome === 'refused') return outcome;
  await keepOrderBack(tx, order.id);
  await addToTimeline(tx, order.id, { what: 'order_kept_back', words: 'The whole order is cancelled here.', who });
  return outcome;
}

/** Refused after the first scan, and while a label that was handed out may be on a parcel. */
export async function cancelOne(work: CancelWork, s: ShipmentToCommand): Promise<CommandOutcome> {
  const { tx, order, who, now } = work;
  if (hasEnded(s)) return refused(`Shipment ${s.n} has ended: it is ${s.phase}.`);
  if (s.phase === 'booked' && !s.cancelling) {
    const no = whyNotTakenBack(s, work.body.labelDestroyed);
    if (no === 'label_handed_out') await setProblems(tx, order.id, s.n, [labelHandedOut], now);
    if (no) return refused(words[no](s.n));
  }

  await keepShipmentBack(tx, s.id);
  const atOnce = s.phase === 'planned' && !s.attemptOut;
  if (atOnce) await endOrWithdraw(tx, order.id, s.n);
  else await askToCancel(tx, order.id, s.n);
  await addToTimeline(tx, order.id, {
    n: s.n,
    what: atOnce ? 'cancelled' : 'cancelling',
    words: atOnce
      ? 'Cancelled before it was booked.'
      : s.attemptOut
        ? 'To be cancelled: the answer to the attempt that is out comes first.'
        : 'To be cancelled: its label is taken back.',
    who,
  });
  return done;
}

/** For whoever gives the command, by whatever means. */
const sayDestroyed = '"labelDestroyed": true in the command (API), --label-destroyed on the command line';

/** Why a booking can't be taken back or replaced; null where it can. */
export function whyNotTakenBack(s: ShipmentToCommand, labelDestroyed: boolean): keyof typeof words | null {
  if (wasScanned(s)) return 'handed_over';
  return s.labelHandedOut && !labelDestroyed ? 'label_handed_out' : null;
}

export const words = {
  handed_over: (n: number) =>
    `Shipment ${n} is handed over to Posti: what follows is a return. It cannot be taken back any more.`,
  label_handed_out: (n: number) =>
    `The label of shipment ${n} was printed or downloaded. Find it, destroy it, and say so: ${sayDestroyed}.`,
} as const;

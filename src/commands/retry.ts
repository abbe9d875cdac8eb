import { hasEnded, type CommandOutcome } from '../../workflows/contract.ts';
import { setProblems } from '../orders/shipments.sql.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';
import { done, isOutcome, refused, theOne, together, type CommandWork } from './outcome.ts';
import { tellAgain, type ShipmentToCommand } from './shipments.sql.ts';

/** Asks again, as it is: Posti for a booking, or the shop for a record that it refused. */
export async function retry(work: CommandWork): Promise<CommandOutcome> {
  if (work.n !== null) {
    const s = theOne(work, 'retry', () => true);
    return isOutcome(s) ? s : retryOne(work, s);
  }
  const waiting = work.shipments.filter((s) => s.attention && !hasEnded(s));
  if (waiting.length === 0) return refused('Nothing of this order waits for a retry.');
  const outcomes: CommandOutcome[] = [];
  for (const s of waiting) outcomes.push(await retryOne(work, s));
  return together(outcomes);
}

async function retryOne({ tx, order, who, now }: CommandWork, s: ShipmentToCommand): Promise<CommandOutcome> {
  if (hasEnded(s)) return refused(`Shipment ${s.n} has ended: it is ${s.phase}.`);
  if (!s.attention) return refused(`Shipment ${s.n} does not need attention: there is nothing to retry.`);
  if (s.phase === 'planned') {
    if (!s.bookable) return refused(`Shipment ${s.n} cannot be booked as it stands. Correct first: ${toCorrect(s)}.`);
  } else {
    if (s.told !== 'refused') {
      return refused(`Shipment ${s.n} is booked: a retry does not help with "${named(s.attention.code)}".`);
    }
    await tellAgain(tx, s.id);
  }
  await setProblems(tx, order.id, s.n, [], now);
  await addToTimeline(tx, order.id, {
    n: s.n,
    what: 'retried',
    words: s.phase === 'planned' ? 'To be booked again as it is.' : 'The shop is to be told again.',
    who,
  });
  return done;
}

const toCorrect = (s: ShipmentToCommand): string =>
  s.problems.map(({ code, field }) => `${field} (${named(code)})`).join(', ') || named(s.attention?.code ?? '');

const named = (code: string): string => code.replaceAll('_', ' ');

import { whyNotShipment, type CommandOutcome, type ShipmentState } from '../../workflows/contract.ts';
import { setProblems } from '../orders/shipments.sql.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';
import { done, type CommandWork } from './outcome.ts';
import { tellAgain } from './shipments.sql.ts';

/** Asks again, as it is: Posti for a booking, or the shop for a record that it refused to take or to give back. */
export async function retry({ tx, order, shipments, n, who, now }: CommandWork): Promise<CommandOutcome> {
  const meant = shipments.filter((s) => (n === null || s.n === n) && whyNotShipment('retry', s) === null);
  for (const s of meant) {
    if (s.phase === 'booked' && !s.cancelling) await tellAgain(tx, s.id);
    await setProblems(tx, order.id, s.n, [], now);
    await addToTimeline(tx, order.id, {
      n: s.n,
      what: 'retried',
      words: wordsOf(s),
      who,
    });
  }
  return done;
}

function wordsOf({ cancelling, phase }: Pick<ShipmentState, 'cancelling' | 'phase'>): string {
  if (cancelling) return 'The shop is to be asked again to take its record back.';
  return phase === 'planned' ? 'To be booked again as it is.' : 'The shop is to be told again.';
}

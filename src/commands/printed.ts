import type { CommandOutcome } from '../domain/commands.ts';
import { whyNotShipment } from '../domain/offered-commands.ts';
import { markPrinted } from '../labels/labels.sql.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';
import { done, type CommandWork } from './outcome.ts';
import { tellAgain } from '../shipments/transitions.sql.ts';

/** The label was printed, by whatever means: it counts as handed out, and a shop that waits for this is told. */
export async function markAsPrinted(work: CommandWork): Promise<CommandOutcome> {
  const { tx, order, shipments, n, who } = work;
  const printed = shipments.filter((s) => (n === null || s.n === n) && whyNotShipment('mark_printed', s) === null);
  for (const s of printed) {
    await markPrinted(tx, s.id);
    if (s.told === 'waits_for_print') await tellAgain(tx, s.id);
    await addToTimeline(tx, order.id, { n: s.n, what: 'printed', words: 'The label was printed.', who });
  }
  return done;
}

import type { CommandOutcome } from '../../workflows/contract.ts';
import { markPrinted } from '../labels/labels.sql.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';
import { done, refused, type CommandWork } from './outcome.ts';
import { tellAgain, type ShipmentToCommand } from './shipments.sql.ts';

/** The label was printed, by whatever means: it counts as handed out, and a shop that waits for this is told. */
export async function markAsPrinted(work: CommandWork): Promise<CommandOutcome> {
  const { tx, order, shipments, n, who } = work;
  const printed = shipments.filter((s) => (n === null || s.n === n) && canBePrinted(s));
  if (printed.length === 0) {
    return refused(
      n === null ? 'The order has no label that could be printed.' : `Shipment ${n} has no label to print.`,
    );
  }
  for (const s of printed) {
    await markPrinted(tx, s.id);
    if (s.told === 'waits_for_print') await tellAgain(tx, s.id);
    await addToTimeline(tx, order.id, { n: s.n, what: 'printed', words: 'The label was printed.', who });
  }
  return done;
}

const canBePrinted = (s: ShipmentToCommand): boolean => s.phase === 'booked' && !s.cancelling && s.labelKept;

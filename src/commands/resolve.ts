import type { CommandOutcome } from '../domain/commands.ts';
import { adoptFoundBooking } from '../booking/replaced-attempts.sql.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';
import type { CommandBody } from './body.ts';
import { done, refused, theOne, type CommandWork } from './outcome.ts';
import { closeAttention } from '../shipments/problems.sql.ts';

/**
 * Closes what needs attention by a person's word: a booking that nobody could tell of was found (its numbers and label
 * are given) or does not exist; anything else has been seen, and stays as it is.
 */
export async function resolve(work: CommandWork<CommandBody<'resolve'>>): Promise<CommandOutcome> {
  const { tx, order, body, who } = work;
  const s = theOne(work, 'resolve');
  const code = s.attention?.code ?? '';

  const { trackingNumbers, labelPdfBase64: label } = body;
  if (trackingNumbers && label) {
    if (code !== 'booking_outcome_unknown' || s.phase !== 'planned') {
      return refused(`Shipment ${s.n} has no booking whose outcome is unknown: tracking numbers do not help here.`);
    }
    const adopted = await adoptFoundBooking(tx, s.id, { trackingNumbers, label });
    if (adopted === 'number_taken') return refused('One of these tracking numbers belongs to another parcel of ours.');
    if (adopted === 'none_unknown') return refused(`Shipment ${s.n} has no attempt whose outcome is unknown.`);
  } else {
    await closeAttention(tx, s, work.now);
  }
  await addToTimeline(tx, order.id, {
    n: s.n,
    what: 'resolved',
    words: trackingNumbers
      ? `The booking was found at Posti: ${trackingNumbers.join(', ')}. It is ours now.`
      : `Closed by a person: ${code.replaceAll('_', ' ')}.`,
    who,
  });
  return done;
}

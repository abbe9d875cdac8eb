import type { CommandOutcome } from '../../workflows/contract.ts';
import { supersedeBooking } from '../booking/replaced-attempts.sql.ts';
import { labelHandedOut } from '../orders/carry-out.ts';
import type { ShipmentOverride } from '../orders/shipment-plan.ts';
import { setProblems } from '../orders/shipments.sql.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';
import type { CommandBody } from './body.ts';
import { whyNotTakenBack, words } from './cancel.ts';
import { done, refused, theOne, type CommandWork } from './outcome.ts';
import { saveOverride } from './shipments.sql.ts';

/**
 * Changes where or how a shipment goes, against what the shop says. One that is booked is booked anew: its old label is
 * superseded, and the shop's record gets the new number.
 */
export async function change(work: CommandWork<CommandBody<'change'>>): Promise<CommandOutcome> {
  const { tx, order, who, now } = work;
  const s = theOne(work, 'change');

  if (s.phase === 'booked') {
    const no = whyNotTakenBack(s, work.body.labelDestroyed);
    if (no === 'label_handed_out') await setProblems(tx, order.id, s.n, [labelHandedOut], now);
    if (no) return refused(words[no](s.n));
    await supersedeBooking(tx, s.id);
  }
  await saveOverride(tx, s.id, merged(s.override, work.body));
  await addToTimeline(tx, order.id, {
    n: s.n,
    what: 'changed',
    words:
      s.phase === 'booked'
        ? 'Changed: a new label is booked, and the old numbers are watched.'
        : 'Changed before it was booked.',
    who,
  });
  return done;
}

/** Later changes go over earlier ones, field by field. */
function merged(before: ShipmentOverride | null, body: CommandBody<'change'>): ShipmentOverride {
  const { labelDestroyed: _said, address, ...rest } = body;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...before,
    ...(given as ShipmentOverride),
    ...(address ? { address: { ...before?.address, ...(address as NonNullable<ShipmentOverride['address']>) } } : {}),
  };
}

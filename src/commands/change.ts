import type { CommandOutcome } from '../domain/commands.ts';
import { supersedeBooking } from '../booking/replaced-attempts.sql.ts';
import { labelHandedOut } from '../planning/carry-out.ts';
import { draftShipment } from '../planning/draft.ts';
import { keptOrderOf } from '../orders/kept-orders.sql.ts';
import type { Draft, ShipmentOverride } from '../planning/shipment-plan.ts';
import { saveOverride } from '../shipments/plan.sql.ts';
import { setProblems } from '../shipments/problems.sql.ts';
import { knownShipments } from '../shipments/shipments.sql.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';
import type { Settings } from '../settings/settings.ts';
import type { CommandBody } from './body.ts';
import { whyNotTakenBack, words } from './cancel.ts';
import { done, refused, theOne, type CommandWork } from './outcome.ts';

/** What a change is checked against before anything is altered. */
export interface ChangeFacts {
  readonly settings: Settings;
  /** The pickup point that was asked for, and what the carrier says of it; null where none was, or nothing is said. */
  readonly pickupPoint: { readonly id: string; readonly is: 'unknown' | 'locker' | 'other' } | null;
}

/**
 * Changes where or how a shipment goes, against what the shop says. One that is booked is booked anew: its old label is
 * superseded, and the shop's record gets the new number – but only for a plan that can be booked, as far as anybody can
 * say before the carrier is asked; else it stays as it was.
 */
export async function change(
  work: CommandWork<CommandBody<'change'>>,
  facts: ChangeFacts | undefined,
): Promise<CommandOutcome> {
  const { tx, order, who, now } = work;
  const s = theOne(work, 'change');
  const override = merged(s.override, work.body);
  const point = facts?.pickupPoint;
  if (point?.is === 'unknown') return refused(`The carrier has no pickup point ${point.id}: choose another one.`);
  const draft = facts ? await draftOf(work, s.n, override, facts.settings) : null;
  if (point?.is === 'locker' && draft?.plan.wanted?.tooLargeForLockers) {
    return refused(
      `Pickup point ${point.id} is a parcel locker, and goods of shipment ${s.n} fit into none: choose a point with a counter.`,
    );
  }

  if (s.phase === 'booked') {
    const problems = draft?.problems ?? [];
    if (problems.length > 0) {
      const why = problems.map(({ code, field }) => `${field} (${code.replaceAll('_', ' ')})`).join(', ');
      // What a person may accept, they accept of a plan that is not booked yet.
      const way = problems.some(({ code }) => code === 'customs_data_missing')
        ? ' If its customs papers are made elsewhere: set customs.papersElsewhere, or cancel the shipment, say "book", and close what it needs with "resolve".'
        : '';
      return refused(
        `Shipment ${s.n} stays as it is booked, since it could not be booked so. Correct first: ${why}.${way}`,
      );
    }
    const no = whyNotTakenBack(s, work.body.labelDestroyed);
    if (no === 'label_handed_out') await setProblems(tx, order.id, s.n, [labelHandedOut], now);
    if (no) return refused(words[no](s.n));
    await supersedeBooking(tx, s.id);
  }
  await saveOverride(tx, s.id, override);
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

/** The changed plan, by the order as it was last read; null where that is not to be told from what is kept. */
async function draftOf(
  { tx, order }: CommandWork<unknown>,
  n: number,
  override: ShipmentOverride,
  settings: Settings,
): Promise<Draft | null> {
  const kept = await keptOrderOf(tx, order.id);
  const known = (await knownShipments(tx, order.id)).find((s) => s.n === n);
  const address = kept?.order.addresses.find(({ addressId }) => addressId === known?.addressId);
  // Then the next look plans it, and says what is wrong.
  if (!kept || !known || !address) return null;
  return draftShipment(kept.order, address, known.lines, settings, { override, accepted: known.accepted });
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

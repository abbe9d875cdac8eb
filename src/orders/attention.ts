import type { Attention, CommandKind } from '../../workflows/contract.ts';
import type { Problem } from '../booking/problem.ts';

/** Which commands help with what needs attention. Anything not named here is about a planned shipment that can't be booked as it stands. */
const helps: Readonly<Record<string, readonly CommandKind[]>> = {
  label_no_longer_matches: ['change', 'cancel', 'resolve'],
  changed_after_hand_over: ['resolve'],
  refunded_after_booking: ['cancel', 'resolve'],
  cancelled_after_hand_over: ['resolve'],
  label_handed_out: ['cancel', 'change', 'resolve'],
  booking_outcome_unknown: ['retry', 'resolve', 'cancel'],
  shop_refused_shipment: ['retry', 'resolve'],
  shop_shipment_deleted: ['retry', 'resolve'],
  no_scan_for_too_long: ['resolve', 'cancel'],
  silent_for_too_long: ['resolve'],
  scan_on_orphan: ['resolve'],
};

const beforeBooking: readonly CommandKind[] = ['change', 'retry', 'cancel'];

/** What travels of a problem: its code, since when, and the commands that help. The words stay in Postgres. */
export function attentionFor(problem: Pick<Problem, 'code'>, now: Date): Attention {
  return { code: problem.code, since: now.toISOString(), commands: helps[problem.code] ?? beforeBooking };
}

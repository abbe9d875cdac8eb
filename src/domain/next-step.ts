import { wasScanned } from './delivery-status.ts';
import { hasEnded, isArrivedAndRefused, isWithdrawalRefused, type ShipmentState } from './order-state.ts';

export type Step = 'book' | 'keep_label' | 'tell' | 'withdraw' | 'follow';

/**
 * The next thing to do for a shipment, or null where it has ended or waits for somebody. A pure function of what Postgres
 * says, so that a run that starts anew goes on where the last one was.
 */
export function nextStep(s: ShipmentState): Step | null {
  if (hasEnded(s)) return null;
  if (s.phase === 'planned') {
    // An attempt that is out is asked after, whatever has happened since: its answer is never dropped.
    if (s.attemptOut) return 'book';
    if (s.cancelling) return isWithdrawalRefused(s) ? null : 'withdraw';
    // What was planned may be stale: the next look says so, and only then is it booked.
    return s.blocked === null && s.attention === null && !s.lookAgain ? 'book' : null;
  }
  if (s.cancelling) return isWithdrawalRefused(s) ? null : 'withdraw';
  if (isArrivedAndRefused(s)) return null;
  if (!s.labelKept) return 'keep_label';
  if (s.told === 'not_yet') return 'tell';
  // A parcel that was scanned has left, whether or not anybody said that its label was printed.
  if ((s.told === 'waits_for_first_scan' || s.told === 'waits_for_print') && wasScanned(s)) return 'tell';
  return 'follow';
}

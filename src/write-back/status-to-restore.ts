import { isCancelled, status } from '../planning/admission.ts';
import type { StatusStory } from './withdrawals.sql.ts';

/**
 * The status to set when our record of a shipment was deleted, or null to leave it: deleting a shipment does not take the
 * order out of Shipped (bigcommerce.md 3.5 [D]). Only what our own writing made of it is undone: a status that our units
 * do not explain was set by the merchant, or by somebody else's shipments.
 */
export function statusToRestore(
  statusNow: number,
  story: StatusStory,
  /** Shipments that are left in the shop, whoever made them. */
  recordsLeft: number,
): number | null {
  const { othersTold, coversAll, completedByUs } = story;
  const ours: number[] = [status.partiallyShipped];
  if (coversAll) ours.push(status.shipped);
  if (completedByUs) ours.push(status.completed);
  if (!ours.includes(statusNow)) return null;
  const wanted = othersTold ? whileOthersStand(story, recordsLeft) : whenNothingStands(story, recordsLeft);
  return wanted === statusNow ? null : wanted;
}

/** Of an order that is cancelled meanwhile the last record that is taken back says what it is. */
function whileOthersStand({ statusRead, coversAll, othersCoverAll }: StatusStory, recordsLeft: number): number | null {
  const isPart = recordsLeft > 0 && coversAll && !othersCoverAll;
  return isPart && !isCancelledStatus(statusRead) ? status.partiallyShipped : null;
}

function whenNothingStands({ statusRead, statusBefore }: StatusStory, recordsLeft: number): number | null {
  if (recordsLeft > 0 || statusBefore === null) return null;
  // Cancelled while our record was on its way: that was not to be undone by it.
  return isCancelledStatus(statusRead) ? statusRead : statusBefore;
}

const isCancelledStatus = (statusId: number): boolean => isCancelled({ statusId, archived: false });

import { isCancelled, status } from '../orders/admission.ts';
import type { StatusStory } from './withdrawals.sql.ts';

/**
 * The status to put back when our record of a shipment was deleted, or null to leave it: deleting a shipment does not take
 * the order out of Shipped (bigcommerce.md 3.5 [D]). Only what our own writing made of it is undone: a status that our
 * units do not explain was set by the merchant, or by somebody else's shipments.
 */
export function statusToRestore(
  statusNow: number,
  story: StatusStory,
  /** Shipments that are left in the shop, whoever made them. */
  recordsLeft: number,
): number | null {
  const { statusRead, othersTold, coversAll, completedByUs } = story;
  // Cancelled while our record was on its way: that was not to be undone by it.
  const statusBefore = isCancelled({ statusId: statusRead, archived: false }) ? statusRead : story.statusBefore;
  if (statusBefore === null || othersTold || recordsLeft > 0) return null;
  const ourDoing = coversAll ? status.shipped : status.partiallyShipped;
  const isOurs = statusNow === ourDoing || (completedByUs && statusNow === status.completed);
  return isOurs && statusBefore !== statusNow ? statusBefore : null;
}

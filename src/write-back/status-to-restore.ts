import type { StatusStory } from './withdrawals.sql.ts';

/** BigCommerce's statuses that its roll-up sets when shipments are recorded (bigcommerce.md 3.5). */
const shipped = 2;
const partiallyShipped = 3;
/** Which we set ourselves where the store wants it. */
const completed = 10;

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
  const { statusBefore, othersTold, coversAll, completedByUs } = story;
  if (statusBefore === null || othersTold || recordsLeft > 0) return null;
  const ourDoing = coversAll ? shipped : partiallyShipped;
  const isOurs = statusNow === ourDoing || (completedByUs && statusNow === completed);
  return isOurs && statusBefore !== statusNow ? statusBefore : null;
}

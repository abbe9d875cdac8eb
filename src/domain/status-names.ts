/**
 * BigCommerce's own names of its order statuses (bigcommerce.md 2.7). A merchant may have changed the labels, and sees them in
 * another language: so the number always stands beside the name.
 */
const names: Readonly<Record<number, string>> = {
  0: 'Incomplete',
  1: 'Pending',
  2: 'Shipped',
  3: 'Partially Shipped',
  4: 'Refunded',
  5: 'Cancelled',
  6: 'Declined',
  7: 'Awaiting Payment',
  8: 'Awaiting Pickup',
  9: 'Awaiting Shipment',
  10: 'Completed',
  11: 'Awaiting Fulfillment',
  12: 'Manual Verification Required',
  13: 'Disputed',
  14: 'Partially Refunded',
};

/** `Awaiting Payment (7)` */
export const namedStatus = (id: number): string => (names[id] === undefined ? `number ${id}` : `${names[id]} (${id})`);

/** `Awaiting Fulfillment (11) and Awaiting Shipment (9)` */
export function namedStatuses(ids: readonly number[]): string {
  const named = ids.map(namedStatus);
  const last = named.pop();
  if (last === undefined) return 'none';
  return named.length === 0 ? last : `${named.join(', ')} and ${last}`;
}

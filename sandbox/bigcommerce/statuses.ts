/** The order statuses of a fresh store: id, name, sort position, description (bigcommerce.md 2.7). */
const rows: [id: number, name: string, position: number, description: string][] = [
  [0, 'Incomplete', 0, 'The shopper reached the payment page and did not finish.'],
  [1, 'Pending', 1, 'The order was started.'],
  [2, 'Shipped', 8, 'Everything was shipped, receipt is not confirmed.'],
  [3, 'Partially Shipped', 6, 'Some units were shipped.'],
  [4, 'Refunded', 11, 'The whole order was refunded.'],
  [5, 'Cancelled', 9, 'The order was cancelled.'],
  [6, 'Declined', 10, 'The order was declined.'],
  [7, 'Awaiting Payment', 2, 'The order is finished, its payment is not confirmed.'],
  [8, 'Awaiting Pickup', 5, 'The order is packed and waits for the customer.'],
  [9, 'Awaiting Shipment', 4, 'The order is packed and waits for the carrier.'],
  [10, 'Completed', 7, 'The order is shipped and receipt is confirmed.'],
  [11, 'Awaiting Fulfillment', 3, 'The order is paid and waits to be packed.'],
  [12, 'Manual Verification Required', 13, 'A person has to look at the order.'],
  [13, 'Disputed', 12, 'The payment is disputed.'],
  [14, 'Partially Refunded', 14, 'A part of the order was refunded.'],
];

export interface OrderStatus {
  id: number;
  name: string;
  system_label: string;
  custom_label: string;
  system_description: string;
  order: number;
}

export const orderStatuses: readonly OrderStatus[] = rows.map(([id, name, position, description]) => ({
  id,
  name,
  system_label: name,
  custom_label: name,
  system_description: description,
  order: position,
}));

export function statusName(id: number): string {
  return orderStatuses.find((status) => status.id === id)?.name ?? '';
}

export function isStatus(id: unknown): id is number {
  return orderStatuses.some((status) => status.id === id);
}

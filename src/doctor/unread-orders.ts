import type { Db } from '../db/pool.ts';
import { countUnread } from '../orders/unread-orders.sql.ts';
import { findingsOf, type Finding } from './finding.ts';

/** Whether there are orders of the store that we heard of and cannot read. */
export async function examineUnreadOrders(db: Db, storeHash: string): Promise<Finding[]> {
  const { failing, needAttention, oldestFailureMs } = await countUnread(db, storeHash);
  if (failing === 0) return [];
  const found = findingsOf('orders', storeHash);
  const orders = failing === 1 ? '1 order' : `${failing} orders`;
  const people = needAttention === 0 ? '' : `; for ${needAttention} of them a person has to look`;
  return [
    found.wrong(
      'orders_unread',
      `${orders} cannot be read, the first for ${Math.max(1, Math.round(oldestFailureMs / 60_000))} min${people}.`,
      `npm run lahetti -- orders list --store ${storeHash} says why and when each is tried again; at once: orders reprocess ${storeHash} <order>.`,
    ),
  ];
}

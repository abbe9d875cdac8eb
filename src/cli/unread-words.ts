import type { UnreadCounts, UnreadOrder } from '../orders/unread-orders.sql.ts';

/** An order that was not read, in a line of a list. */
export function unreadInLine({ storeHash, orderId, since, attention, code, nextTryAt }: UnreadOrder): string {
  const state = attention ? 'needs attention' : 'not read yet';
  const why = code === null ? '' : code.replaceAll('_', ' ');
  const again = nextTryAt ? `; next try ${time(nextTryAt)}` : '';
  return `${`${storeHash}/${orderId}`.padEnd(24)} ${state.padEnd(16)} ${time(since)} ${why}${again}`.trimEnd();
}

/** Why an order was not read, beneath its name. */
export function unreadInLines(unread: UnreadOrder | null): string[] {
  if (!unread) return [];
  const { since, failingSince, tries, triedAt, nextTryAt, failure } = unread;
  if (failingSince === null) return [`  heard of since ${time(since)} UTC, and not looked at yet`];
  return [
    `  cannot be read since ${time(failingSince)} UTC (${tries} tries, the last at ${time(triedAt)}): ${failure ?? 'unknown'}`,
    `  the next try is at ${time(nextTryAt)} UTC; at once: orders reprocess ${unread.storeHash} ${unread.orderId}`,
  ];
}

export function unreadCountsInWords({ waiting, failing, needAttention, oldestFailureMs }: UnreadCounts): string[] {
  const minutes = Math.round(oldestFailureMs / 60_000);
  return [
    ...(waiting > 0 ? [`Heard of and not looked at yet: ${orders(waiting)}.`] : []),
    ...(failing > 0
      ? [
          `Could not be read: ${orders(failing)}, the first for ${minutes} min${needAttention > 0 ? `; for ${needAttention} of them a person has to look` : ''}. See: orders list.`,
        ]
      : []),
  ];
}

const orders = (count: number): string => (count === 1 ? '1 order' : `${count} orders`);
const time = (at: Date | null): string => at?.toISOString().slice(0, 16).replace('T', ' ') ?? 'unknown';

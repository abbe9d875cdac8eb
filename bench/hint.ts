import { createHmac, randomUUID } from 'node:crypto';
import type { BenchStore } from './system.ts';

export interface SignedHint {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A webhook as the shop would deliver it (bigcommerce.md 4): with the hook's own header, and signed. */
export function signedHint(store: BenchStore, orderId: number, id = `msg_${randomUUID()}`): SignedHint {
  const at = String(Math.floor(Date.now() / 1000));
  const body = JSON.stringify({
    producer: `stores/${store.hash}`,
    hash: 'd5a1e2',
    created_at: Number(at),
    store_id: '1001',
    scope: 'store/order/updated',
    data: { type: 'order', id: orderId },
  });
  const signature = createHmac('sha256', store.clientSecret).update(`${id}.${at}.${body}`).digest('base64');
  return {
    path: `/webhooks/bigcommerce/${store.hash}`,
    headers: {
      'content-type': 'application/json',
      'x-lahetti-secret': store.hookSecret,
      'webhook-id': id,
      'webhook-timestamp': at,
      'webhook-signature': `v1,${signature}`,
    },
    body,
  };
}

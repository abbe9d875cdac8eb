import { createHmac } from 'node:crypto';

export interface DeliveryOptions {
  readonly secret?: string | null;
  /** Key of a Standard Webhooks signature; several make several entries. */
  readonly signWith?: readonly string[];
  readonly id?: string;
  /** Milliseconds; what the signature says of its time. */
  readonly at?: number;
  readonly body?: string;
}

/** What BigCommerce would post, as `fetch` takes it. */
export function shopDelivery(payload: unknown, options: DeliveryOptions = {}): RequestInit {
  const body = options.body ?? JSON.stringify(payload);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (options.secret) headers['x-lahetti-secret'] = options.secret;
  if (options.id) headers['webhook-id'] = options.id;
  if (options.signWith) {
    const id = (headers['webhook-id'] ??= 'msg_test');
    const seconds = String(Math.floor((options.at ?? Date.now()) / 1000));
    headers['webhook-timestamp'] = seconds;
    headers['webhook-signature'] = options.signWith
      .map((key) => `v1,${createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')}`)
      .join(' ');
  }
  return { method: 'POST', headers, body };
}

export const orderUpdated = (orderId: number, storeHash = 'kauppa1') => ({
  producer: `stores/${storeHash}`,
  hash: 'd5a1e2',
  created_at: Math.floor(Date.now() / 1000),
  store_id: '1001',
  scope: 'store/order/updated',
  data: { type: 'order', id: orderId },
});

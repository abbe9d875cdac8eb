import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { carriesSecret, signatureOf } from '../../../src/http/webhooks/authenticity.ts';
import { parsePayload } from '../../../src/http/webhooks/payload.ts';

const payload = (said: unknown) => parsePayload(Buffer.from(JSON.stringify(said)));
const orderIn = (scope: string, data: unknown) => payload({ scope, data })?.orderId;

test.each([
  ['store/order/created', { id: 7 }, 7],
  ['store/order/statusUpdated', { id: '7' }, 7],
  ['store/order/metafield/created', { resource_id: 7, id: 1 }, 7],
  ['store/order/transaction/created', { order_id: 7, id: 1 }, 7],
  ['store/shipment/created', { orderId: 7, id: 1 }, 7],
  ['store/channel/12/order/updated', { order_id: 7, id: 1 }, 7],
  ['store/cart/converted', { orderId: 7, id: 1 }, 7],
  ['store/cart/converted/again', { orderId: 7 }, null],
  ['store/channel/x/order/updated', { order_id: 7 }, null],
  ['my/store/order/created', { id: 7 }, null],
  ['my/store/order/metafield/created', { resource_id: 7 }, null],
  ['my/store/order/transaction/created', { order_id: 7 }, null],
  ['my/store/shipment/created', { orderId: 7 }, null],
  ['my/store/channel/12/order/updated', { order_id: 7 }, null],
  ['my/store/cart/converted', { orderId: 7 }, null],
  ['store/product/updated', { id: 7 }, null],
  ['store/order/created', { id: 0 }, null],
  ['store/order/created', { id: -7 }, null],
  ['store/order/created', { id: 7.5 }, null],
  ['store/order/created', { id: '7x' }, null],
  ['store/order/created', { id: 'x7' }, null],
  ['store/order/created', { id: '1'.repeat(16) }, null],
  ['store/order/created', {}, null],
  ['store/order/created', { id: true }, null],
  ['store/order/created', { id: [7] }, null],
  ['store/order/created', 'nothing', null],
])('a webhook %s of %j is about order %s', (scope, data, orderId) => expect(orderIn(scope, data)).toBe(orderId));

test.each([
  [1_750_000_000, '2025-06-15T15:06:40.000Z'],
  [253_402_300_799, '9999-12-31T23:59:59.000Z'],
  [253_402_300_800, undefined],
  [0, undefined],
  [1.5, undefined],
  ['soon', undefined],
])('the time %s of a webhook is %s', (created_at, time) =>
  expect(payload({ scope: 'store/order/created', created_at })?.createdAt?.toISOString()).toBe(time),
);

test.each([
  [null],
  [[]],
  [{}],
  [{ scope: '' }],
  [{ scope: 'x'.repeat(201) }],
  [{ scope: 'store/\u0000' }],
  [{ scope: 7 }],
])('a body of %j is no webhook', (said) => expect(payload(said)).toBeNull());

test('a body that is not JSON is no webhook', () => expect(parsePayload(Buffer.from('{'))).toBeNull());
test('a webhook may have a scope of 200 characters', () =>
  expect(payload({ scope: 'x'.repeat(200) })).toMatchObject({ orderId: null }));

test.each([
  ['right', ['right'], true],
  ['right', ['old', 'right'], true],
  ['right', ['right', 'next'], true],
  ['wrong', ['right', 'next'], false],
  ['right', [], false],
  ['', [''], false],
  [undefined, ['right', ''], false],
])('the secret %j is compared with %j: %s', (given, secrets, known) =>
  expect(carriesSecret(() => given, secrets)).toBe(known),
);

describe('the signature of a delivery', () => {
  const [now, key, body] = [1_750_000_000_000, 'client-secret', Buffer.from('{"scope":"store/order/created"}')];
  const at = (seconds: number) => String(now / 1000 + seconds);
  const sign = (timestamp: string) =>
    `v1,${createHmac('sha256', key).update(`msg_1.${timestamp}.`).update(body).digest('base64')}`;
  const finding = (given: Record<string, string | undefined> = {}) => {
    const timestamp = given['webhook-timestamp'] ?? at(0);
    const header: Record<string, string | undefined> = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': timestamp,
      'webhook-signature': sign(timestamp),
      ...given,
    };
    return signatureOf((name) => header[name], body, key, now);
  };

  test.each([
    ['as it is sent', {}, 'valid'],
    ['five minutes old', { 'webhook-timestamp': at(-300) }, 'valid'],
    ['five minutes ahead', { 'webhook-timestamp': at(300) }, 'valid'],
    ['older', { 'webhook-timestamp': at(-301) }, 'stale'],
    ['further ahead', { 'webhook-timestamp': at(301) }, 'stale'],
    ['none', { 'webhook-signature': undefined }, 'absent'],
    ['without an id', { 'webhook-id': undefined }, 'malformed'],
    ['of another delivery', { 'webhook-id': 'msg_2' }, 'wrong'],
    ['with a time that is none', { 'webhook-timestamp': '1750000000x' }, 'malformed'],
    ['with a time too long', { 'webhook-timestamp': '1750000000000' }, 'malformed'],
    ['one of several', { 'webhook-signature': `v1,AAAA ${sign(at(0))}` }, 'valid'],
    ['of another version', { 'webhook-signature': sign(at(0)).replace('v1', 'v2') }, 'wrong'],
    ['cut short', { 'webhook-signature': sign(at(0)).slice(0, -8) }, 'wrong'],
    ['empty', { 'webhook-signature': '' }, 'wrong'],
  ])('the signature of a delivery is checked: %s', (_name, given, expected) => expect(finding(given)).toBe(expected));
});

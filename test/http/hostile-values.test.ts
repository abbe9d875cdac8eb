import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createToken } from '../../src/auth/tokens.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { aBookedShipment } from './booked-shipment.ts';
import { aStore, serveApp, type ServedApp } from './served-app.ts';
import { orderUpdated, shopDelivery } from './shop-delivery.ts';

let db: TestDatabase;
let app: ServedApp;
let token: string;

beforeAll(async () => {
  db = await testDatabase();
  app = await serveApp(db.pool, { commandPatienceMs: 1 });
  token = (await createToken(db.pool, 'the admin', 'admin')).token;
  await app.stores.connect(aStore('kauppa1'));
  await aBookedShipment(db.pool, { storeHash: 'kauppa1', orderId: 7, pdf: null });
});
afterAll(() => app.close());

let asked = 0;
async function ask(
  method: string,
  path: string,
  body?: string,
): Promise<{ status: number; code: string; detail: string }> {
  const answer = await fetch(`${app.url}/api/v1${path}`, {
    method,
    headers: {
      ...{ authorization: `Bearer ${token}`, 'idempotency-key': `key-${(asked += 1)}`, 'if-match': '"0"' },
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
  });
  return { ...((await answer.json()) as { code: string; detail: string }), status: answer.status };
}

const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('what PostgreSQL cannot keep is refused by name, as the error of who sent it', () => {
  test.each([
    ['a NUL in what is searched for', 'GET', '/attention?reason=a%00b'],
    ['a NUL in a kind of run', 'GET', '/runs?kind=%00'],
    ['a NUL in a subject of the audit', 'GET', '/audit?subject=%00'],
    ['a time before the calendar of the database', 'GET', '/audit?from=-271821-04-20T00:00:00.000Z'],
    ['a time after the calendar of everybody', 'GET', '/exchanges?until=%2B275760-09-13'],
    ['a NUL in a command', 'POST', '/orders/kauppa1/7/change', '{"address": {"city": "a\\u0000b"}}'],
    ['half a surrogate pair in a command', 'POST', '/orders/kauppa1/7/change', '{"address": {"city": "\\ud800"}}'],
    ['a NUL in a note', 'POST', '/orders/kauppa1/7/resolve', '{"note": "\\u0000"}'],
    ['a NUL in a command to many', 'POST', '/commands', '{"kind": "hold", "targets": [{"storeHash": "a\\u0000"}]}'],
    [
      'a NUL in a setting',
      'PATCH',
      '/stores/kauppa1/settings',
      '{"services": {"Pos\\u0000ti": {"service": "PO2103"}}}',
    ],
    ['a NUL in an address to erase', 'POST', '/erasures', '{"email": "a\\u0000@example.com"}'],
    ['a NUL in the name of a store', 'POST', '/stores', '{"name": "\\u0000"}'],
    ['a setting that is nested for ever', 'PATCH', '/stores/kauppa1/settings', nested(15_000)],
    [
      'a shipment beyond all numbers',
      'POST',
      '/labels/pdf',
      '{"orders": [{"storeHash": "kauppa1", "orderId": 7, "n": 2147483648}]}',
    ],
    [
      'a token with the end of its line',
      'POST',
      '/stores',
      '{"storeHash": "a", "clientId": "b", "accessToken": "c\\n"}',
    ],
  ])('a value that PostgreSQL cannot keep is refused by name: %s', async (...row) => {
    const [, method, path, body] = row as [string, string, string, string?];
    const { status, code, detail } = await ask(method, path, body);
    expect([status, code]).toEqual([400, 'invalid_request']);
    expect(detail).toMatch(/^The request is not valid: \S.+\.$/);
  });
});

test('a page after the last of all numbers is empty', async () => {
  const { status } = await ask('GET', `/stores/kauppa1/settings/versions?after=${Number.MAX_SAFE_INTEGER}`);
  expect(status).toBe(200);
});

test('an answer to thousands of mistakes is short', async () => {
  const labels = Array.from({ length: 30_000 }, () => 0);
  const { status, detail } = await ask('POST', '/labels/pdf', JSON.stringify({ labels }));
  expect(status).toBe(400);
  expect(detail.length).toBeLessThan(8_000);
});

test.each([
  ['a scope with a NUL', { scope: 'store/order/\0', data: { id: 7 } }, 400],
  ['a time that is none', { scope: 'store/app/uninstalled', created_at: Number.MAX_SAFE_INTEGER, data: {} }, 200],
])('a webhook with %s is not asked for again and again', async (_name, payload, status) => {
  const signed = { secret: 'current-secret', signWith: ['app-client-secret'] };
  const delivery = shopDelivery({ ...orderUpdated(7), ...payload }, signed);
  expect((await fetch(`${app.url}/webhooks/bigcommerce/kauppa1`, delivery)).status).toBe(status);
});

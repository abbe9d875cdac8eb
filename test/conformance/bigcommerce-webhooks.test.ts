/* eslint-disable @typescript-eslint/no-unsafe-member-access -- wire bodies: the assertions are what checks them */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openShop } from './bigcommerce-shop.ts';

const { call, control, target } = await openShop();
afterAll(() => target.close());

test('the state of the hooks can be asked for: e-mail addresses, hooks, blocked domains (4.1)', async () => {
  const { status, body } = await call('GET', '/v3/hooks/admin');
  expect(status).toBe(200);
  expect(Object.keys((body.data ?? body) as object)).toEqual(expect.arrayContaining(['hooks_list', 'blocked_domains']));
});

if (control !== undefined) {
  interface Received {
    headers: IncomingHttpHeaders;
    text: string;
    scope: string;
    data: Record<string, unknown>;
  }
  let received: Received[] = [];
  let answers: number[] = [];
  const server = createServer((req, res) => {
    const parts: Buffer[] = [];
    req.on('data', (part: Buffer) => parts.push(part));
    req.on('end', () => {
      const text = Buffer.concat(parts).toString();
      received.push({ headers: req.headers, text, ...(JSON.parse(text) as Pick<Received, 'scope' | 'data'>) });
      res.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const destination = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
  const hook = { scope: 'store/order/*', destination, is_active: true, headers: { 'x-secret': 'sesame' } };
  const until = (check: () => void) => vi.waitFor(check, { timeout: 5_000, interval: 10 });
  const orderPath = (id: number) => `/stores/${target.credentials.storeHash}/orders/${id}`;
  const books = async () =>
    (await control.call('GET', `/stores/${target.credentials.storeHash}/books`)).body as {
      deliveries: { pending: number };
    };
  /** Every delivery has an end before the next test begins to count. */
  const settled = () => vi.waitFor(async () => expect((await books()).deliveries.pending).toBe(0), { timeout: 5_000 });

  beforeEach(async () => {
    for (const { id } of (await call('GET', '/v3/hooks')).body.data) await call('DELETE', `/v3/hooks/${id}`);
    await control.call('PUT', '/webhooks', { drop: 0, duplicate: 0, delayMs: 0, reorder: false, paused: false });
    await settled();
    received = [];
    answers = [];
  });

  describe('managing hooks', () => {
    test('a hook is answered with 200, also to DELETE, and its times are Unix seconds (4.1)', async () => {
      const { status, body } = await call('POST', '/v3/hooks', hook);
      expect(status).toBe(200);
      expect(Object.keys(body.data as object)).toEqual(
        'id client_id store_hash scope destination headers is_active created_at updated_at'.split(' '),
      );
      const gone = await call('DELETE', `/v3/hooks/${body.data.id}`);
      expect([gone.status, gone.body.data.id]).toEqual([200, body.data.id]);
    });

    test('a second hook of the same scope and destination is refused, and one whose address is not https (4.1)', async () => {
      await call('POST', '/v3/hooks', hook);
      expect((await call('POST', '/v3/hooks', hook)).status).toBe(409);
      expect((await call('POST', '/v3/hooks', { ...hook, destination: 'http://example.com/x' })).status).toBe(422);
    });

    test('a hook is shown to its own client only (4.1)', async () => {
      await control.account({ token: 'other', clientId: 'other' });
      const { id } = (await call('POST', '/v3/hooks', hook)).body.data;
      expect((await call('GET', '/v3/hooks', undefined, { token: 'other' })).body.data).toEqual([]);
      expect((await call('GET', `/v3/hooks/${id}`, undefined, { token: 'other' })).status).toBe(404);
    });
  });

  describe('deliveries', () => {
    test('webhook deliveries carry ids only, the hook’s own headers and a signature over the raw body (4.2, 4.4)', async () => {
      await call('POST', '/v3/hooks', { ...hook, scope: 'store/order/created' });
      const id = await control.order({ lines: [{ name: 'Cup' }] });
      await until(() => expect(received).toHaveLength(1));
      const [{ headers, text, data }] = received as [Received];
      expect(Object.keys(JSON.parse(text) as object)).toEqual(
        'producer hash created_at store_id scope data'.split(' '),
      );
      expect(data).toEqual({ type: 'order', id });
      expect(headers['x-secret']).toBe('sesame');
      const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`;
      const digest = createHmac('sha256', 'secret-1').update(signed).digest('base64');
      expect(String(headers['webhook-signature']).split(' ')).toContain(`v1,${digest}`);
    });

    test('webhook deliveries tell of an order at status 0, then of its status (9.1)', async () => {
      await call('POST', '/v3/hooks', hook);
      await control.order({ viaIncomplete: true, lines: [{ name: 'Cup' }] });
      const status = { previous_status_id: 0, new_status_id: 11 };
      await until(() => expect(received.map(({ data }) => data)).toContainEqual(expect.objectContaining({ status })));
      expect(received.map(({ scope }) => scope)).toContain('store/order/created');
    });

    test('webhook deliveries tell of our own writes too: a shipment, with orderId in camel case (4.2, 9.3)', async () => {
      await call('POST', '/v3/hooks', hook);
      await call('POST', '/v3/hooks', { ...hook, scope: 'store/shipment/*' });
      const id = await control.order({ lines: [{ name: 'Cup' }] });
      const [line] = (await call('GET', `/v2/orders/${id}/products`)).body;
      const items = [{ order_product_id: line.id, quantity: 1 }];
      const shipment = await call('POST', `/v2/orders/${id}/shipments`, {
        order_address_id: line.order_address_id,
        items,
      });
      const data = { type: 'shipment', id: shipment.body.id, orderId: id };
      await until(() =>
        expect(received).toContainEqual(expect.objectContaining({ scope: 'store/shipment/created', data })),
      );
      await until(() => expect(received.map(({ scope }) => scope)).toContain('store/order/statusUpdated'));
    });

    test('webhook deliveries tell of archiving, refunds and metafields (4.2)', async () => {
      const id = await control.order({ lines: [{ name: 'Cup', quantity: 2 }] });
      await call('POST', '/v3/hooks', hook);
      const [line] = (await call('GET', `/v2/orders/${id}/products`)).body;
      await control.call('PATCH', orderPath(id), { refund: [{ lineId: line.id, quantity: 1 }] });
      const field = { permission_set: 'app_only', namespace: 'n', key: 'k', value: 'v' };
      await call('POST', `/v3/orders/${id}/metafields`, field);
      await control.call('PATCH', orderPath(id), { archived: true });
      const scopes = ['refund/created', 'metafield/created', 'archived'].map((what) => `store/order/${what}`);
      await until(() => expect(received.map(({ scope }) => scope)).toEqual(expect.arrayContaining(scopes)));
      expect(received.find(({ scope }) => scope.includes('metafield'))?.data.resource_id).toBe(String(id));
    });

    test('webhook deliveries that are not acknowledged come again with the same id, after a minute (4.3)', async () => {
      await call('POST', '/v3/hooks', { ...hook, scope: 'store/order/created' });
      answers = [500];
      await control.order({ lines: [{ name: 'Cup' }] });
      await vi.waitFor(async () => expect((await control.call('GET', '/webhooks')).body.pending[0]?.failures).toBe(1));
      await control.call('PUT', '/clock', { advanceMs: 60_000 });
      await until(() => expect(received).toHaveLength(2));
      expect(received[1]?.headers['webhook-id']).toBe(received[0]?.headers['webhook-id']);
    });

    test('webhook deliveries that will come again are reported once in ten minutes, with the hook and 90001 (4.2)', async () => {
      const { id } = (await call('POST', '/v3/hooks', { ...hook, scope: 'store/order/created' })).body.data;
      const elsewhere = { ...hook, scope: 'store/hook/deliveryException', destination: `${destination}/exceptions` };
      await call('POST', '/v3/hooks', elsewhere);
      const exceptions = () => received.filter(({ scope }) => scope === 'store/hook/deliveryException');
      const failed = (failures: number) =>
        vi.waitFor(async () => {
          const { pending } = (await control.call('GET', '/webhooks')).body as {
            pending: { failures: number; hookId: number }[];
          };
          expect(pending).toMatchObject([{ failures, hookId: id }]);
        });
      const later = (ms: number) => control.call('PUT', '/clock', { advanceMs: ms });
      // Of this destination it may have been told just before.
      await later(600_000);
      answers = [503];
      await control.order({ lines: [{ name: 'Cup' }] });
      await until(() => expect(exceptions()).toHaveLength(1));
      expect(exceptions()[0]!.data).toMatchObject({ type: 'webhook', id, error_code: 90001 });

      await failed(1);
      answers = [503];
      await later(180_000);
      await failed(2);
      expect(exceptions()).toHaveLength(1);
      answers = [503];
      await later(600_000);
      await until(() => expect(exceptions()).toHaveLength(2));
      await later(600_000);
      await settled();
    });

    test('webhook deliveries that fail twelve times over two days switch their hook off (4.3)', async () => {
      const { id } = (await call('POST', '/v3/hooks', { ...hook, scope: 'store/order/created' })).body.data;
      answers = Array.from({ length: 12 }, () => 503);
      await control.order({ lines: [{ name: 'Cup' }] });
      for (let tries = 1; tries < 12; tries++) {
        await until(() => expect(received).toHaveLength(tries));
        await vi.waitFor(async () =>
          expect((await control.call('GET', '/webhooks')).body.pending[0]?.failures).toBe(tries),
        );
        await control.call('PUT', '/clock', { advanceMs: 86_400_000 });
      }
      await vi.waitFor(async () => expect((await call('GET', `/v3/hooks/${id}`)).body.data.is_active).toBe(false));
      expect(received).toHaveLength(12);
    });

    test('webhook deliveries that fail in a hundred tries of two minutes block their domain for three, for all hooks there (4.3)', async () => {
      await control.call('POST', '/stores', {
        ...{ hash: target.credentials.storeHash, token: 'blocked', clientId: 'blocked', clientSecret: 'blocked' },
      });
      const asked = { token: 'blocked' };
      const made = { ...hook, scope: 'store/order/created' };
      await call('POST', '/v3/hooks', made, asked);
      await call('POST', '/v3/hooks', { ...made, scope: 'store/shipment/*', destination: `${destination}/2` }, asked);
      const blockedDomains = async (opts?: { token: string }) =>
        (await call('GET', '/v3/hooks/admin', undefined, opts)).body.data.blocked_domains as object[];

      // Nine of ten succeed: that is enough.
      answers = Array.from({ length: 100 }, (_, n) => (n % 10 === 0 ? 503 : 200));
      const place = (count: number) =>
        Promise.all(Array.from({ length: count }, () => control.order({ lines: [{ name: 'Cup' }] })));
      await place(100);
      await until(() => expect(received).toHaveLength(100));
      expect(await blockedDomains(asked)).toEqual([]);
      await control.call('PUT', '/clock', { advanceMs: 3_600_000 });
      await settled();
      // What was tried again just now is no part of the next window.
      await control.call('PUT', '/clock', { advanceMs: 3_600_000 });

      answers = Array.from({ length: 100 }, () => 503);
      received = [];
      await place(99);
      await until(() => expect(received).toHaveLength(99));
      expect(await blockedDomains(asked)).toEqual([]);
      await place(1);
      await vi.waitFor(async () => expect(await blockedDomains(asked)).toHaveLength(1));
      const [blocked] = (await blockedDomains(asked)) as [{ time_left: number }];
      expect(blocked).toEqual({
        destination: new URL(destination).origin,
        time_left: expect.any(Number),
        reasons: [{ failure_description: expect.any(String), count: 100, timestamp: expect.any(Number) }],
      });
      expect([blocked.time_left > 170, blocked.time_left <= 180]).toEqual([true, true]);
      // It is the account's, and not the store's.
      expect(await blockedDomains()).toEqual([]);

      received = [];
      answers = [];
      await control.order({ lines: [{ name: 'Cup' }] });
      await vi.waitFor(async () => expect((await books()).deliveries.pending).toBe(101));
      await control.call('PUT', '/clock', { advanceMs: 100_000 });
      expect(received).toEqual([]);
      await control.call('PUT', '/clock', { advanceMs: 200_000 });
      await until(() => expect(received).toHaveLength(101));
      expect(await blockedDomains(asked)).toEqual([]);
      for (const { id } of (await call('GET', '/v3/hooks', undefined, asked)).body.data)
        await call('DELETE', `/v3/hooks/${id}`, undefined, asked);
    });

    test('a hook without events for 90 days is switched off, and its state says that the shop did it (4.1)', async () => {
      const { id } = (await call('POST', '/v3/hooks', { ...hook, scope: 'store/order/created' })).body.data;
      const off = (await call('POST', '/v3/hooks', { ...hook, scope: 'store/order/archived', is_active: false })).body
        .data;
      const states = async () => {
        const { hooks_list } = (await call('GET', '/v3/hooks/admin')).body.data;
        const list = hooks_list as { id: number; status: string }[];
        return [id, off.id].map((each) => list.find((it) => it.id === each)?.status);
      };
      await control.call('PUT', '/clock', { advanceMs: 89 * 86_400_000 });
      expect(await states()).toEqual(['active', 'inactive']);
      await control.order({ lines: [{ name: 'Cup' }] });
      await until(() => expect(received).toHaveLength(1));
      await control.call('PUT', '/clock', { advanceMs: 89 * 86_400_000 });
      expect(await states()).toEqual(['active', 'inactive']);
      await control.call('PUT', '/clock', { advanceMs: 2 * 86_400_000 });
      expect(await states()).toEqual(['deactivated', 'inactive']);
      await call('PUT', `/v3/hooks/${id}`, { is_active: true });
      expect(await states()).toEqual(['active', 'inactive']);
    });

    test('webhook deliveries get lost, come twice and change places (4.3)', async () => {
      await call('POST', '/v3/hooks', { ...hook, scope: 'store/order/created' });
      await control.call('PUT', '/webhooks', { drop: 1, duplicate: 1, reorder: true });
      const ids: number[] = [];
      for (const name of ['Lost', 'Twice', 'Once']) ids.push(await control.order({ lines: [{ name }] }));
      await until(() => expect(received).toHaveLength(3));
      expect(received.map(({ data }) => data.id)).toEqual(expect.arrayContaining([ids[1], ids[1], ids[2]]));
      const twins = received.filter(({ data }) => data.id === ids[1]);
      expect(twins[0]?.headers['webhook-id']).toBe(twins[1]?.headers['webhook-id']);
      expect(twins[0]?.text).toBe(twins[1]?.text);
    });
  });
}

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBigCommerce } from '../../sandbox/bigcommerce/app.ts';
import { createClock } from '../../sandbox/clock.ts';
import { listen } from '../../sandbox/stand-in.ts';

interface Books {
  orders: { id: number; status_id: number; shipments: { tracking_number: string; answered: string }[] }[];
  requests: { total: number; throttled: number; byRoute: Record<string, number> };
  deliveries: { acknowledged: number; pending: number };
}

let stateDir: string;
let shop: { url: string; close(): Promise<void> };
const open = () => listen(createBigCommerce, { clock: createClock(), stateDir, log: () => {} }, 0);

async function control(method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${shop.url}/_control${path}`, { method, body: JSON.stringify(body) });
  const text = await answer.text();
  return text === '' ? undefined : JSON.parse(text);
}

const books = () => control('GET', '/stores/abc/books') as Promise<Books>;

function post(path: string, body: unknown): Promise<Response> {
  const headers = { 'x-auth-token': 'token-1', 'content-type': 'application/json' };
  return fetch(`${shop.url}/stores/abc${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function ship(trackingNumber: string): Promise<Response> {
  const { id } = (await control('POST', '/stores/abc/orders', { lines: [{ name: 'Cup' }] })) as { id: number };
  const order = (await control('GET', `/stores/abc/orders/${id}`)) as {
    addresses: { id: number }[];
    lines: { id: number }[];
  };
  const items = order.lines.map((line) => ({ order_product_id: line.id, quantity: 1 }));
  return post(`/v2/orders/${id}/shipments`, {
    order_address_id: order.addresses[0]?.id,
    tracking_number: trackingNumber,
    items,
  });
}

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'sandbox-'));
  shop = await open();
  await control('POST', '/stores', { hash: 'abc', token: 'token-1', clientId: 'client-1', clientSecret: 'secret-1' });
});
afterEach(async () => {
  await shop.close();
  await rm(stateDir, { recursive: true });
});

describe('harm on request', () => {
  test.each(['hangup-after', 'half-answer', 'garbage', 'html'])(
    'a shipment exists after "%s", though its answer could not be read',
    async (kind) => {
      await control('POST', '/faults', { kind, method: 'POST', path: '/shipments$' });
      const read = ship('JJFI1').then((answer) => answer.json());
      await expect(read).rejects.toThrow();
      await vi.waitFor(async () => {
        const [order] = (await books()).orders;
        expect(order?.shipments).toEqual([expect.objectContaining({ tracking_number: 'JJFI1', answered: 'cut' })]);
      });
    },
  );

  test.each(['hangup-before', 'refuse'])('a call that meets "%s" changes nothing', async (kind) => {
    await control('POST', '/faults', { kind, match: 'JJFI1' });
    await expect(ship('JJFI1')).rejects.toThrow();
    expect((await books()).orders[0]?.shipments).toEqual([]);
    expect((await ship('JJFI1')).status).toBe(201);
  });

  test('a 500 may come after success, with the body that was asked for', async () => {
    await control('POST', '/faults', { kind: 'status', status: 502, after: true, body: 'Bad gateway' });
    const answer = await ship('JJFI1');
    expect([answer.status, await answer.text()]).toEqual([502, 'Bad gateway']);
    expect((await books()).orders[0]?.shipments).toHaveLength(1);
  });

  test('a 429 may come without rate headers, as often as asked for', async () => {
    await control('POST', '/faults', { kind: 'throttle', times: 2 });
    const answers = [await ship('A'), await ship('B'), await ship('C')];
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 201]);
    expect(answers[0]?.headers.has('x-rate-limit-requests-left')).toBe(false);
    expect((await books()).requests).toMatchObject({ throttled: 2, byRoute: { 'POST /v2/orders/:id/shipments': 3 } });
  });

  test('a fault that is meant for one text meets that, also where one that is meant for any was asked for before', async () => {
    await control('POST', '/faults', { kind: 'throttle' });
    await control('POST', '/faults', { kind: 'status', status: 502, match: 'JJFI2' });
    const answers = [await ship('JJFI2'), await ship('JJFI1'), await ship('JJFI1')];
    expect(answers.map(({ status }) => status)).toEqual([502, 429, 201]);
  });
});

test('a control call that makes no sense is refused with the reason', async () => {
  expect(await control('POST', '/faults', { kind: 'flood' })).toEqual({ error: expect.stringContaining('flood') });
  expect(await control('PUT', '/clock', { advanceMs: -1 })).toEqual({ error: expect.stringContaining('forward') });
});

test('a home page shows the newest orders, whatever their names hold', async () => {
  const shippingAddresses = [{ firstName: '<b>Aino' }];
  await control('POST', '/stores/abc/orders', { shippingAddresses, lines: [{ name: 'Cup' }] });
  const page = await (await fetch(`${shop.url}/`)).text();
  expect(page).toContain('Awaiting Fulfillment');
  expect(page).not.toContain('<b>Aino');
});

test('a restart keeps orders and goes on with deliveries that were not acknowledged', async () => {
  const received: string[] = [];
  const receiver = createServer((req, res) => {
    received.push(String(req.headers['webhook-id']));
    req.resume().on('end', () => res.end());
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const destination = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  await post('/v3/hooks', { scope: 'store/order/created', destination, is_active: true });
  await control('PUT', '/webhooks', { paused: true });
  await ship('JJFI1');
  const before = await books();
  expect([before.deliveries.pending, received]).toEqual([1, []]);

  await shop.close();
  shop = await open();
  await control('PUT', '/webhooks', { paused: false });
  await vi.waitFor(async () => expect((await books()).deliveries).toMatchObject({ acknowledged: 1, pending: 0 }));
  expect(received).toHaveLength(1);
  expect((await books()).orders).toEqual(before.orders);
  receiver.closeAllConnections();
  receiver.close();
});

test('the clock that was made fast makes retries come soon', async () => {
  let tries = 0;
  const receiver = createServer((req, res) => {
    tries++;
    req.resume().on('end', () => res.writeHead(tries === 1 ? 500 : 200).end());
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const destination = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  await control('PUT', '/clock', { speed: 1000 });
  await post('/v3/hooks', { scope: 'store/order/created', destination, is_active: true });
  await ship('JJFI1');
  await vi.waitFor(() => expect(tries).toBe(2), { timeout: 5_000 });
  receiver.closeAllConnections();
  receiver.close();
});

test('the books count what was carried out, not what callers were told', async () => {
  await ship('JJFI1');
  const { orders, requests } = await books();
  expect(orders[0]).toMatchObject({ status_id: 2, shipments: [{ tracking_number: 'JJFI1' }] });
  await vi.waitFor(async () => expect((await books()).orders[0]?.shipments[0]?.answered).toBe('whole'));
  expect(requests.total).toBe(1);
});

describe('what is odd about a shop or an order', () => {
  const read = async (path: string) => {
    const answer = await fetch(`${shop.url}/stores/abc${path}`, {
      headers: { 'x-auth-token': 'token-1', accept: 'application/json' },
    });
    return (await answer.json()) as Record<string, unknown>;
  };
  const place = async (draft: object) =>
    ((await control('POST', '/stores/abc/orders', { lines: [{ name: 'Cup' }], ...draft })) as { id: number }).id;

  test('an order that is made unreadable has an invalid date until it is changed, and the others are as usual', async () => {
    const [odd, other] = [await place({ unreadable: true }), await place({})];
    const dateOf = async (id: number) => new Date((await read(`/v2/orders/${id}`)).date_created as string).getTime();
    expect(await dateOf(odd)).toBeNaN();
    expect(await dateOf(other)).toBeGreaterThan(0);
    await control('PATCH', `/stores/abc/orders/${odd}`, { unreadable: false });
    expect(await dateOf(odd)).toBeGreaterThan(0);
  });

  test('a shop that weighs by another unit tells of it once, and the numbers of its orders stay', async () => {
    const id = await place({ lines: [{ name: 'Cup', weight: 400 }] });
    const told: string[] = [];
    const server = createServer((req, res) => {
      req.on('data', (part: Buffer) => told.push((JSON.parse(part.toString()) as { scope: string }).scope));
      req.on('end', () => res.end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const destination = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
    await post('/v3/hooks', { scope: 'store/information/updated', destination, is_active: true });
    for (let i = 0; i < 2; i++) await control('PUT', '/stores/abc/units', { weightUnits: 'KGS' });
    await vi.waitFor(async () => expect((await books()).deliveries).toMatchObject({ acknowledged: 1, pending: 0 }));
    expect(told).toEqual(['store/information/updated']);
    expect(await read('/v2/store')).toMatchObject({ weight_units: 'KGS' });
    expect(JSON.stringify(await read(`/v2/orders/${id}/products`))).toContain('"weight":"400.0000"');
    server.closeAllConnections();
    server.close();
  });
});

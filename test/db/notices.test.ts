import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { reopen, stopUntil } from '../../src/health/system-health.sql.ts';
import { countsOfAttention } from '../../src/orders/attention.sql.ts';
import { createHttpSender } from '../../src/http-client/sender.ts';
import { createLog } from '../../src/log.ts';
import { countAttention } from '../../src/metrics/database-readings.sql.ts';
import { takeNotice } from '../../src/notices/notices.sql.ts';
import { createNotifier } from '../../src/notices/notifier.ts';
import { listUnread } from '../../src/orders/unread-orders.sql.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { eventually } from '../support/wait.ts';
import { aStore } from './inbox-rows.ts';
import { anOrderDesk } from './order-desk.ts';

let db: TestDatabase;
const endings: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  await db.pool.query(
    'truncate lahetti.stores, lahetti.orders, lahetti.system_health, lahetti.notices, lahetti.notice_subjects restart identity cascade',
  );
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly body: { readonly type: string; readonly data: Record<string, unknown> };
}

/** Somebody who listens over real HTTP; answers with what `answers` says next, and 204 after that. */
async function aReceiver(answers: number[] = []) {
  const received: Received[] = [];
  const server = createServer((req, res) => {
    let text = '';
    req.on('data', (chunk: Buffer) => (text += chunk.toString()));
    req.on('end', () => {
      received.push({ headers: req.headers, text, body: JSON.parse(text) as Received['body'] });
      res.writeHead(answers.shift() ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => new Promise((resolve) => server.close(resolve)));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return { received, url };
}

const secret = `whsec_${randomBytes(32).toString('base64')}`;

/** One of our processes, a hundred times faster than real. */
function aNotifier(url: string | null) {
  const lines: string[] = [];
  const sender = createHttpSender();
  const notifier = createNotifier({
    ...{ pool: db.pool, sender, speed: 100 },
    receiver: url === null ? null : { url, secret },
    log: createLog({ level: 'info', destination: { write: (line) => void lines.push(line) } }),
  });
  notifier.start();
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= notifier.stop().then(() => sender.close()));
  endings.push(stop);
  return { lines, stop };
}

const posti = { system: 'posti', account: '7' } as const;
const types = (received: readonly Received[]) => received.map(({ body }) => body.type);

test('a refused account is told once, signed, and its end too, however many processes look', async () => {
  const { received, url } = await aReceiver();
  const [first] = [aNotifier(url), aNotifier(url), aNotifier(url)];
  await stopUntil(db.pool, posti, 'closed', 'posti_unauthorized', 60_000);
  await eventually(() => received.length === 1);
  await reopen(db.pool, posti);
  await eventually(() => received.length === 2);
  expect(received.map(({ body }) => body)).toMatchObject([
    { type: 'account.closed', data: { system: 'posti', account: '7', reason: 'posti_unauthorized' } },
    { type: 'account.resumed', data: { system: 'posti', account: '7', state: 'open' } },
  ]);
  for (const { headers, text } of received) {
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${text}`;
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const expected = createHmac('sha256', key).update(signed).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
  }
  expect(first).toBeDefined();
});

test('a pause is told when it lasts, and not when it is short', async () => {
  const { received, url } = await aReceiver();
  aNotifier(url);
  await stopUntil(db.pool, { ...posti, account: 'short' }, 'paused', 'throttled', 1_000);
  await reopen(db.pool, { ...posti, account: 'short' });
  await stopUntil(db.pool, { ...posti, account: 'long' }, 'paused', 'posti_unavailable', 60_000);
  await eventually(() => received.length === 1);
  await stopUntil(db.pool, { ...posti, account: 'last' }, 'closed', 'posti_unauthorized', 60_000);
  await eventually(() => received.length === 2);
  expect(received.map(({ body }) => [body.type, body.data['account']])).toEqual([
    ['account.paused', 'long'],
    ['account.closed', 'last'],
  ]);
});

test('a new reason for attention is told once for all orders that have it, without anybody in it', async () => {
  const { received, url } = await aReceiver();
  const { lines } = aNotifier(url);
  const settings = { defaultService: null };
  const desk = await anOrderDesk(db.pool, { settings });
  await desk.look();
  await eventually(() => received.length === 1);
  expect(received[0]?.body).toMatchObject({
    type: 'attention.raised',
    data: { storeHash: desk.ref.storeHash, reason: 'service_not_chosen', count: 1 },
  });
  // The second order of the same store and reason is no news; when none was left, the next one is.
  await db.pool
    .query(`insert into lahetti.orders (store_id, order_id, status_id, channel_id, currency, total_minor, units_total,
     created_at, modified_at, digest, people_order, phase) select store_id, order_id + 1, 11, 1, 'EUR', 1, 1, now(), now(), 'd', '{}', phase from lahetti.orders`);
  await db.pool.query(
    `insert into lahetti.shipments (order_pk, n, address_id, attention)
     select o.id, 1, 1, s.attention from lahetti.orders o, lahetti.shipments s where o.order_id = $1`,
    [desk.ref.orderId + 1],
  );
  await db.pool.query(`update lahetti.shipments set attention = null`);
  await eventually(async () => (await db.pool.query('select from lahetti.notice_subjects')).rowCount === 0);
  await db.pool.query(`update lahetti.shipments set attention = '{"code": "service_not_chosen"}'`);
  await eventually(() => received.length === 2);
  expect(types(received)).toEqual(['attention.raised', 'attention.raised']);
  expect(received[1]?.body.data['count']).toBe(2);
  expect(lines.join('')).toContain('service not chosen');
  expect(received.map(({ text }) => text).join('') + lines.join('')).not.toMatch(/Aino|Kuusela|katu|@/);
});

test('an order that cannot be read is told of, listed and counted where its store is connected, and nowhere where it is not', async () => {
  const unreadOf = async (state: 'connected' | 'disconnected') => {
    const store = await aStore(db.pool, { state });
    await db.pool.query(`insert into lahetti.unread_orders (store_id, order_id, attention) values ($1, 7, $2)`, [
      store.id,
      JSON.stringify({ code: 'order_unreadable', since: new Date().toISOString(), commands: ['reprocess'] }),
    ]);
    return store.storeHash;
  };
  await unreadOf('disconnected');
  const storeHash = await unreadOf('connected');
  const { url, received } = await aReceiver();
  aNotifier(url);
  await eventually(() => received.length > 0);
  await eventually(async () => (await takeNotice(db.pool, 1_000)) === undefined);

  expect(received.map(({ body }) => body.data['storeHash'])).toEqual([storeHash]);
  expect((await listUnread(db.pool, { limit: 10 })).map((order) => order.storeHash)).toEqual([storeHash]);
  expect(await countsOfAttention(db.pool, {})).toMatchObject([{ storeHash, count: 1 }]);
  expect(await countAttention(db.pool)).toEqual([{ name: 'order_unreadable', count: 1 }]);
});

test('a notice that is refused or not answered is sent again as the same message until it is taken', async () => {
  const { received, url } = await aReceiver([500, 302, 503]);
  aNotifier(url);
  await stopUntil(db.pool, posti, 'closed', 'posti_unauthorized', 60_000);
  await eventually(() => received.length === 4);
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  await eventually(async () => {
    const { rows } = await db.pool.query<Record<string, unknown>>(
      'select tries, delivered_at, failure from lahetti.notices',
    );
    return (
      rows.length === 1 && rows[0]!['tries'] === 4 && rows[0]!['delivered_at'] !== null && rows[0]!['failure'] === null
    );
  });
});

test('a notice that a process had taken when it died is delivered by another', async () => {
  const { received, url } = await aReceiver();
  const deaf = aNotifier('http://127.0.0.1:9/');
  await stopUntil(db.pool, posti, 'closed', 'posti_unauthorized', 60_000);
  await eventually(async () => (await db.pool.query('select from lahetti.notices where tries > 0')).rowCount === 1);
  await deaf.stop();
  await db.pool.query('update lahetti.notices set next_try_at = now()');
  // Taken, and never heard of again.
  expect(await takeNotice(db.pool, 300)).toMatchObject({ kind: 'account.closed' });
  aNotifier(url);
  await eventually(() => received.length === 1);
});

test('notices without a receiver are in the log alone', async () => {
  const { lines } = aNotifier(null);
  await stopUntil(db.pool, posti, 'closed', 'posti_unauthorized', 60_000);
  await eventually(() => lines.some((line) => line.includes('somebody has to mend it')));
  expect((await db.pool.query('select from lahetti.notices where next_try_at is not null')).rowCount).toBe(0);
});

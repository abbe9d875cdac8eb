import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createChangeFeed } from '../../src/changes/feed.ts';
import { forgetChanges } from '../../src/changes/changes.sql.ts';
import { stopUntil } from '../../src/health/system-health.sql.ts';
import { createToken } from '../../src/auth/tokens.ts';
import { anOrderDesk } from '../db/order-desk.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { eventually } from '../support/wait.ts';
import { aStore, serveApp, type ServedApp } from './served-app.ts';

let db: TestDatabase;
let app: ServedApp;
let token: string;
beforeAll(async () => {
  db = await testDatabase();
  app = await serveApp(db.pool);
  token = (await createToken(db.pool, 'console', 'viewer')).token;
  await app.stores.connect(aStore('kauppa1'));
});
afterAll(() => app.close());
beforeEach(async () => {
  await db.pool.query('truncate lahetti.system_health');
});

interface Event {
  readonly id: number;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** A stream that is read as it comes. */
async function listen({ url = app.url, after, query = '' }: { url?: string; after?: number; query?: string } = {}) {
  const ended = new AbortController();
  const answer = await fetch(`${url}/api/v1/events${query}`, {
    signal: ended.signal,
    headers: { authorization: `Bearer ${token}`, ...(after === undefined ? {} : { 'last-event-id': String(after) }) },
  });
  const events: Event[] = [];
  const stream = { status: answer.status, type: answer.headers.get('content-type'), events, text: '', over: false };
  const read = async () => {
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      stream.text += Buffer.from(chunk).toString();
      events.splice(0, events.length, ...stream.text.split('\n\n').slice(0, -1).flatMap(toEvent));
    }
  };
  void read()
    .catch(() => {})
    .finally(() => (stream.over = true));
  // From its first words on it follows.
  await eventually(() => stream.text.includes('retry:'));
  return { ...stream, stream, events, close: () => ended.abort() };
}

function toEvent(block: string): Event[] {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  const data = field('data');
  return data === undefined
    ? []
    : [{ id: Number(field('id')), event: field('event')!, data: JSON.parse(data) as Record<string, unknown> }];
}

const pause = (account: string) => stopUntil(db.pool, { system: 'posti', account }, 'paused', 'http_503', 60_000);
/** Begins where the stream is: what came before it is another test's. */
const upToNow = async () => {
  const first = await listen();
  await pause(`marker ${Math.random()}`);
  const [marker] = await eventually(() => first.events.length > 0 && first.events);
  first.close();
  return marker!.id;
};

describe('the stream of events', () => {
  test('the stream of events tells of orders, shipments, attention, systems and stores as they change, with ids and states alone', async () => {
    const console = await listen();
    expect(console).toMatchObject({ status: 200, type: expect.stringContaining('text/event-stream') });
    const desk = await anOrderDesk(db.pool, { settings: { defaultService: null } });
    await desk.look();
    await pause('7');
    await app.stores.setState('kauppa1', 'paused', 'aino');
    await app.stores.setState('kauppa1', 'connected', 'aino');
    const { storeHash, orderId } = desk.ref;
    await eventually(() => {
      expect(console.events.map(({ event, data }) => ({ event, ...data }))).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ event: 'order', storeHash, orderId, phase: 'needs_attention' }),
          expect.objectContaining({ event: 'shipment', storeHash, orderId, n: 1, attention: 'service_not_chosen' }),
          expect.objectContaining({ event: 'system', system: 'posti', account: '7', state: 'paused' }),
          expect.objectContaining({ event: 'store', storeHash: 'kauppa1', state: 'paused' }),
        ]),
      );
      return true;
    });
    expect(console.stream.text).not.toMatch(/Aino|Kuusela|katu|@|\+358/i);
    console.close();
  });

  test('the stream of events goes on after the last event that was seen, without a gap and without a double', async () => {
    const start = await upToNow();
    const accounts = Array.from({ length: 30 }, (_, i) => `a${i}`);
    const first = await listen({ after: start });
    await Promise.all(accounts.slice(0, 15).map(pause));
    await eventually(() => first.events.length >= 10);
    const seen = first.events.slice(0, 10);
    first.close();
    await Promise.all(accounts.slice(15).map(pause));
    const second = await listen({ after: seen.at(-1)!.id });
    await eventually(() => second.events.length >= 20);
    const all = [...seen, ...second.events];
    expect(all.map(({ data }) => data['account']).sort()).toEqual([...accounts].sort());
    expect(all.map(({ id }) => id)).toEqual([...all.map(({ id }) => id)].sort((a, b) => a - b));
    second.close();
  });

  test('the stream of events leaves nothing out that was committed later than what came after it', async () => {
    const start = await upToNow();
    const console = await listen({ after: start });
    const slow = await db.pool.connect();
    await slow.query('begin');
    await stopUntil(slow, { system: 'posti', account: 'slow' }, 'paused', 'http_503', 60_000);
    await pause('quick');
    await eventually(() => console.events.length === 1);
    await slow.query('commit');
    slow.release();
    await eventually(() => console.events.length === 2);
    expect(console.events.map(({ data }) => data['account'])).toEqual(['quick', 'slow']);
    console.close();
    const again = await listen({ after: console.events[0]!.id });
    await eventually(() => again.events.length === 1);
    expect(again.events[0]?.data['account']).toBe('slow');
    again.close();
  });

  test('the stream of events is the same from every process', async () => {
    const other = await serveApp(db.pool);
    const start = await upToNow();
    const streams = [await listen({ after: start }), await listen({ after: start, url: other.url })];
    await Promise.all(Array.from({ length: 20 }, (_, i) => pause(`p${i}`)));
    await eventually(() => streams.every(({ events }) => events.length === 20));
    expect(streams[0]!.events).toEqual(streams[1]!.events);
    for (const stream of streams) stream.close();
    await other.close();
  });

  test('the stream of events of one store leaves out the others, and not Posti', async () => {
    const start = await upToNow();
    const console = await listen({ after: start, query: '?store=kauppa1' });
    const other = await anOrderDesk(db.pool);
    await other.look();
    await stopUntil(db.pool, { system: 'bigcommerce', account: 'kauppa1' }, 'paused', 'throttled', 1_000);
    await pause('shared');
    await eventually(() => console.events.length === 2);
    expect(console.events.map(({ data }) => data['system'])).toEqual(['bigcommerce', 'posti']);
    console.close();
  });

  test('the stream of events says that events were missed where they are not kept any more', async () => {
    const start = await upToNow();
    for (const account of ['x', 'y', 'z']) await pause(account);
    const console = await listen({ after: start });
    await eventually(() => console.events.length === 3);
    console.close();
    await forgetChanges(db.pool, 0);
    const late = await listen({ after: start });
    await eventually(() => late.events.length === 1);
    expect(late.events[0]).toMatchObject({ event: 'missed', id: console.events.at(-1)!.id });
    late.close();
    const strange = await listen({ after: 999_999_999 });
    await eventually(() => strange.events[0]?.event === 'missed');
    strange.close();
  });
});

describe('a process', () => {
  test('a process serves a bounded number of event streams, shows that it is alive, and ends each in time', async () => {
    const small = await serveApp(db.pool, { eventLimits: { streams: 1, heartbeatMs: 20, lifeMs: 600 } });
    const first = await listen({ url: small.url });
    const refused = await fetch(`${small.url}/api/v1/events`, { headers: { authorization: `Bearer ${token}` } });
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await refused.json()).toMatchObject({ code: 'too_many_streams' });
    await eventually(() => first.stream.text.includes(': still here'));
    await eventually(() => first.stream.over);
    const next = await listen({ url: small.url });
    expect(next.status).toBe(200);
    next.close();
    await small.close();
  });

  test('a process closes an event stream whose client does not read, and buffers nothing for it', async () => {
    const start = await upToNow();
    const changes = createChangeFeed({ pool: db.pool, log: { warn: () => {} }, pollMs: 20 });
    const small = await serveApp(db.pool, { changes, eventLimits: { waitingBytes: 1_024, roomMs: 200 } });
    const { hostname, port } = new URL(small.url);
    const sleeper: Socket = connect(Number(port), hostname);
    sleeper.pause();
    const gone = new Promise<void>((resolve) => sleeper.once('close', () => resolve()));
    sleeper.on('error', () => {});
    sleeper.write(
      `GET /api/v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\nlast-event-id: ${start}\r\n\r\n`,
    );
    await db.pool.query(
      `insert into lahetti.changes (kind, store_hash, data)
       select 'order', 'kauppa1', jsonb_build_object('orderId', n, 'filler', repeat('x', 4000)) from generate_series(1, 5000) n`,
    );
    await eventually(() => changes.followers() === 1);
    await eventually(() => changes.followers() === 0, { within: 15_000 });
    // What the kernel had already taken is still to be read before the end is seen.
    sleeper.resume();
    await gone;
    changes.stop();
    await small.close();
  });
});

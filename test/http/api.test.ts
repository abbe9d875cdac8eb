import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createToken } from '../../src/auth/tokens.ts';
import type { Role } from '../../src/auth/roles.ts';
import { revokeToken } from '../../src/auth/tokens.sql.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { aStore, serveApp, type ServedApp } from './served-app.ts';

let db: TestDatabase;
let app: ServedApp;
const tokens = {} as Record<Role, string>;

beforeAll(async () => {
  db = await testDatabase();
  app = await serveApp(db.pool);
  for (const role of ['viewer', 'operator', 'admin'] as const) {
    tokens[role] = (await createToken(db.pool, `the ${role}`, role)).token;
  }
});
afterAll(() => app.close());
beforeEach(async () => {
  await db.pool.query('truncate lahetti.stores, lahetti.orders, lahetti.exchanges restart identity cascade');
  app.engine.live = { kind: 'not_running' };
  app.engine.ok = true;
  await app.stores.connect(aStore('kauppa1'));
  await aBookedOrder(10482);
});

const get = (path: string, token: string | null = tokens.operator, method = 'GET') =>
  fetch(app.url + path, { method, headers: token === null ? {} : { authorization: `Bearer ${token}` } });
const problem = async (answer: Response) => {
  expect(answer.headers.get('content-type')).toMatch('application/problem+json');
  const { status, code } = (await answer.json()) as { status: number; code: string };
  expect(status).toBe(answer.status);
  return { status, code };
};

const pdf = Buffer.from('%PDF-1.7 not really');

/** Order with one shipment: a booking that was superseded and one that is live, each with its label (ids 1 and 2). */
async function aBookedOrder(orderId: number) {
  await db.pool.query(
    `with o as (
       insert into lahetti.orders (store_id, order_id, status_id, channel_id, currency, total_minor, units_total,
         created_at, modified_at, digest, people_order, phase)
       values (1, $1, 11, 1, 'EUR', 4990, 1, now(), now(), 'd',
         '{"addresses": [{"firstName": "Kanarialintu", "city": "Oulu", "country": "FI"}]}', 'under_way') returning id
     ), s as (
       insert into lahetti.shipments (order_pk, n, address_id, phase, booked_at)
       select id, 1, 5, 'booked', now() from o returning id
     ), a as (
       insert into lahetti.booking_attempts
         (shipment_id, attempt, revision, reference, request_hash, owner, state, take_over_at, watch)
       select s.id, v.attempt, 1, v.reference, 'h', gen_random_uuid(), v.state, now(), v.watch from s,
         (values (1, '1-' || $1 || '-1-1', 'superseded', 'superseded'), (2, '1-' || $1 || '-1-2', 'live', null))
           as v (attempt, reference, state, watch) order by 2 returning id, shipment_id, attempt
     ), p as (
       insert into lahetti.parcels (shipment_id, attempt_id, position, tracking_number, weight_grams)
       select shipment_id, id, 1, 'JJFI' || $1 || attempt, 1200 from a
     )
     insert into lahetti.labels (shipment_id, attempt_id, kind, media, pdf)
     select shipment_id, id, 'label', 'A5', $2 from a order by attempt`,
    [orderId, pdf],
  );
}

describe('a request to the API', () => {
  test('a request to the API without a token, with a made up one, or with one that was revoked is answered 401', async () => {
    expect(await problem(await get('/api/v1/stores', null))).toEqual({ status: 401, code: 'token_missing' });
    const madeUp = `lht_${'A'.repeat(43)}`;
    expect(await problem(await get('/api/v1/stores', madeUp))).toEqual({ status: 401, code: 'token_not_valid' });
    const { token } = await createToken(db.pool, `leaver ${Date.now()}`, 'admin');
    expect((await get('/api/v1/stores', token)).status).toBe(200);
    const { rows } = await db.pool.query<{ name: string }>(
      'select name from lahetti.api_tokens order by id desc limit 1',
    );
    await revokeToken(db.pool, rows[0]!.name);
    expect((await get('/api/v1/stores', token)).status).toBe(401);
  });

  test('a request to the API beyond the role of its token is answered 403', async () => {
    expect(await problem(await get('/api/v1/labels/2.pdf', tokens.viewer))).toEqual({
      status: 403,
      code: 'role_too_low',
    });
  });

  test('a request to the API for an order or a path that we do not have is a 404 that says so', async () => {
    expect(await problem(await get('/api/v1/orders/kauppa1/99'))).toEqual({ status: 404, code: 'unknown_order' });
    expect(await problem(await get('/api/v1/nothing'))).toEqual({ status: 404, code: 'no_such_path' });
    expect(await problem(await get('/api/v1/orders/kauppa1/12x'))).toEqual({ status: 400, code: 'invalid_request' });
    expect((await problem(await get('/api/v1/orders/kauppa1/%E0%A4%A'))).status).toBe(400);
  });

  test('an answer of the API does not name its server software', async () => {
    expect((await get('/livez')).headers.get('x-powered-by')).toBeNull();
  });

  test('a token of the API is kept only as its hash', async () => {
    const { rows } = await db.pool.query<{ name: string; hash: Buffer }>('select name, hash from lahetti.api_tokens');
    expect(rows.find(({ name }) => name === 'the viewer')?.hash).toEqual(
      createHash('sha256').update(tokens.viewer).digest(),
    );
    expect(JSON.stringify(rows)).not.toContain(tokens.viewer);
  });
});

describe('an order', () => {
  const view = async (id = 10482) =>
    (await get(`/api/v1/orders/kauppa1/${id}`)).json() as Promise<Record<string, unknown>>;

  test('an order that does not run is shown from the database, with its attempts', async () => {
    expect(await view()).toMatchObject({
      source: 'database',
      engine: 'not_running',
      next: [],
      state: { orderId: 10482, phase: 'under_way', shipments: [{ n: 1, trackingNumbers: ['JJFI104822'] }] },
      order: { storeHash: 'kauppa1', totalMinor: 4990, destinations: [{ city: 'Oulu', country: 'FI' }] },
      shipments: [
        {
          n: 1,
          attempts: [
            { reference: '1-10482-1-1', state: 'superseded', watch: 'superseded', labels: [{ id: 1 }] },
            {
              reference: '1-10482-1-2',
              state: 'live',
              parcels: [{ trackingNumber: 'JJFI104822' }],
              labels: [{ id: 2 }],
            },
          ],
        },
      ],
    });
  });

  test('an order that runs is shown by its workflow, with an explanation of what it waits for', async () => {
    const { state } = (await view()) as { state: never };
    const nextAttemptAt = new Date('2026-03-01T10:02:11Z');
    app.engine.live = {
      kind: 'running',
      state: { ...(state as object), phase: 'needs_attention' } as never,
      activities: [
        {
          ...{ name: 'bookShipment', attempt: 3, polls: false, startedAt: null },
          ...{ lastFailure: 'Posti did not answer.', nextAttemptAt },
        },
      ],
    };
    expect(await view()).toMatchObject({
      source: 'workflow',
      engine: 'running',
      state: { phase: 'needs_attention' },
      next: [{ words: 'book shipment: try 3, again at 10:02:11 UTC; the last one failed: Posti did not answer.' }],
    });
  });

  test('an order that is followed is shown with when Posti was asked and when it is asked next', async () => {
    const { state } = (await view()) as { state: never };
    const [minute, now] = [60_000, Date.now()];
    const step = { name: 'followParcels', polls: true, lastFailure: null, nextAttemptAt: new Date(now + 48 * minute) };
    const said = async (attempt: number, askedMs: number) => {
      const startedAt = new Date(now - askedMs);
      app.engine.live = { kind: 'running', state, activities: [{ ...step, attempt, startedAt }] };
      return (await view())['next'];
    };
    expect(await said(83, 12 * minute)).toMatchObject([{ words: 'followed, last asked 12 min ago, next in 48 min' }]);
    // The first try only waits until the next look is due.
    expect(await said(2, 12 * minute)).toMatchObject([{ words: 'followed, next in 48 min' }]);
  });

  test('an order is shown from the database when the engine is away, and the answer says so', async () => {
    app.engine.live = { kind: 'engine_away' };
    expect(await view()).toMatchObject({ source: 'database', engine: 'engine_away', state: { orderId: 10482 } });
  });

  test('an order is shown without personal data', async () => {
    expect(JSON.stringify(await view())).not.toContain('Kanarialintu');
    expect(await (await get('/api/v1/orders')).text()).not.toContain('Kanarialintu');
  });

  test('an order is found by tracking number (also a superseded one), number, phase and store, a page at a time', async () => {
    await aBookedOrder(10483);
    const found = async (query: string) => {
      const page = (await (await get(`/api/v1/orders?${query}`)).json()) as {
        orders: { orderId: number }[];
        next: unknown;
      };
      return { ids: page.orders.map(({ orderId }) => orderId), next: page.next };
    };
    expect((await found('tracking=jjfi104821')).ids).toEqual([10482]);
    expect((await found('number=10483&store=kauppa1')).ids).toEqual([10483]);
    expect((await found('phase=done')).ids).toEqual([]);
    const first = await found('limit=1');
    expect(first.ids).toEqual([10483]);
    expect((await found(`limit=1&after=${String(first.next)}`)).ids).toEqual([10482]);
  });

  test('an order has a timeline and exchanges', async () => {
    expect(await (await get('/api/v1/orders/kauppa1/10482/timeline')).json()).toEqual({ timeline: [], next: null });
    expect(await (await get('/api/v1/orders/kauppa1/10482/exchanges')).json()).toEqual({ exchanges: [], next: null });
    expect((await get('/api/v1/orders/kauppa1/99/timeline')).status).toBe(404);
  });

  test('an order that could not be read shows the calls that tried, and an unknown one is a 404', async () => {
    await db.pool.query(
      `insert into lahetti.exchanges (at, system, account, store_hash, order_id, purpose, method, path, status, duration_ms)
       values (now(), 'bigcommerce', 'kauppa1', 'kauppa1', 99, 'read order', 'GET', '/orders/99', 500, 12)`,
    );
    expect(await (await get('/api/v1/orders/kauppa1/99/exchanges')).json()).toMatchObject({
      exchanges: [{ purpose: 'read order', status: 500 }],
    });
    expect(await problem(await get('/api/v1/orders/kauppa1/98/exchanges'))).toEqual({
      status: 404,
      code: 'unknown_order',
    });
  });
});

describe('a label', () => {
  const labels = async () => {
    const answer = await get('/api/v1/orders/kauppa1/10482/labels');
    return ((await answer.json()) as { labels: { id: number; handedOutAt: string | null }[] }).labels;
  };

  test('a label is a PDF, and counts as handed out from the first time on', async () => {
    const answer = await get('/api/v1/labels/2.pdf');
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(pdf);
    const [, out] = await labels();
    expect(out?.handedOutAt).not.toBeNull();
    await get('/api/v1/labels/2.pdf');
    expect((await labels())[1]).toEqual(out);
    const { timeline } = (await (await get('/api/v1/orders/kauppa1/10482/timeline')).json()) as { timeline: unknown[] };
    expect(timeline).toMatchObject([{ what: 'label_handed_out', n: 1, who: 'token:the operator' }]);
  });

  test('a label of a booking that was superseded is not handed out any more', async () => {
    expect(await problem(await get('/api/v1/labels/1.pdf'))).toEqual({ status: 409, code: 'label_withdrawn' });
    expect((await labels())[0]?.handedOutAt).toBeNull();
  });

  test('a label is not handed out by a HEAD request', async () => {
    expect((await get('/api/v1/labels/2.pdf', tokens.operator, 'HEAD')).status).toBe(405);
    expect((await labels())[1]?.handedOutAt).toBeNull();
  });

  test('a label that does not exist is a 404', async () => {
    expect(await problem(await get('/api/v1/labels/4711.pdf'))).toEqual({ status: 404, code: 'unknown_label' });
  });
});

describe('health', () => {
  test('the service is ready with database and engine, degraded without the engine', async () => {
    expect(await (await get('/readyz', null)).json()).toEqual({ status: 'ready', database: true, engine: true });
    app.engine.ok = false;
    const answer = await get('/readyz', null);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ status: 'degraded', engine: false });
  });
});

test('stores are listed without their secrets', async () => {
  const text = await (await get('/api/v1/stores')).text();
  expect(text).toContain('kauppa1');
  expect(text).not.toMatch(/token-of|secret/);
});

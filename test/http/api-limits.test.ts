import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createPool, type Pool } from '../../src/db/pool.ts';
import { createToken } from '../../src/auth/tokens.ts';
import type { AppDeps } from '../../src/http/app.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { aStore, serveApp, type ServedApp } from './served-app.ts';
import { orderUpdated, shopDelivery } from './shop-delivery.ts';

let db: TestDatabase;
let tokens: [string, string];
const open: ServedApp[] = [];

beforeAll(async () => {
  db = await testDatabase();
  tokens = [
    (await createToken(db.pool, 'one', 'operator')).token,
    (await createToken(db.pool, 'another', 'operator')).token,
  ];
});
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

async function serve(options: Partial<AppDeps>, pool: Pool = db.pool): Promise<ServedApp> {
  const app = await serveApp(pool, options);
  open.push(app);
  return app;
}

const get = (app: ServedApp, path: string, token?: string, headers: Record<string, string> = {}) =>
  fetch(app.url + path, { headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) } });
const statuses = async (times: number, ask: () => Promise<Response>) => {
  const seen: number[] = [];
  for (let i = 0; i < times; i += 1) seen.push((await ask()).status);
  return seen;
};

describe('who asks too fast', () => {
  test('a client that asks too fast is told to wait, and how long; other tokens go on', async () => {
    const app = await serve({ limits: { perToken: 2, perAddress: null } });
    const ask = () => get(app, '/api/v1/stores', tokens[0]);
    expect(await statuses(2, ask)).toEqual([200, 200]);
    const late = await ask();
    expect(late.status).toBe(429);
    expect(late.headers.get('content-type')).toMatch('application/problem+json');
    expect(await late.json()).toMatchObject({ code: 'too_many_requests' });
    const seconds = Number(late.headers.get('retry-after'));
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(60);
    expect((await get(app, '/api/v1/stores', tokens[1])).status).toBe(200);
  });

  test('a client without a valid token is limited by address before its token is looked up', async () => {
    const app = await serve({ limits: { perToken: null, perAddress: 3 } });
    const ask = () => get(app, '/api/v1/stores', `lht_${'A'.repeat(43)}`);
    expect(await statuses(5, ask)).toEqual([401, 401, 401, 429, 429]);
  });

  test('a client cannot pass for another address, unless a trusted proxy says so', async () => {
    const limits = { perToken: null, perAddress: 1 };
    const from = (app: ServedApp, address: string) =>
      get(app, '/api/v1/stores', tokens[0], { 'x-forwarded-for': address });
    const direct = await serve({ limits });
    expect([(await from(direct, '192.0.2.1')).status, (await from(direct, '192.0.2.2')).status]).toEqual([200, 429]);
    const proxied = await serve({ limits, trustedProxies: ['loopback'] });
    expect([
      (await from(proxied, '192.0.2.1')).status,
      (await from(proxied, '192.0.2.2')).status,
      (await from(proxied, '192.0.2.1')).status,
    ]).toEqual([200, 200, 429]);
  });

  test('a client that asks too fast loses no webhook, and no probe of health, by it', async () => {
    const app = await serve({ limits: { perToken: 1, perAddress: 1 } });
    await app.stores.connect(aStore('kauppa1'));
    await statuses(3, () => get(app, '/api/v1/stores', tokens[0]));
    const deliver = () =>
      fetch(`${app.url}/webhooks/bigcommerce/kauppa1`, shopDelivery(orderUpdated(7), { secret: 'current-secret' }));
    expect(await statuses(3, deliver)).toEqual([200, 200, 200]);
    expect(await statuses(3, () => get(app, '/readyz'))).toEqual([200, 200, 200]);
  });
});

describe('an answer', () => {
  test('an answer cannot be framed, sniffed or run', async () => {
    const app = await serve({});
    for (const path of ['/api/v1/stores', '/readyz', '/nothing']) {
      const { headers } = await get(app, path, tokens[0]);
      expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  test('an answer for an unknown path is a 404, with a token and without', async () => {
    const app = await serve({});
    expect((await get(app, '/nothing')).status).toBe(404);
    expect((await get(app, '/api/v2/orders', tokens[0])).status).toBe(404);
    expect((await get(app, '/api/v1/nothing', tokens[0])).status).toBe(404);
    expect((await get(app, '/api/v1/nothing')).status).toBe(401);
  });
});

describe('without the engine', () => {
  test('the service is degraded, says so, and takes hooks and commands', async () => {
    const app = await serve({ commandPatienceMs: 20 });
    await app.stores.connect(aStore('kauppa2'));
    app.engine.ok = false;
    app.engine.live = { kind: 'engine_away' };
    const ready = await get(app, '/readyz');
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'degraded', database: true, engine: false }]);
    const hook = await fetch(
      `${app.url}/webhooks/bigcommerce/kauppa2`,
      shopDelivery(orderUpdated(8), { secret: 'current-secret' }),
    );
    expect(hook.status).toBe(200);
    const command = await fetch(`${app.url}/api/v1/orders/kauppa2/8/reprocess`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens[0]}`, 'idempotency-key': 'without-engine' },
    });
    expect(command.status).toBe(202);
    expect(await command.json()).toMatchObject({ words: expect.stringContaining('engine (Temporal) is away') });
    const { rows } = await db.pool.query('select kind from lahetti.commands where order_id = 8');
    expect(rows).toEqual([{ kind: 'reprocess' }]);
  });
});

describe('without the database', () => {
  let away: Pool;
  beforeAll(() => {
    // The discard port of this machine: nobody listens there.
    away = createPool('postgres://nobody@127.0.0.1:9/nothing', { max: 2 });
  });
  afterAll(() => away.end());

  test('nothing is acknowledged: 503 for hooks, commands and readiness, while the process is alive', async () => {
    const app = await serve({ webhookPatienceMs: 1_000 }, away);
    const hook = await fetch(
      `${app.url}/webhooks/bigcommerce/kauppa1`,
      shopDelivery(orderUpdated(9), { secret: 'current-secret' }),
    );
    expect(hook.status).toBe(503);
    const ready = await get(app, '/readyz');
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'unavailable', database: false, engine: true }]);
    const command = await fetch(`${app.url}/api/v1/orders/kauppa1/9/hold`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens[0]}`, 'idempotency-key': 'without-database' },
    });
    expect([command.status, ((await command.json()) as { code: string }).code]).toEqual([503, 'database_away']);
    expect(command.headers.get('retry-after')).not.toBeNull();
    expect((await get(app, '/livez')).status).toBe(200);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BigCommerceApi, HookDraft, WireHook } from '../../src/bigcommerce/api.ts';
import { AppError } from '../../src/errors.ts';
import { createToken } from '../../src/auth/tokens.ts';
import { roles, type Role } from '../../src/auth/roles.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { aStore, serveApp, type ServedApp } from './served-app.ts';

let db: TestDatabase;
let app: ServedApp;
const tokens = {} as Record<Role, string>;
const shop = aShop();

beforeAll(async () => {
  db = await testDatabase();
  app = await serveApp(db.pool, {
    ...{ bigcommerce: shop.api, publicUrl: 'https://lahetti.example' },
    examineStore: (storeHash) =>
      Promise.resolve([
        { check: 'hooks', storeHash, verdict: 'wrong', code: 'hooks_missing', words: 'None.', advice: 'Connect it.' },
      ]),
  });
  for (const role of roles) tokens[role] = (await createToken(db.pool, `the ${role}`, role)).token;
});
afterAll(() => app.close());
beforeEach(async () => {
  await db.pool.query('truncate lahetti.stores, lahetti.orders, lahetti.audit restart identity cascade');
  shop.refuses = false;
  await app.stores.connect(aStore('kauppa1'));
});

/** A shop with its hooks in memory. */
function aShop() {
  const hooks: WireHook[] = [];
  const world = { refuses: false, hooks, api: undefined as unknown as BigCommerceApi };
  world.api = {
    getTime: () =>
      world.refuses
        ? Promise.reject(new AppError('401', { kind: 'credentials', code: 'unauthorized' }))
        : Promise.resolve(new Date()),
    getStore: () => Promise.resolve({ name: 'Kaupan kauppa', weight_units: 'KGS', dimension_units: 'Centimeters' }),
    listHooks: () => Promise.resolve([...hooks]),
    createHook: (_store: unknown, draft: HookDraft) => {
      hooks.push({ id: hooks.length + 1, ...draft });
      return Promise.resolve(hooks.at(-1)!);
    },
  } as unknown as BigCommerceApi;
  return world;
}

interface Ask {
  readonly as?: Role;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

const ask = (method: string, path: string, { as = 'admin', body, headers = {} }: Ask = {}) =>
  fetch(`${app.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${tokens[as]}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const json = async <T = Record<string, unknown>>(answer: Promise<Response>) => (await (await answer).json()) as T;
const coded = async (answer: Promise<Response>) => {
  const got = await answer;
  const { code, detail } = (await got.json()) as { code: string; detail: string };
  return { status: got.status, code, detail };
};
const settingsPath = '/stores/kauppa1/settings';

describe('settings', () => {
  test('settings are read with their version as etag, and changed only by who read that version', async () => {
    const read = await ask('GET', settingsPath, { as: 'viewer' });
    expect(read.headers.get('etag')).toBe('"0"');
    expect(await read.json()).toMatchObject({ version: 0, settings: { mode: 'observe', lookBackDays: 14 } });

    const change = { body: { lookBackDays: 7, writeBack: { moment: 'printed' } } };
    expect(await coded(ask('PATCH', settingsPath, change))).toMatchObject({ status: 428, code: 'if_match_missing' });
    const saved = await ask('PATCH', settingsPath, { ...change, headers: { 'if-match': '"0"' } });
    expect(saved.headers.get('etag')).toBe('"1"');
    expect(await saved.json()).toMatchObject({
      version: 1,
      settings: { lookBackDays: 7, mode: 'observe', writeBack: { moment: 'printed', status: 'shop' } },
    });
    expect(await coded(ask('PATCH', settingsPath, { ...change, headers: { 'if-match': '"0"' } }))).toMatchObject({
      status: 412,
      code: 'settings_changed',
    });
  });

  test('settings that two clients change at the same version are saved for one, and the other is told', async () => {
    const change = (lookBackDays: number) =>
      ask('PATCH', settingsPath, { body: { lookBackDays }, headers: { 'if-match': '"0"' } });
    const answers = await Promise.all([change(3), change(4)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  test('settings that are wrong are refused with the path of each', async () => {
    const put = (body: unknown) => coded(ask('PUT', settingsPath, { body, headers: { 'if-match': '"0"' } }));
    const wrong = await put({ mode: 'sometimes', writeBack: { moment: 'never' } });
    expect(wrong).toMatchObject({ status: 400, code: 'invalid_settings' });
    expect(wrong.detail).toMatch(/mode: .*writeBack\.moment: /);
    expect(await put({ writeBack: { momment: 'booked' } })).toMatchObject({
      status: 400,
      detail: 'There is no setting writeBack.momment.',
    });
    expect(await json(ask('GET', settingsPath))).toMatchObject({ version: 0 });
  });

  test('settings are kept in versions, with who saved them when', async () => {
    for (const days of [3, 4]) {
      await ask('PUT', settingsPath, { body: { lookBackDays: days }, headers: { 'if-match': `"${days - 3}"` } });
    }
    const { versions } = await json<{ versions: unknown[] }>(ask('GET', `${settingsPath}/versions`));
    expect(versions).toMatchObject([
      { version: 2, who: 'token:the admin' },
      { version: 1, who: 'token:the admin' },
    ]);
    expect(await json(ask('GET', `${settingsPath}/versions/1`))).toMatchObject({ settings: { lookBackDays: 3 } });
    expect(await coded(ask('GET', `${settingsPath}/versions/9`))).toMatchObject({
      status: 404,
      code: 'unknown_version',
    });
  });

  test('settings are previewed by an operator without being saved, and changed by an admin alone', async () => {
    const preview = await json(
      ask('POST', `${settingsPath}/preview`, { as: 'operator', body: { change: { mode: 'live' } } }),
    );
    expect(preview).toMatchObject({ orders: 0, cut: false, differing: { orders: 0 }, differences: [] });
    expect(await json(ask('GET', settingsPath))).toMatchObject({ version: 0 });
    const refused = ask('PATCH', settingsPath, { as: 'operator', body: {}, headers: { 'if-match': '"0"' } });
    expect((await refused).status).toBe(403);
  });
});

describe('a store', () => {
  const connection = { storeHash: 'kauppa2', clientId: 'client-2', accessToken: 'canary-token-2' };

  test('a store is connected by an admin; its token is kept, and shown and logged nowhere', async () => {
    const body = { ...connection, posti: { clientId: 'p', clientSecret: 'canary-posti' } };
    expect((await ask('POST', '/stores', { as: 'operator', body })).status).toBe(403);
    const answer = await ask('POST', '/stores', { body });
    const text = await answer.text();
    expect({ status: answer.status, body: JSON.parse(text) as unknown }).toMatchObject({
      status: 200,
      body: { store: { storeHash: 'kauppa2', name: 'Kaupan kauppa' }, settingsVersion: 1, hooks: { created: 10 } },
    });
    expect(await app.stores.connection('kauppa2')).toMatchObject({ accessToken: 'canary-token-2' });
    const { rows } = await db.pool.query('select * from lahetti.audit');
    expect(text + app.logged() + JSON.stringify(rows)).not.toContain('canary');
  });

  test('a store whose token the shop refuses is not kept', async () => {
    shop.refuses = true;
    expect(await coded(ask('POST', '/stores', { body: connection }))).toMatchObject({
      status: 422,
      code: 'token_refused',
    });
    expect((await ask('GET', '/stores/kauppa2')).status).toBe(404);
  });

  test('a store is checked: its faults, and how they are mended', async () => {
    expect(await json(ask('POST', '/stores/kauppa1/test', { as: 'operator', body: {} }))).toMatchObject({
      ok: false,
      findings: [{ check: 'hooks', verdict: 'wrong', advice: 'Connect it.' }],
    });
  });

  test('a store is paused and resumed by an operator, unless it is disconnected', async () => {
    const become = (what: string) => ask('POST', `/stores/kauppa1/${what}`, { as: 'operator' });
    expect(await json(become('pause'))).toMatchObject({ state: 'paused' });
    expect(await json(become('resume'))).toMatchObject({ state: 'connected' });
    await app.stores.uninstalled('kauppa1', { saidAt: null });
    expect(await coded(become('resume'))).toMatchObject({ status: 409, code: 'store_disconnected' });
  });

  test('a store is switched live, whole or one storefront of it, by an admin', async () => {
    expect(await json(ask('POST', '/stores/kauppa1/mode', { body: { mode: 'live' } }))).toEqual({
      mode: 'live',
      version: 1,
    });
    await ask('POST', '/stores/kauppa1/mode', { body: { mode: 'observe', storefront: 2 } });
    const { settings } = await app.stores.settings('kauppa1');
    expect(settings).toMatchObject({ mode: 'live', storefronts: { 2: { mode: 'observe' } } });
    expect((await ask('POST', '/stores/kauppa1/mode', { as: 'operator', body: { mode: 'live' } })).status).toBe(403);
  });
});

describe('the audit', () => {
  test('the audit lists who did what, by subject, actor and time, a page at a time', async () => {
    await ask('POST', '/stores/kauppa1/pause', { as: 'operator' });
    await ask('POST', '/stores/kauppa1/resume');
    await db.pool.query(
      `insert into lahetti.commands (id, store_id, order_id, n, kind, people_body, who, source)
       values (gen_random_uuid(), 1, 77, 2, 'change', '{"address": {"lastName": "Kanarialintu"}}', 'token:eino', 'api')`,
    );
    interface Page {
      readonly audit: { readonly id: number; readonly what: string; readonly who: string }[];
      readonly next: number | null;
    }
    const page = (query: string) => json<Page>(ask('GET', `/audit?${query}`, { as: 'operator' }));
    const whats = async (query: string) => (await page(query)).audit.map(({ what }) => what);

    expect(await whats('subject=store/kauppa1')).toEqual(['store_resumed', 'store_paused', 'store_connected']);
    expect(await whats('who=token:the%20operator')).toEqual(['store_paused']);
    expect(await whats(`until=${new Date(Date.now() - 60_000).toISOString()}`)).toEqual([]);
    const ofOrder = await page('subject=order/kauppa1');
    expect(ofOrder.audit).toMatchObject([
      { what: 'command_change', who: 'token:eino', subject: 'order/kauppa1/77', after: { shipment: 2, source: 'api' } },
    ]);
    expect(JSON.stringify(ofOrder)).not.toContain('Kanarialintu');

    const first = await page('limit=2');
    const rest = await page(`limit=2&after=${first.next}`);
    expect([...first.audit, ...rest.audit].map(({ what }) => what)).toEqual([
      'command_change',
      'store_resumed',
      'store_paused',
      'store_connected',
    ]);
    expect((await ask('GET', '/audit?until=yesterday')).status).toBe(400);
  });
});

test('runs and exchanges are listed, also the failed ones alone', async () => {
  await db.pool.query(
    `insert into lahetti.runs (store_id, kind, ended_at, counts, failure)
     values (1, 'sweep', now(), '{"read": 3}', null), (1, 'sweep', now(), '{}', 'The shop did not answer.'), (null, 'watch', null, '{}', null)`,
  );
  await db.pool.query(
    `insert into lahetti.exchanges (at, system, account, store_hash, order_id, purpose, method, path, status, duration_ms, error_code)
     values (now(), 'bigcommerce', 'kauppa1', 'kauppa1', 7, 'read order', 'GET', '/orders/7', 200, 12, null),
            (now(), 'posti', '1', 'kauppa1', 7, 'book shipment', 'POST', '/shipments', 503, 900, 'posti_unavailable'),
            (now(), 'bigcommerce', 'other', 'other', 8, 'read order', 'GET', '/orders/8', 200, 12, null)`,
  );
  const { runs } = await json<{ runs: unknown[] }>(ask('GET', '/runs?store=kauppa1'));
  expect(runs).toMatchObject([{ failure: 'The shop did not answer.' }, { counts: { read: 3 }, storeHash: 'kauppa1' }]);
  expect((await json<{ runs: unknown[] }>(ask('GET', '/runs?failed=true'))).runs).toHaveLength(1);
  expect((await json<{ runs: unknown[] }>(ask('GET', '/runs?kind=watch'))).runs).toMatchObject([{ endedAt: null }]);

  const exchanges = async (query: string) =>
    (await json<{ exchanges: { purpose: string }[] }>(ask('GET', `/exchanges?${query}`))).exchanges;
  expect((await exchanges('store=kauppa1')).map(({ purpose }) => purpose)).toEqual(['book shipment', 'read order']);
  expect(await exchanges('failed=true')).toMatchObject([{ errorCode: 'posti_unavailable', orderId: 7 }]);
});

import { randomBytes } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHookWatchActivities } from '../../activities/hooks.ts';
import { startSandbox } from '../../sandbox/start.ts';
import type { BigCommerceApi } from '../../src/bigcommerce/api.ts';
import { createBigCommerce } from '../../src/bigcommerce/client.ts';
import type { Pool } from '../../src/db/pool.ts';
import { createSystemHealth } from '../../src/health/system-health.ts';
import { AppError } from '../../src/errors.ts';
import { readHealth, stopUntil } from '../../src/health/system-health.sql.ts';
import { createHttpSender } from '../../src/http-client/sender.ts';
import { connectStore, rotateWebhookSecret } from '../../src/stores/connect.ts';
import { hookScopes, metafieldScopes } from '../../src/stores/hooks.ts';
import { listRuns } from '../../src/stores/runs.sql.ts';
import { createSecretBox } from '../../src/stores/secrets.ts';
import type { Stores } from '../../src/stores/store.ts';
import { createStores } from '../../src/stores/connected-stores.ts';
import { control } from '../clients/control.ts';
import { testDatabase } from '../support/postgres.ts';
import { hosts } from '../support/hosts.ts';

const sender = createHttpSender();
const log = pino({ level: 'silent' });
const publicUrl = 'https://lahetti.example';
const call = { about: {} };
let sandbox: Awaited<ReturnType<typeof startSandbox>>;
let pool: Pool;
let shop: BigCommerceApi;
let stores: Stores;
let serial = 0;
let connection: { storeHash: string; accessToken: string };

beforeAll(async () => {
  [{ pool }, sandbox] = await Promise.all([testDatabase(), startSandbox()]);
  shop = createBigCommerce({ baseUrl: sandbox.bigcommerce, sender, log: () => {}, clock: { now: () => new Date() } });
});
afterAll(async () => {
  await sandbox.close();
  await sender.close();
});
beforeEach(async () => {
  await pool.query('truncate lahetti.stores, lahetti.runs, lahetti.system_health cascade');
  stores = createStores({ hosts, pool, secretBox: createSecretBox([{ id: 'k1', key: randomBytes(32) }]), cacheMs: 0 });
  connection = { storeHash: `hooks${++serial}`, accessToken: 'token-1' };
  await control(sandbox.bigcommerce, 'POST', '/stores', {
    ...{ hash: connection.storeHash, token: 'token-1', clientId: 'app', clientSecret: 'app-secret' },
  });
  await connectStore({ ...connection, clientId: 'app', who: 'test' }, { api: shop, stores, publicUrl });
});

const watch = (needs: { publicUrl?: string | null; speed?: number; bigcommerce?: BigCommerceApi } = {}) => {
  const { watchHooks } = createHookWatchActivities({
    ...{ pool, bigcommerce: shop, stores, log, publicUrl, speed: 1, ...needs },
    health: createSystemHealth({ pool, log, speed: 1 }),
  });
  return new MockActivityEnvironment().run(watchHooks);
};

test('hooks that are missing, switched off or carry another secret are in order again', async () => {
  const [gone, off, oldSecret] = await shop.listHooks(connection, call);
  await shop.deleteHook(connection, gone!.id, call);
  await shop.updateHook(connection, off!.id, { is_active: false }, call);
  await shop.updateHook(connection, oldSecret!.id, { headers: { 'X-Lahetti-Secret': 'old' } }, call);

  expect(await watch()).toEqual({ stores: 1, mended: 1, failed: 0 });
  const hooks = await shop.listHooks(connection, call);
  expect(hooks.map(({ scope }) => scope).sort()).toEqual([...hookScopes].sort());
  expect(hooks.every((hook) => hook.is_active && hook.destination.startsWith(publicUrl))).toBe(true);
  const counts = { created: 1, mended: 2, kept: hookScopes.length - 3, removed: 0 };
  expect(await listRuns(pool, { kind: 'hooks', limit: 5 })).toMatchObject([{ counts, failure: null }]);
});

describe('hooks of another installation with the same API account', () => {
  const path = () => `/webhooks/bigcommerce/${connection.storeHash}`;
  /** With our secret, as where its database is a copy of ours. */
  const theirs = async () => {
    const [ours] = await shop.listHooks(connection, call);
    for (const scope of hookScopes) {
      const hook = { scope, destination: `https://testi.example${path()}`, is_active: true, headers: ours!.headers };
      await shop.createHook(connection, hook, call);
    }
  };
  const atTheirs = async () =>
    (await shop.listHooks(connection, call)).filter(({ destination }) => destination.startsWith('https://testi.'));

  test('hooks of another installation with the same API account are left as they are, whatever is done to ours', async () => {
    await theirs();
    const before = await atTheirs();
    expect(await watch()).toEqual({ stores: 1, mended: 0, failed: 0 });
    await rotateWebhookSecret(connection.storeHash, { api: shop, stores, publicUrl });
    expect(await atTheirs()).toEqual(before);
    expect(before).toHaveLength(hookScopes.length);
  });

  test('hooks of another installation with the same API account are left also where ours are missing: then ours are made beside them', async () => {
    await theirs();
    const before = await atTheirs();
    for (const { id, destination } of await shop.listHooks(connection, call))
      if (destination.startsWith(publicUrl)) await shop.deleteHook(connection, id, call);
    expect(await watch()).toEqual({ stores: 1, mended: 1, failed: 0 });
    expect(await atTheirs()).toEqual(before);
    expect(await shop.listHooks(connection, call)).toHaveLength(2 * hookScopes.length);
  });
});

test('a shop that sends no webhooks to our address for some minutes is said in the log and in the run; hooks are mended all the same', async () => {
  const said: string[] = [];
  const [off] = await shop.listHooks(connection, call);
  await shop.updateHook(connection, off!.id, { is_active: false }, call);
  const api = {
    ...shop,
    listBlockedDomains: () => Promise.resolve([{ destination: publicUrl, time_left: 130 }]),
  };
  const { watchHooks } = createHookWatchActivities({
    ...{ pool, bigcommerce: api, stores, publicUrl, speed: 1 },
    log: pino({}, { write: (line: string) => void said.push(line) }),
    health: createSystemHealth({ pool, log, speed: 1 }),
  });
  // The store is no failed one: sweeps find its orders meanwhile.
  expect(await new MockActivityEnvironment().run(watchHooks)).toEqual({ stores: 1, mended: 1, failed: 0 });

  const told = said.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(told).toContainEqual(
    expect.objectContaining({
      ...{ code: 'hooks_blocked', store: connection.storeHash, host: 'lahetti.example' },
      msg: expect.stringContaining('sends us no webhooks for 3 minutes') as string,
    }),
  );
  const counts = { created: 0, mended: 1, kept: hookScopes.length - 1, removed: 0, blocked: 1 };
  expect(await listRuns(pool, { kind: 'hooks', limit: 5 })).toMatchObject([{ counts, failure: null }]);
});

test('a block of another address is not ours, and a shop that does not say is looked at as usual', async () => {
  for (const listBlockedDomains of [
    () => Promise.resolve([{ destination: 'https://testi.example', time_left: 130 }]),
    () => Promise.reject(new AppError('No such route.', { kind: 'not_found', code: 'bigcommerce_not_found' })),
  ]) {
    await pool.query('truncate lahetti.runs');
    expect(await watch({ bigcommerce: { ...shop, listBlockedDomains } })).toEqual({ stores: 1, mended: 0, failed: 0 });
    const [run] = await listRuns(pool, { kind: 'hooks', limit: 5 });
    expect(run!.counts).not.toHaveProperty('blocked');
  }
});

test('a store is looked at once an hour, and hooks that are in order are left alone', async () => {
  const before = await shop.listHooks(connection, call);
  expect(await watch()).toEqual({ stores: 1, mended: 0, failed: 0 });
  expect(await watch()).toEqual({ stores: 0, mended: 0, failed: 0 });
  await pool.query(`update lahetti.runs set started_at = now() - interval '61 minutes'`);
  expect(await watch()).toEqual({ stores: 1, mended: 0, failed: 0 });
  expect(await shop.listHooks(connection, call)).toEqual(before);
});

test('where no shop can reach us nothing is asked', async () => {
  expect(await watch({ publicUrl: null })).toEqual({ stores: 0, mended: 0, failed: 0 });
  expect(await listRuns(pool, { kind: 'hooks', limit: 5 })).toEqual([]);
});

test('a store that is paused or disconnected keeps its hooks as they are', async () => {
  await stores.setState(connection.storeHash, 'paused');
  expect(await watch()).toMatchObject({ stores: 0 });
});

test('after a pause the look that tries the shop again is a look like any other, and ends the pause', async () => {
  const shopRow = { system: 'bigcommerce', account: connection.storeHash } as const;
  await stopUntil(pool, shopRow, 'paused', 'bigcommerce_unavailable', 60_000);
  expect(await watch()).toEqual({ stores: 0, mended: 0, failed: 0 });
  await pool.query(`update lahetti.system_health set paused_until = now()`);
  expect(await watch()).toEqual({ stores: 1, mended: 0, failed: 0 });
  expect(await listRuns(pool, { kind: 'hooks', limit: 5 })).toMatchObject([{ failure: null }]);
  expect(await readHealth(pool, shopRow)).toMatchObject({ state: 'open' });
});

test('a shop that is away is a failed run of its own, and hinders no other store', async () => {
  const other = { storeHash: `${connection.storeHash}b`, accessToken: 'token-2' };
  await control(sandbox.bigcommerce, 'POST', '/stores', {
    ...{ hash: other.storeHash, token: 'token-2', clientId: 'app', clientSecret: 'app-secret' },
  });
  await connectStore({ ...other, clientId: 'app', who: 'test' }, { api: shop, stores, publicUrl });
  await control(sandbox.bigcommerce, 'POST', '/faults', {
    ...{ path: `/stores/${connection.storeHash}/`, kind: 'status', status: 500, times: -1 },
  });
  expect(await watch()).toEqual({ stores: 2, mended: 0, failed: 1 });
  const runs = await listRuns(pool, { kind: 'hooks', limit: 5 });
  expect(runs.map(({ failure }) => failure === null)).toEqual([true, false]);
});

test('settings that look into metafields have us told of them from the next look on, and no longer where they do not', async () => {
  expect(await watch()).toEqual({ stores: 1, mended: 0, failed: 0 });
  const scopes = async () => (await shop.listHooks(connection, call)).map(({ scope }) => scope).sort();
  const metafield = { namespace: 'app', key: 'point' };
  await stores.saveSettings(connection.storeHash, { pickupPoint: { metafield } }, 'test');
  expect(await watch()).toEqual({ stores: 1, mended: 1, failed: 0 });
  expect(await scopes()).toEqual([...hookScopes, ...metafieldScopes].sort());
  expect(await watch()).toEqual({ stores: 0, mended: 0, failed: 0 });

  await stores.saveSettings(connection.storeHash, {}, 'test');
  expect(await watch()).toEqual({ stores: 1, mended: 1, failed: 0 });
  expect(await scopes()).toEqual([...hookScopes].sort());
});

import { randomBytes } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { BigCommerceApi, HookDraft, WireHook } from '../../src/bigcommerce/api.ts';
import { runCli } from '../../src/cli/run.ts';
import { engineAway } from '../http/run-cli.ts';
import type { CliContext } from '../../src/cli/command.ts';
import { AppError } from '../../src/errors.ts';
import {
  connectStore,
  forgetOldWebhookSecrets,
  rotateWebhookSecret,
  type ConnectDeps,
} from '../../src/stores/connect.ts';
import { hookScopes } from '../../src/stores/hooks.ts';
import { createSecretBox } from '../../src/stores/secrets.ts';
import type { Stores } from '../../src/stores/store.ts';
import { createStores } from '../../src/stores/connected-stores.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { hosts } from '../support/hosts.ts';

let db: TestDatabase;
let stores: Stores;
const key = { id: 'k1', key: randomBytes(32) };

beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  await db.pool.query('truncate lahetti.stores, lahetti.carrier_accounts, lahetti.api_tokens restart identity cascade');
  stores = createStores({ hosts, pool: db.pool, secretBox: createSecretBox([key]), cacheMs: 0 });
});

/** A shop's hooks, in memory. */
function aShop() {
  const hooks = new Map<number, WireHook>();
  let lastId = 0;
  const api = {
    getTime: () => Promise.resolve(new Date()),
    getStore: () => Promise.resolve({ name: 'Kaupan kauppa', weight_units: 'KGS' }),
    listHooks: () => Promise.resolve([...hooks.values()]),
    createHook: (_store: unknown, draft: HookDraft) => {
      hooks.set(++lastId, { id: lastId, ...draft });
      return Promise.resolve(hooks.get(lastId)!);
    },
    updateHook: (_store: unknown, id: number, change: Partial<HookDraft>) => {
      hooks.set(id, { ...hooks.get(id)!, ...change });
      return Promise.resolve(hooks.get(id)!);
    },
    deleteHook: (_store: unknown, id: number) => Promise.resolve(void hooks.delete(id)),
  };
  return { hooks, api: api as unknown as BigCommerceApi };
}

const given = {
  storeHash: 'kauppa1',
  clientId: 'client-1',
  accessToken: 'canary-token',
  clientSecret: 'canary-client-secret',
  posti: { clientId: 'posti-1', clientSecret: 'canary-posti', gatewaySecret: 'canary-gateway' },
  who: 'test',
};
const deps = (api: BigCommerceApi, publicUrl: string | null = 'https://lahetti.example'): ConnectDeps => ({
  api,
  stores,
  publicUrl,
});

describe('connecting a store', () => {
  test('connecting a store keeps it with its secrets sealed, observing, with a hook for each scope', async () => {
    const shop = aShop();
    const connected = await connectStore(given, deps(shop.api));
    expect(connected).toMatchObject({
      store: { id: 1, storeHash: 'kauppa1', name: 'Kaupan kauppa', state: 'connected', weightUnits: 'KGS' },
      settingsVersion: 1,
      hooks: { created: hookScopes.length, mended: 0, kept: 0, removed: 0 },
    });
    expect((await stores.settings('kauppa1')).settings.mode).toBe('observe');
    expect(await stores.connection('kauppa1')).toEqual({ storeHash: 'kauppa1', accessToken: 'canary-token' });
    expect(await stores.carrierAccount('kauppa1')).toMatchObject({ id: 1, ...given.posti, trackingLogIn: null });

    const [secret] = await stores.webhookSecrets('kauppa1');
    for (const hook of shop.hooks.values()) {
      expect(hook.destination).toBe('https://lahetti.example/webhooks/bigcommerce/kauppa1');
      expect(hook.headers).toEqual({ 'X-Lahetti-Secret': secret });
    }
    const { rows } = await db.pool.query(
      `select s::text || a::text as all_of_it from lahetti.stores s, lahetti.carrier_accounts a`,
    );
    const inHex = Buffer.from('canary').toString('hex');
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`canary|${inHex}`));
  });

  test('connecting a store again changes nothing at the shop, and keeps number, settings and webhook secret', async () => {
    const shop = aShop();
    await connectStore(given, deps(shop.api));
    await stores.saveSettings('kauppa1', { mode: 'live' }, 'test');
    const before = { secrets: await stores.webhookSecrets('kauppa1'), hooks: [...shop.hooks.values()] };
    const again = await connectStore({ ...given, accessToken: 'newer' }, deps(shop.api));
    expect(again).toMatchObject({ store: { id: 1 }, settingsVersion: 2, hooks: { kept: hookScopes.length } });
    expect({ secrets: await stores.webhookSecrets('kauppa1'), hooks: [...shop.hooks.values()] }).toEqual(before);
    expect((await stores.connection('kauppa1')).accessToken).toBe('newer');
  });

  test('connecting a store mends hooks that were switched off or carry an old secret, removes doubles, and leaves those of others', async () => {
    const shop = aShop();
    await connectStore({ ...given, webhookSecret: 'old' }, deps(shop.api));
    await shop.api.updateHook({ ...given }, 1, { is_active: false }, { about: {} });
    const others = {
      scope: 'store/order/updated',
      destination: 'https://other.example/in',
      is_active: true,
      headers: {},
    };
    await shop.api.createHook({ ...given }, others, { about: {} });
    const double = { ...shop.hooks.get(2)!, headers: { 'X-Lahetti-Secret': 'new' } };
    await shop.api.createHook({ ...given }, double, { about: {} });
    await shop.api.createHook({ ...given }, double, { about: {} });
    const { hooks } = await connectStore({ ...given, webhookSecret: 'new' }, deps(shop.api));
    expect(hooks).toEqual({ created: 0, mended: hookScopes.length - 1, kept: 1, removed: 1 });
    expect([...shop.hooks.values()].filter(({ destination }) => destination === others.destination)).toHaveLength(1);
    expect(shop.hooks.get(1)).toMatchObject({ is_active: true });
  });

  test('connecting a store with a token that the shop refuses keeps nothing', async () => {
    const { api } = aShop();
    const refusing = {
      ...api,
      getTime: () => Promise.reject(new AppError('401', { kind: 'credentials', code: 'unauthorized' })),
    };
    await expect(connectStore(given, deps(refusing))).rejects.toMatchObject({ code: 'token_refused' });
    expect(await stores.list()).toEqual([]);
  });

  test('connecting a store that cannot reach us makes no hooks, and says that the sweep finds its orders', async () => {
    const shop = aShop();
    const { hooks, words } = await connectStore(given, deps(shop.api, null));
    expect(hooks).toBeNull();
    expect(words.join()).toContain('sweep');
    expect(shop.hooks.size).toBe(0);
  });
});

describe('the log-in for tracking of a Posti account', () => {
  const trackingLogIn = { clientId: 'tracker', clientSecret: 'canary-tracking' };
  const withTracking = { ...given, posti: { ...given.posti, trackingLogIn } };
  const kept = async (storeHash = 'kauppa1') => (await stores.carrierAccount(storeHash))?.trackingLogIn;

  test('the log-in for tracking of a Posti account is kept sealed, also where a store is connected again, or another that shares the account, without it', async () => {
    const shop = aShop();
    await connectStore(withTracking, deps(shop.api, null));
    expect(await kept()).toEqual(trackingLogIn);
    await connectStore(given, deps(shop.api, null));
    await connectStore({ ...given, storeHash: 'kauppa2' }, deps(shop.api, null));
    expect([await kept(), await kept('kauppa2')]).toEqual([trackingLogIn, trackingLogIn]);
    const { rows } = await db.pool.query(`select a::text as all_of_it from lahetti.carrier_accounts a`);
    expect(JSON.stringify(rows)).not.toMatch(new RegExp(`canary|${Buffer.from('canary').toString('hex')}`));
  });

  test('the log-in for tracking of a Posti account belongs to that account alone: another merchant’s has none', async () => {
    await connectStore(withTracking, deps(aShop().api, null));
    const another = { ...given.posti, clientId: 'posti-2' };
    await connectStore({ ...given, storeHash: 'kauppa2', posti: another }, deps(aShop().api, null));
    expect(await kept('kauppa2')).toBeNull();
  });

  test('the log-in for tracking of a Posti account is removed where it is said to be none', async () => {
    await connectStore(withTracking, deps(aShop().api, null));
    await connectStore({ ...given, posti: { ...given.posti, trackingLogIn: null } }, deps(aShop().api, null));
    expect(await kept()).toBeNull();
  });

  test('the log-in for tracking of a Posti account whose key is lost has to be given again, or said to be none', async () => {
    await connectStore(withTracking, deps(aShop().api, null));
    const secretBox = createSecretBox([{ id: 'k2', key: randomBytes(32) }]);
    const without = {
      ...deps(aShop().api, null),
      stores: createStores({ hosts, pool: db.pool, secretBox, cacheMs: 0 }),
    };
    await expect(connectStore(given, without)).rejects.toMatchObject({ code: 'tracking_secret_lost' });
    await connectStore(withTracking, without);
    expect((await without.stores.carrierAccount('kauppa1'))?.trackingLogIn).toEqual(trackingLogIn);
  });
});

describe('the gateway secret of a Posti account', () => {
  const { gatewaySecret: _, ...withoutIt } = given.posti;
  const kept = async () => (await stores.carrierAccount('kauppa1'))?.gatewaySecret;

  test('the gateway secret of a Posti account stays where another store of the account, or the same one again, is connected without it', async () => {
    await connectStore(given, deps(aShop().api, null));
    await connectStore({ ...given, storeHash: 'kauppa2', posti: withoutIt }, deps(aShop().api, null));
    expect(await kept()).toBe('canary-gateway');
    await connectStore({ ...given, posti: withoutIt }, deps(aShop().api, null));
    expect(await kept()).toBe('canary-gateway');
  });

  test('the gateway secret of a Posti account is removed where it is said to be none, and replaced where another is given', async () => {
    await connectStore(given, deps(aShop().api, null));
    await connectStore({ ...given, posti: { ...withoutIt, gatewaySecret: 'newer' } }, deps(aShop().api, null));
    expect(await kept()).toBe('newer');
    await connectStore({ ...given, posti: { ...withoutIt, gatewaySecret: null } }, deps(aShop().api, null));
    expect(await kept()).toBeNull();
  });

  test('the gateway secret of a Posti account whose key is lost has to be given again, or said to be none', async () => {
    await connectStore(given, deps(aShop().api, null));
    const secretBox = createSecretBox([{ id: 'k2', key: randomBytes(32) }]);
    const without = {
      ...deps(aShop().api, null),
      stores: createStores({ hosts, pool: db.pool, secretBox, cacheMs: 0 }),
    };
    const again = { ...given, posti: withoutIt };
    await expect(connectStore(again, without)).rejects.toMatchObject({ code: 'gateway_secret_lost' });
    await connectStore({ ...given, posti: { ...withoutIt, gatewaySecret: null } }, without);
    expect((await without.stores.carrierAccount('kauppa1'))?.gatewaySecret).toBeNull();
  });
});

test('a new webhook secret is accepted beside the old one until that is forgotten', async () => {
  const shop = aShop();
  await connectStore(given, deps(shop.api));
  const [old] = await stores.webhookSecrets('kauppa1');
  await rotateWebhookSecret('kauppa1', deps(shop.api));
  const both = await stores.webhookSecrets('kauppa1');
  expect(both).toHaveLength(2);
  expect(both[1]).toBe(old);
  expect([...shop.hooks.values()].every(({ headers }) => headers['X-Lahetti-Secret'] === both[0])).toBe(true);
  await forgetOldWebhookSecrets('kauppa1', stores);
  expect(await stores.webhookSecrets('kauppa1')).toEqual([both[0]]);
});

test('secrets open after the key was changed, and are sealed with the new one when they are next written', async () => {
  await connectStore(given, deps(aShop().api));
  const newKey = { id: 'k2', key: randomBytes(32) };
  const rotated = createStores({ hosts, pool: db.pool, secretBox: createSecretBox([newKey, key]) });
  await rotated.setWebhookSecrets('kauppa1', ['fresh']);
  const without = createStores({ hosts, pool: db.pool, secretBox: createSecretBox([newKey]) });
  expect((await without.connection('kauppa1')).accessToken).toBe('canary-token');
  expect(await without.webhookVerification('kauppa1')).toMatchObject({
    secrets: ['fresh'],
    signingKey: 'canary-client-secret',
  });
});

test('settings are versions: two who change the same one do not overwrite each other', async () => {
  await connectStore(given, deps(aShop().api, null));
  const save = (lookBackDays: number) => stores.saveSettings('kauppa1', { lookBackDays }, 'test', { ifVersion: 1 });
  const results = await Promise.allSettled([save(3), save(4)]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect((await stores.settings('kauppa1')).version).toBe(2);
  await expect(stores.saveSettings('kauppa1', { mode: 'sometimes' }, 'test')).rejects.toThrow(/mode/);
  await expect(stores.settings('stranger9')).rejects.toMatchObject({ kind: 'not_found', code: 'unknown_store' });
});

const sender = { name: 'Kauppa Kuusi', address1: 'Varastokatu 2', postcode: '00200', city: 'Helsinki' };

test('settings that were kept with one warehouse are read, and changed, as a list of one', async () => {
  await connectStore(given, deps(aShop().api, null));
  await db.pool.query(
    `insert into lahetti.store_settings (store_id, version, settings, who) values (1, 7, $1, 'then')`,
    [{ mode: 'live', warehouse: { contractNumber: '600001', sender } }],
  );
  const { settings, version } = await stores.settings('kauppa1');
  expect(settings.warehouses).toMatchObject([{ code: 'main', contractNumber: '600001', sender }]);
  await stores.saveSettings('kauppa1', { ...settings, lookBackDays: 3 }, 'test', { ifVersion: version });
  expect((await stores.settings('kauppa1')).settings).toMatchObject({
    warehouses: settings.warehouses,
    lookBackDays: 3,
  });
  // A store that is connected again with the one warehouse that somebody's script names.
  const contractNumber = '600009';
  await connectStore({ ...given, settings: { warehouse: { contractNumber, sender } } }, deps(aShop().api, null));
  expect((await stores.settings('kauppa1')).settings.warehouses).toMatchObject([{ code: 'main', contractNumber }]);
});

describe('the command line', () => {
  const run = async (argv: string[], env: Record<string, string> = {}) => {
    const said: string[] = [];
    const complained: string[] = [];
    const context: CliContext = {
      pool: db.pool,
      stores,
      api: aShop().api,
      engine: engineAway,
      examine: () => Promise.resolve([]),
      replay: () => Promise.resolve([]),
      resume: () => Promise.resolve({ due: 0, started: 0 }),
      patienceMs: 0,
      publicUrl: null,
      env,
      readStandardInput: () => Promise.resolve('{"accessToken": "canary-token"}'),
      readFile: () => Promise.reject(new Error('No file is read here.')),
      standardOutput: process.stdout,
      who: 'cli:test',
    };
    const code = await runCli({
      argv,
      withContext: (work) => work(context),
      out: (line) => said.push(line),
      err: (line) => complained.push(line),
    });
    return { code, said: said.join('\n'), complained: complained.join('\n') };
  };

  test('the command line connects a store with its token from the environment or standard input, and never shows it', async () => {
    expect(await run(['connect', 'kauppa1', '--client-id', 'c'])).toMatchObject({ code: 64 });
    const fromEnvironment = await run(['connect', 'kauppa1', '--client-id', 'c'], {
      LAHETTI_CONNECT_TOKEN: 'canary-token',
    });
    const fromInput = await run(['connect', 'kauppa2', '--client-id', 'c', '--secrets', '-', '--json']);
    expect([fromEnvironment.code, fromInput.code]).toEqual([0, 0]);
    expect(fromEnvironment.said + fromInput.said).not.toContain('canary');
    expect((await stores.connection('kauppa2')).accessToken).toBe('canary-token');
  });

  test('the command line takes the log-in for tracking with its account, its secret from the environment, and shows neither', async () => {
    const env = {
      ...{ LAHETTI_CONNECT_TOKEN: 't', LAHETTI_CONNECT_POSTI_SECRET: 'canary-posti' },
      LAHETTI_CONNECT_POSTI_TRACKING_SECRET: 'canary-tracking',
    };
    const connect = ['connect', 'kauppa1', '--client-id', 'c'];
    const tracking = async (...flags: string[]) => {
      const { code, said, complained } = await run([...connect, ...flags], env);
      expect(said + complained).not.toContain('canary');
      return { code, complained };
    };
    const kept = async () => (await stores.carrierAccount('kauppa1'))?.trackingLogIn;
    expect(await tracking('--posti-tracking-client-id', 'tracker')).toMatchObject({ code: 64 });
    expect(await tracking('--posti-client-id', 'p', '--posti-tracking-client-id', 'tracker')).toMatchObject({
      code: 0,
    });
    expect(await kept()).toEqual({ clientId: 'tracker', clientSecret: 'canary-tracking' });
    expect(await tracking('--posti-client-id', 'p', '--posti-tracking-client-id', 'none')).toMatchObject({ code: 0 });
    expect(await kept()).toBeNull();
    const without = { ...env, LAHETTI_CONNECT_POSTI_TRACKING_SECRET: '' };
    const refused = await run([...connect, '--posti-client-id', 'p', '--posti-tracking-client-id', 'tracker'], without);
    expect(refused).toMatchObject({
      code: 64,
      complained: expect.stringContaining('LAHETTI_CONNECT_POSTI_TRACKING_SECRET'),
    });
  });

  test('the command line keeps a gateway secret that is not given, and forgets it where it is said to be "none"', async () => {
    const connect = (env: Record<string, string>) =>
      run(['connect', 'kauppa1', '--client-id', 'c', '--posti-client-id', 'p'], {
        ...{ LAHETTI_CONNECT_TOKEN: 't', LAHETTI_CONNECT_POSTI_SECRET: 'canary-posti', ...env },
      });
    const kept = async () => (await stores.carrierAccount('kauppa1'))?.gatewaySecret;
    await connect({ LAHETTI_CONNECT_POSTI_GATEWAY_SECRET: 'canary-gateway' });
    await connect({});
    expect(await kept()).toBe('canary-gateway');
    expect(await connect({ LAHETTI_CONNECT_POSTI_GATEWAY_SECRET: 'none' })).toMatchObject({ code: 0 });
    expect(await kept()).toBeNull();
  });

  test('the command line changes one setting and leaves the others, and refuses one that does not exist', async () => {
    await run(['connect', 'kauppa1', '--client-id', 'c'], { LAHETTI_CONNECT_TOKEN: 't' });
    expect((await run(['settings', 'set', 'kauppa1', 'mode=live', 'writeBack.moment=printed'])).code).toBe(0);
    expect((await stores.settings('kauppa1')).settings).toMatchObject({
      mode: 'live',
      writeBack: { moment: 'printed', status: 'shop' },
    });
    const mistyped = await run(['settings', 'set', 'kauppa1', 'writeBack.momment=booked']);
    expect(mistyped).toMatchObject({ code: 1, complained: 'There is no setting writeBack.momment.' });
    const wrong = await run(['settings', 'check', 'kauppa1', 'mode=sometimes']);
    expect(wrong.code).toBe(1);
    expect((await stores.settings('kauppa1')).version).toBe(2);
  });

  test('the command line names a value that is meant as JSON and is none, with the reason', async () => {
    await run(['connect', 'kauppa1', '--client-id', 'c'], { LAHETTI_CONNECT_TOKEN: 't' });
    const placeholder = await run(['settings', 'set', 'kauppa1', 'warehouse={"contractNumber":"6…","sender":{…}}']);
    expect(placeholder.complained).toMatch(/^What is given for warehouse is not JSON: /);
    expect(placeholder.code).toBe(64);
  });

  test('the command line sets a warehouse by its code, names what is wrong by path and code, and says what will need a person', async () => {
    await run(['connect', 'kauppa1', '--client-id', 'c'], { LAHETTI_CONNECT_TOKEN: 't' });
    const live = await run(['settings', 'check', 'kauppa1', 'storefronts.2.mode=live']);
    expect(live).toMatchObject({ code: 0 });
    expect(live.said).toContain('warehouses: there is none');

    const first = `warehouse={"contractNumber":"600001","sender":${JSON.stringify(sender)}}`;
    const second = { code: 'turku', contractNumber: '600002', sender };
    expect((await run(['settings', 'set', 'kauppa1', first, `warehouses.1=${JSON.stringify(second)}`])).code).toBe(0);
    expect((await run(['settings', 'set', 'kauppa1', 'warehouses.Turku.contractNumber=600003'])).code).toBe(0);
    expect((await stores.settings('kauppa1')).settings.warehouses).toMatchObject([
      { code: 'main', contractNumber: '600001' },
      { code: 'turku', contractNumber: '600003' },
    ]);
    expect((await run(['settings', 'set', 'kauppa1', 'warehouses.turku.sender.postcode=20100'])).code).toBe(0);
    expect((await stores.settings('kauppa1')).settings.warehouses[1]?.sender).toEqual({
      ...{ ...sender, postcode: '20100' },
      ...{ country: 'FI', phone: null, email: null },
    });

    const wrong = await run(['settings', 'check', 'kauppa1', 'warehouses.turku.contractNumber="12"']);
    expect(wrong.complained).toContain('warehouses.1.contractNumber (warehouse "turku")');
    const nobody = await run(['settings', 'check', 'kauppa1', 'warehouses.oulu.contractNumber="600004"']);
    expect(nobody.complained).toContain('known: main, turku');
    const mistyped = await run(['settings', 'check', 'kauppa1', 'storefronts.2.mod=live']);
    expect(mistyped.complained).toContain('storefronts.2.mod');
    const unknown = await run(['settings', 'check', 'kauppa1', 'storefronts.2.warehouse=oulu']);
    expect(unknown.complained).toMatch(/storefronts\.2\.warehouse: .*known: main, turku/);
  });

  test('the command line makes, lists and revokes tokens', async () => {
    const made = await run(['tokens', 'create', '--name', 'packing desk', '--role', 'operator']);
    expect(made.said).toMatch(/^lht_[\w-]{43}\n/);
    expect((await run(['tokens', 'create', '--name', 'packing desk', '--role', 'viewer'])).code).toBe(1);
    expect((await run(['tokens', 'revoke', '--name', 'packing desk'])).code).toBe(0);
    expect((await run(['tokens', 'list'])).said).toMatch(/packing desk .*revoked/);
  });

  test('the command line says that an order or a command does not exist', async () => {
    expect(await run(['orders', 'show', 'kauppa1', '7'])).toMatchObject({ code: 1 });
    expect(await run(['orders', 'destroy'])).toMatchObject({ code: 64 });
    expect((await run(['help'])).said).toContain('settings set <store>');
  });
});

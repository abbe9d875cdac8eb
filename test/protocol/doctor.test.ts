import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBigCommerce } from '../../src/bigcommerce/client.ts';
import { doctorCommand } from '../../src/cli/doctor.ts';
import type { CliContext, Said } from '../../src/cli/command.ts';
import { createPool, inTransaction } from '../../src/db/pool.ts';
import { examineAll, examineStore, type DoctorDeps, type Examination } from '../../src/doctor/examine.ts';
import type { CheckName, Finding } from '../../src/doctor/finding.ts';
import type { EngineHealth } from '../../src/temporal/client.ts';
import { createExchangeLog, type ExchangeLog } from '../../src/exchanges/log.ts';
import type { PostiAddresses } from '../../src/doctor/posti-account.ts';
import { readHealth, stopUntil } from '../../src/health/system-health.sql.ts';
import { createHttpSender } from '../../src/http-client/sender.ts';
import { createCarriers } from '../../src/main/carriers.ts';
import { noteFailedLook } from '../../src/orders/unread-orders.sql.ts';
import { hookScopes, mendHooks } from '../../src/stores/hooks.ts';
import { serveApp, type ServedApp } from '../http/served-app.ts';
import { startWorld, type World } from './world.ts';
import type { Shop } from './shop.ts';

let world: World;
let app: ServedApp;
let exchanges: ExchangeLog;
const sender = createHttpSender({ timeouts: { connect: 1_000, total: 5_000 } });

beforeAll(async () => {
  world = await startWorld();
  app = await serveApp(world.pool);
  exchanges = createExchangeLog({ pool: world.pool, log: { warn: () => {} } });
});
afterAll(async () => {
  await app.close();
  await sender.close();
});

interface SetUp extends Partial<DoctorDeps> {
  readonly engineHealth?: EngineHealth;
  readonly pollers?: Awaited<ReturnType<DoctorDeps['engine']['pollers']>>;
  /** Posti's addresses as this process has them. */
  readonly addresses?: Partial<PostiAddresses>;
}

function deps({ engineHealth, pollers = { orders: 1, posti: 1 }, addresses, ...changes }: SetUp = {}): DoctorDeps {
  const { pool, stores, bigcommerce, posti } = world;
  const clients = { sender, log: exchanges.sink };
  const postiAddresses = {
    ...{ authUrl: `${posti.url}/auth`, gatewayUrl: posti.url, trackingUrl: `${posti.url}/tracking/7` },
    trackingAuthUrl: `${posti.url}/oauth/token`,
    ...addresses,
  };
  const config = { posti: { ...postiAddresses, labelHosts: [], plainHttpHosts: [], alandAs: 'FI' as const } };
  const carriers = createCarriers({ config, stores, ...clients });
  return {
    ...{ pool, stores, sender, publicUrl: app.url, httpsOnly: false, now: () => new Date() },
    api: createBigCommerce({ baseUrl: bigcommerce.url, ...clients, clock: { now: () => new Date() } }),
    postiOf: (storeHash) => carriers.find(storeHash),
    postiAddresses,
    engine: {
      health: () => Promise.resolve(engineHealth ?? { ok: true, tookMs: 2, problem: null }),
      pollers: () => Promise.resolve(pollers),
    },
    ...changes,
  };
}

/** A shop with which everything is right, its webhooks included. */
async function aSoundShop(needs: Parameters<World['shop']>[0] = {}): Promise<Shop> {
  const shop = await world.shop(needs);
  const connection = await world.stores.connection(shop.storeHash);
  const { settings } = await world.stores.settings(shop.storeHash);
  await mendHooks(deps().api, connection, { publicUrl: app.url, secret: 'secret', settings });
  return shop;
}

async function look(shop: Shop, setUp: SetUp = {}, asked: Examination = {}): Promise<Finding[]> {
  // As at the end of an earlier process: what was asked of Posti before is known.
  await exchanges.flush();
  return examineStore(shop.storeHash, deps(setUp), asked);
}
const withoutStores = () => ({ ...world.stores, list: () => Promise.resolve([]) });
const lookAtHouse = async (setUp: SetUp = {}): Promise<Finding[]> =>
  (await examineAll(deps({ ...setUp, stores: withoutStores() }))).filter(({ check }) => check !== 'stores');

const of = (findings: readonly Finding[], check: CheckName): Finding => {
  const found = findings.find((finding) => finding.check === check);
  return found ?? expect.fail(`nothing was found about ${check}`);
};
const wrongOnes = (findings: readonly Finding[]) =>
  findings.filter(({ verdict }) => verdict === 'wrong').map(({ code }) => code);

test('nothing is wrong with a set-up that is right, and a contract is proven by a booking', async () => {
  const shop = await aSoundShop();
  expect(of(await look(shop), 'contract')).toMatchObject({ verdict: 'unproven' });
  const order = await shop.order();
  await order.book();
  const findings = [...(await lookAtHouse()), ...(await look(shop))];
  expect(findings.filter(({ verdict }) => verdict !== 'right')).toEqual([]);
  expect(of(findings, 'contract').words).toContain('Posti booked by contract 654321');
});

describe('a shop', () => {
  test('a shop that does not accept the token is to get a new API account', async () => {
    const shop = await aSoundShop();
    await world.bigcommerce.control('POST', '/stores', {
      ...{ hash: shop.storeHash, token: 'another', clientId: 'lahetti', clientSecret: 'none' },
    });
    const found = of(await look(shop), 'shop_token');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'token_refused' });
    expect(found.words).toBe(
      `The shop ${shop.storeHash} does not accept our access token: it was taken back, or is another shop's.`,
    );
    expect(found.advice).toContain('Make a new API account in the shop and connect it again');
  });

  test('a shop whose token lacks a scope is told which one, by its name in the control panel', async () => {
    const shop = await aSoundShop();
    const scopes = (...names: string[]) =>
      world.bigcommerce.control('POST', '/stores', {
        ...{ hash: shop.storeHash, token: `token-${shop.storeHash}`, clientId: 'lahetti', clientSecret: 'none' },
        scopes: ['store_v2_default', ...names],
      });
    await scopes('store_v2_orders_read_only', 'store_v2_information');
    expect(of(await look(shop), 'shop_scopes')).toMatchObject({
      ...{ verdict: 'wrong', code: 'scope_missing', words: 'The access token lacks Orders (modify).' },
      advice: expect.stringContaining('make a new one with Orders (modify)'),
    });
    await scopes('store_v2_orders');
    expect(of(await look(shop), 'shop_scopes').words).toBe(
      'The access token lacks Information & settings (read-only).',
    );
  });

  test('a shop that does not exist has a wrong store hash', async () => {
    const shop = await aSoundShop();
    const end = await world.bigcommerce.harm({
      ...{ kind: 'status', status: 404, body: {}, times: -1, path: `^/stores/${shop.storeHash}/` },
    });
    const found = of(await look(shop), 'shop_token');
    await end();
    expect(found).toMatchObject({
      ...{ verdict: 'wrong', code: 'store_hash_wrong' },
      words: `BigCommerce has no shop with the store hash ${shop.storeHash}.`,
      advice: expect.stringContaining('what follows /stores/ in the API path'),
    });
  });

  test('a shop that took our app away is to be connected again', async () => {
    const shop = await aSoundShop();
    await world.stores.setState(shop.storeHash, 'disconnected');
    expect(of(await look(shop), 'shop_token')).toMatchObject({ verdict: 'wrong', code: 'store_disconnected' });
  });
});

describe('webhooks', () => {
  test('webhooks to a blocked address are named, with the address and how long', async () => {
    const shop = await aSoundShop();
    const says = (body: object, status = 200) =>
      world.bigcommerce.harm({
        ...{ kind: 'status', status, body, times: -1, path: `^/stores/${shop.storeHash}/v3/hooks/admin` },
      });
    const blocked = (destination: string) =>
      says({ data: { emails: [], hooks_list: [], blocked_domains: [{ destination, time_left: 130, reasons: [] }] } });
    const lookWhile = async (saying: Promise<() => Promise<unknown>>) => {
      const end = await saying;
      const found = of(await look(shop), 'hooks');
      await end();
      return found;
    };
    const { host } = new URL(app.url);
    expect(await lookWhile(blocked(app.url))).toMatchObject({
      ...{ verdict: 'wrong', code: 'hooks_blocked' },
      words: expect.stringContaining(`sends no webhooks to ${host} for 3 minutes`),
    });
    expect(await lookWhile(blocked(host))).toMatchObject({ code: 'hooks_blocked' });
    expect(await lookWhile(blocked('https://another.example'))).toMatchObject({ verdict: 'right' });
    // Where the shop does not say, its hooks are looked at all the same.
    expect(await lookWhile(says({}, 404))).toMatchObject({ verdict: 'right' });
  });

  const hooksOf = async (shop: Shop) => {
    const connection = await world.stores.connection(shop.storeHash);
    const { api } = deps();
    const call = { about: {} };
    const hooks = await api.listHooks(connection, call);
    return { connection, api, call, hooks };
  };

  test('webhooks that are missing are named', async () => {
    const shop = await aSoundShop();
    const { api, connection, call, hooks } = await hooksOf(shop);
    const created = hooks.find(({ scope }) => scope === 'store/order/created')!;
    await api.deleteHook(connection, created.id, call);
    const found = of(await look(shop), 'hooks');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'hooks_missing' });
    expect(found.words).toBe(`1 of ${hookScopes.length} webhooks are missing (order/created).`);
    expect(found.advice).toContain(`webhook-secret rotate ${shop.storeHash}`);
  });

  test('webhooks that are switched off are named', async () => {
    const shop = await aSoundShop();
    const { api, connection, call, hooks } = await hooksOf(shop);
    for (const { id } of hooks.slice(0, 2)) await api.updateHook(connection, id, { is_active: false }, call);
    const found = of(await look(shop), 'hooks');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'hooks_switched_off' });
    expect(found.words).toContain(`2 of ${hookScopes.length} webhooks are switched off, as BigCommerce does`);
  });

  test('webhooks that point elsewhere are shown with where', async () => {
    const shop = await aSoundShop();
    const found = of(await look(shop, { publicUrl: 'https://orders.example.com' }), 'hooks');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'hooks_elsewhere' });
    expect(found.words).toContain(`point to ${app.url} and not to https://orders.example.com`);
    expect(found.advice).toContain('Check that PUBLIC_URL is right');
  });

  test('webhooks that carry a secret that is not ours are found, and no secret is shown', async () => {
    const shop = await aSoundShop();
    await world.stores.setWebhookSecrets(shop.storeHash, ['kept-to-ourselves']);
    const findings = await look(shop);
    expect(of(findings, 'hooks')).toMatchObject({ verdict: 'wrong', code: 'hooks_secret_wrong' });
    expect(JSON.stringify(findings)).not.toMatch(/kept-to-ourselves|sandbox-secret|token-s/);
  });
});

describe('the public address', () => {
  test('a public address where nothing answers is unreachable', async () => {
    const found = of(await lookAtHouse({ publicUrl: 'http://127.0.0.1:9' }), 'public_address');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'public_address_unreachable' });
    expect(found.words).toBe('PUBLIC_URL (http://127.0.0.1:9) is not reached from here: the connection was refused.');
    expect(found.advice).toContain('Check name service, firewall and proxy');
  });

  test('a public address that is not ours is told from ours', async () => {
    const found = of(await lookAtHouse({ publicUrl: world.posti.url }), 'public_address');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'public_address_elsewhere' });
  });

  test('a public address without HTTPS is refused for a real shop', async () => {
    const found = of(await lookAtHouse({ httpsOnly: true }), 'public_address');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'public_address_not_https' });
  });

  test('a public address that is not set leaves the sweep, and is no fault', async () => {
    expect(of(await lookAtHouse({ publicUrl: null }), 'public_address')).toMatchObject({ verdict: 'unproven' });
  });
});

describe('Posti', () => {
  const logIns = async (): Promise<number> =>
    Object.entries((await world.posti.books()).requests.byRoute)
      .filter(([route]) => route.includes('token'))
      .reduce((sum, [, count]) => sum + count, 0);

  test('a Posti secret that is refused is tried once, and then not again until a person says so', async () => {
    const shop = await aSoundShop();
    await shop.renewAccount({ secret: 'changed-at-posti' });
    const before = await logIns();
    const found = of(await look(shop), 'posti_login');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'posti_credentials_refused' });
    expect(found.words).toBe('Posti does not accept the client id and secret.');
    expect(found.advice).toContain('make a new secret, and connect again');
    for (const needed of [
      'LAHETTI_CONNECT_TOKEN',
      '--client-id',
      'LAHETTI_CONNECT_POSTI_SECRET',
      '--posti-client-id',
    ]) {
      expect(found.advice).toContain(needed);
    }
    // This process may be configured otherwise than the workers: their account stays as it was.
    expect(await shop.troubles()).toEqual([]);

    for (let i = 0; i < 5; i += 1) {
      expect(of(await look(shop), 'posti_login').words).toContain('is not asked again for 15 minutes');
    }
    expect(await logIns()).toBe(before + 1);

    await shop.renewAccount();
    expect(wrongOnes(await look(shop, {}, { again: true }))).toEqual([]);
    expect(await shop.troubles()).toEqual([]);
  });

  test('a Posti secret is tried once also for stores that share the account', async () => {
    const shop = await aSoundShop();
    await shop.renewAccount({ secret: 'changed-at-posti' });
    const before = await logIns();
    const store = await world.stores.get(shop.storeHash);
    const twice = { ...world.stores, list: () => Promise.resolve([store, store]) };
    const findings = await examineAll(deps({ stores: twice }), { again: true });
    expect(findings.filter(({ check, verdict }) => check === 'posti_login' && verdict === 'wrong')).toHaveLength(2);
    expect(await logIns()).toBe(before + 1);
  });

  test.each([
    {
      name: 'shippingapi',
      roles: ['2025-04', '2026-04'],
      code: 'posti_role_shipping_missing',
      words: 'The Posti account lacks the role shippingapi: nothing can be booked.',
    },
    {
      name: '2026-04',
      roles: ['shippingapi'],
      code: 'posti_role_gateway_missing',
      words: 'The Posti account lacks the role 2026-04: pickup points can be neither found nor checked.',
    },
  ])('a Posti account without the role $name is reported', async ({ roles, code, words }) => {
    const shop = await aSoundShop({ roles });
    const found = of(await look(shop), 'posti_roles');
    expect(found).toMatchObject({ verdict: 'wrong', code, words });
    expect(found.advice).toContain("in Posti's developer portal");
  });

  test.each([
    { trackingAccess: false, code: 'posti_tracking_missing', words: 'nobody follows them' },
    { trackingAccess: 'public', code: 'posti_tracking_public_only', words: 'cannot be looked up by reference' },
  ])('a Posti account with tracking access $trackingAccess is reported', async ({ trackingAccess, code, words }) => {
    const shop = await aSoundShop();
    await shop.renewAccount({ trackingAccess });
    const found = of(await look(shop), 'posti_roles');
    expect(found).toMatchObject({ verdict: 'wrong', code });
    expect(found.words).toContain(words);
  });

  describe('with a log-in of its own for tracking', () => {
    const connectWith = async (shop: Shop, clientSecret: string) => {
      const { clientId, clientSecret: ofAccount, gatewaySecret } = (await world.stores.carrierAccount(shop.storeHash))!;
      const trackingLogIn = { clientId: `tracker-${shop.storeHash}`, clientSecret };
      const { storeHash, name } = shop.store;
      await world.stores.connect({
        ...{ storeHash, name, clientId: 'lahetti', accessToken: `token-${storeHash}`, clientSecret: null },
        ...{ weightUnits: 'Grams', dimensionUnits: 'Centimeters', webhookSecrets: ['secret'] },
        posti: { clientId, clientSecret: ofAccount, gatewaySecret, trackingLogIn },
      });
    };
    const aShopThatTracksByItself = async () => {
      const shop = await aSoundShop();
      await shop.renewAccount({ serviceAccount: { id: `tracker-${shop.storeHash}`, secret: 'of-tracking' } });
      return shop;
    };
    const trackingLogIns = async () => {
      const { requests } = await world.posti.control<{ requests: { byRoute: Record<string, number> } }>(
        'GET',
        '/books',
      );
      return requests.byRoute['POST /oauth/token'] ?? 0;
    };

    test('a tracking log-in of its own is tried', async () => {
      const shop = await aShopThatTracksByItself();
      await connectWith(shop, 'of-tracking');
      const before = await trackingLogIns();
      const found = of(await look(shop), 'posti_roles');
      expect(found).toMatchObject({ verdict: 'right', words: expect.stringContaining('Tracking logs in by itself.') });
      expect(await trackingLogIns()).toBe(before + 1);
    });

    test('a tracking log-in that is refused is reported, and not tried again at once: five refusals lock it', async () => {
      const shop = await aShopThatTracksByItself();
      await connectWith(shop, 'mistyped');
      const before = await trackingLogIns();
      const findings = await look(shop);
      expect(wrongOnes(findings)).toEqual(['posti_tracking_login_refused']);
      expect(of(findings, 'posti_roles').advice).toContain('LAHETTI_CONNECT_POSTI_TRACKING_SECRET');
      expect(of(findings, 'posti_login').verdict).toBe('right');
      expect(wrongOnes(await look(shop))).toEqual(['posti_tracking_login_refused']);
      expect(await trackingLogIns()).toBe(before + 1);

      await connectWith(shop, 'of-tracking');
      expect(wrongOnes(await look(shop))).toEqual([]);
    });

    test('a tracking address where nothing answers is reported with its variable', async () => {
      const shop = await aShopThatTracksByItself();
      await connectWith(shop, 'of-tracking');
      const found = of(
        await look(shop, { addresses: { trackingAuthUrl: `${world.posti.url}/nowhere` } }),
        'posti_roles',
      );
      expect(found).toMatchObject({ verdict: 'wrong', code: 'posti_tracking_auth_url_wrong' });
      expect(found.advice).toContain('POSTI_TRACKING_AUTH_URL');
    });
  });

  test('a gateway that wants a secret of its own is told from a missing role', async () => {
    const shop = await aSoundShop();
    await shop.renewAccount({ gatewaySecret: 'of-the-demo' });
    expect(of(await look(shop), 'posti_roles')).toMatchObject({ verdict: 'wrong', code: 'posti_gateway_secret_wrong' });
  });

  test('a contract number that Posti refuses is reported', async () => {
    const shop = await aSoundShop();
    await shop.renewAccount({ contracts: ['600999'] });
    await (await shop.order()).book().catch(() => undefined);
    const found = of(await look(shop), 'contract');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'contract_refused' });
    expect(found.words).toMatch(/^Posti refused the contract number 654321 at \d{4}-/);
    expect(found.advice).toContain("OmaPosti Pro's organisation settings");
  });

  test('a store without a contract number cannot be booked for', async () => {
    const shop = await aSoundShop();
    const { settings } = await world.stores.settings(shop.storeHash);
    await world.stores.saveSettings(shop.storeHash, { ...settings, warehouses: [] }, 'test');
    expect(of(await look(shop), 'contract')).toMatchObject({ verdict: 'wrong', code: 'contract_missing' });
  });
});

describe('the house', () => {
  test('an installation whose database does not answer says so, and is checked no further', async () => {
    const pool = createPool('postgres://nobody:not-shown@127.0.0.1:9/none');
    const findings = await examineAll(deps({ pool }));
    await pool.end();
    expect(of(findings, 'database')).toMatchObject({
      ...{ verdict: 'wrong', code: 'database_away', words: 'The database does not answer (ECONNREFUSED).' },
      advice: expect.stringContaining('Start PostgreSQL'),
    });
    expect(findings.map(({ check }) => check)).toEqual(['database', 'engine']);
    expect(JSON.stringify(findings)).not.toContain('not-shown');
  });

  test.each([
    { problem: 'no embedded server runs', code: 'engine_away', advice: 'TEMPORAL_ADDRESS' },
    {
      problem: '5 NOT_FOUND: Namespace lahetti is not found.',
      code: 'engine_namespace_missing',
      advice: 'namespace create',
    },
    { problem: '16 UNAUTHENTICATED: no', code: 'engine_refuses_us', advice: 'TEMPORAL_API_KEY' },
  ])('an installation whose engine reports "$problem" is told what to do', async ({ problem, code, advice }) => {
    const found = of(await lookAtHouse({ engineHealth: { ok: false, tookMs: 1, problem } }), 'engine');
    expect(found).toMatchObject({ verdict: 'wrong', code, advice: expect.stringContaining(advice) });
  });

  test('an installation whose clock is wrong is told by how much', async () => {
    const found = of(await lookAtHouse({ now: () => new Date(Date.now() + 400_000) }), 'clock');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'clock_differs_from_database' });
    expect(found.words).toBe("This machine's clock is 7 minutes ahead of the database's.");
    expect(found.advice).toContain('NTP');
  });

  test('an installation whose clock agrees with the database alone is compared with the shop’s clock', async () => {
    const shop = await aSoundShop();
    const { api } = deps();
    const late = { ...api, getTime: () => Promise.resolve(new Date(Date.now() + 120_000)) };
    const findings = await examineAll(deps({ api: late }), { storeHash: shop.storeHash });
    expect(of(findings, 'clock').words).toBe("This machine's clock is 120 seconds behind the shop's.");
  });
});

const doctor = async (shop: Shop | null, setUp: SetUp = {}): Promise<Said> => {
  const examine = async (asked: Examination) => {
    await exchanges.flush();
    return examineAll(deps(setUp), asked);
  };
  return doctorCommand.run({ examine } as unknown as CliContext, {
    positionals: [],
    flags: { store: shop?.storeHash },
    switches: {},
    lists: {},
  });
};

describe('the command', () => {
  test('the command doctor ends with 0 and a line for each check where nothing is wrong', async () => {
    const shop = await aSoundShop();
    await (await shop.order()).book();
    const said = await doctor(shop);
    expect(said.exitCode).toBeUndefined();
    expect(said.lines.at(-1)).toBe('Nothing is wrong.');
    expect(said.json).toMatchObject({ ok: true });
  });

  test('the command doctor says at its end how many things were not checked yet', async () => {
    const said = await doctor(await aSoundShop());
    expect(said.exitCode).toBeUndefined();
    expect(said.lines.at(-1)).toBe('Nothing is wrong; 1 thing is not proven yet (?).');
  });

  test('the command doctor ends with 1, what is wrong, and how it is mended', async () => {
    const said = await doctor(await world.shop());
    expect(said.exitCode).toBe(1);
    expect(said.lines.at(-1)).toBe('1 thing is wrong.');
    expect(said.lines.some((line) => line.startsWith('WRONG  hooks of '))).toBe(true);
  });

  test('the command doctor says what is wrong with a database that cannot be opened', () => {
    const error = Object.assign(new Error('password authentication failed for user "secret"'), { code: '28P01' });
    expect(doctorCommand.withoutContext?.(error)).toMatchObject({
      exitCode: 1,
      lines: expect.arrayContaining([
        'WRONG  database: The database does not accept the user or password (28P01).',
        '       → Correct them in DATABASE_URL.',
      ]),
    });
  });
});

/** Each as somebody who sets it up for the first time, or runs it, breaks it: exit code 1, what is wrong, what mends it. */
describe('a broken set-up', () => {
  interface Broken {
    readonly name: string;
    /** Breaks it, and gives what doctor runs with. */
    readonly make: () => Promise<readonly [Shop | null, SetUp]>;
    readonly words: string;
    readonly advice: string;
  }

  const withShop = (
    name: string,
    spoil: (shop: Shop) => Promise<SetUp | void> | SetUp,
    words: string,
    advice: string,
  ): Broken => ({
    ...{ name, words, advice },
    make: async () => {
      const shop = await aSoundShop();
      return [shop, (await spoil(shop)) ?? {}];
    },
  });
  const bigcommerceStore = (shop: Shop, changes: object) =>
    world.bigcommerce.control('POST', '/stores', {
      ...{ hash: shop.storeHash, token: `token-${shop.storeHash}`, clientId: 'lahetti', clientSecret: 'none' },
      ...changes,
    });
  const closed = (shop: Shop, code: string) =>
    shop.worker &&
    stopUntil(world.pool, { system: 'posti', account: String(shop.store.carrierAccountId) }, 'closed', code, 900_000);

  const set: readonly Broken[] = [
    {
      name: 'no store',
      make: () => Promise.resolve([null, { stores: withoutStores() }]),
      words: 'No store is connected',
      advice: 'connect <store hash> --client-id <id>',
    },
    withShop(
      'a wrong token of the store',
      (shop) => bigcommerceStore(shop, { token: 'another' }) as Promise<void>,
      'does not accept our access token',
      'Make a new API account in the shop',
    ),
    withShop(
      'a missing scope',
      (shop) => bigcommerceStore(shop, { scopes: ['store_v2_default', 'store_v2_information'] }) as Promise<void>,
      'The access token lacks Orders (modify).',
      'make a new one with Orders (modify)',
    ),
    withShop(
      'a shop that cannot be reached',
      () => ({
        api: createBigCommerce({
          baseUrl: 'http://127.0.0.1:9',
          sender,
          log: () => {},
          clock: { now: () => new Date() },
        }),
      }),
      'BigCommerce could not be reached',
      'Check BIGCOMMERCE_API_URL',
    ),
    withShop(
      'a wrong secret at Posti',
      (shop) => shop.renewAccount({ secret: 'changed-at-posti' }) as Promise<void>,
      'Posti does not accept the client id and secret.',
      'make a new secret, and connect again',
    ),
    withShop(
      'a missing role at Posti',
      (shop) => shop.renewAccount({ roles: ['2026-04'] }) as Promise<void>,
      'lacks the role shippingapi: nothing can be booked.',
      'Pick shippingapi for the application account',
    ),
    withShop(
      'a role that workers were refused for, and that is missing still',
      async (shop) => {
        await shop.renewAccount({ roles: ['2026-04'] });
        await closed(shop, 'posti_role_missing');
      },
      'lacks the role shippingapi: nothing can be booked.',
      'No new secret is needed.',
    ),
    withShop(
      'a log-in of Posti that answers 404',
      () => ({ addresses: { authUrl: `${world.posti.url}/nothing-here` } }),
      'There is no log-in of Posti',
      'Correct POSTI_AUTH_URL',
    ),
    withShop(
      'a log-in of Posti that cannot be reached',
      () => ({ addresses: { authUrl: 'http://127.0.0.1:9' } }),
      'Posti could not be reached (log in)',
      'Check POSTI_AUTH_URL (http://127.0.0.1:9)',
    ),
    withShop(
      'a Posti that is out of order for the workers',
      (shop) =>
        stopUntil(
          world.pool,
          { system: 'posti', account: String(shop.store.carrierAccountId) },
          'paused',
          'posti_unavailable',
          60_000,
        ),
      'Posti is out of order for us (posti unavailable): nothing is booked',
      'exchanges --failed',
    ),
    withShop(
      'a wrong contract number',
      async (shop) => {
        await shop.renewAccount({ contracts: ['600999'] });
        await (await shop.order()).book().catch(() => undefined);
      },
      'Posti refused the contract number 654321',
      "OmaPosti Pro's organisation settings",
    ),
    withShop(
      'an order that cannot be read',
      (shop) =>
        inTransaction(world.pool, async (tx) => {
          const look = { storeId: shop.store.id, orderId: 77, code: 'bigcommerce_unreadable', nextTryMs: 60_000 };
          await noteFailedLook(tx, {
            ...look,
            whose: 'order',
            failure: 'BigCommerce gave an answer that cannot be read.',
          });
        }),
      '1 order cannot be read, the first for 1 min.',
      'orders list --store',
    ),
    withShop(
      'hooks that are switched off',
      async (shop) => {
        const connection = await world.stores.connection(shop.storeHash);
        const { api } = deps();
        for (const { id } of await api.listHooks(connection, { about: {} })) {
          await api.updateHook(connection, id, { is_active: false }, { about: {} });
        }
      },
      'webhooks are switched off',
      'webhook-secret rotate',
    ),
    withShop(
      'a database that is away',
      () => ({ pool: createPool('postgres://nobody:not-shown@127.0.0.1:9/none') }),
      'The database does not answer (ECONNREFUSED).',
      'Start PostgreSQL',
    ),
    withShop(
      'an engine that is away',
      () => ({ engineHealth: { ok: false, tookMs: 1, problem: '14 UNAVAILABLE' }, pollers: null }),
      'The engine (Temporal) does not answer: 14 UNAVAILABLE.',
      'Start it, or correct TEMPORAL_ADDRESS',
    ),
    withShop(
      'no worker',
      () => ({ pollers: { orders: 0, posti: 0 } }),
      'No worker runs that would read orders and tell shops and book at Posti.',
      'Start one: npm start',
    ),
    withShop(
      'a store that somebody paused',
      async (shop) => void (await world.stores.setState(shop.storeHash, 'paused')),
      'is paused',
      'stores resume',
    ),
    withShop(
      'settings that book nothing',
      (shop) => shop.chooseSettings({ services: {}, defaultService: null }),
      'every order will need attention (service_not_chosen)',
      'settings set',
    ),
  ];

  test.each(set)('the broken set-up "$name" ends with 1 and the advice that helps', async ({ make, words, advice }) => {
    const [shop, setUp] = await make();
    const said = await doctor(shop, setUp);
    expect(said.exitCode).toBe(1);
    expect(said.lines.at(-1)).toMatch(/things? (is|are) wrong\.$/);
    const at = said.lines.findIndex((line) => line.startsWith('WRONG') && line.includes(words));
    expect(said.lines.join('\n')).toContain(words);
    expect(said.lines[at + 1]).toContain(advice);
  });

  test('no public address is by choice: it ends with 0, and says that orders come later', async () => {
    const said = await doctor(await aSoundShop(), { publicUrl: null });
    expect(said.exitCode).toBeUndefined();
    expect(said.lines.join('\n')).toContain('shops cannot tell us of orders, and the sweep alone finds them');
    expect(said.lines.at(-1)).toMatch(/^Nothing is wrong; 3 things are not proven yet/);
  });

  test('a store that observes is by choice, and says that nothing is booked', async () => {
    const shop = await aSoundShop();
    await shop.chooseSettings({ mode: 'observe' });
    const said = await doctor(shop);
    expect(said.exitCode).toBeUndefined();
    expect(said.lines.join('\n')).toContain('observes: it plans and shows, books nothing');
  });
});

describe('an account that workers use', () => {
  const accountOf = (shop: Shop) => ({ system: 'posti', account: String(shop.store.carrierAccountId) }) as const;

  test('an account that workers use is neither closed nor made to wait longer by a failed check', async () => {
    const shop = await aSoundShop();
    await shop.renewAccount({ secret: 'changed-at-posti' });
    await look(shop);
    await look(shop, {}, { again: true });
    await look(shop, { addresses: { authUrl: `${world.posti.url}/nothing-here` } }, { again: true });
    expect(await readHealth(world.pool, accountOf(shop))).toBeUndefined();

    await stopUntil(world.pool, accountOf(shop), 'closed', 'posti_role_missing', 1_000);
    await look(shop, {}, { again: true });
    const row = await readHealth(world.pool, accountOf(shop));
    expect(row).toMatchObject({ state: 'closed', reason: 'posti_role_missing' });
    expect(row?.waitMs).toBeLessThanOrEqual(1_000);
  });

  test('an account that was closed for a missing role is opened once the role is there', async () => {
    const shop = await aSoundShop();
    await stopUntil(world.pool, accountOf(shop), 'closed', 'posti_role_missing', 900_000);
    expect(wrongOnes(await look(shop))).toEqual([]);
    expect(await shop.troubles()).toEqual([]);
  });

  test('an account that is closed for its secret is not asked while the refusal is fresh, and not called mended', async () => {
    const shop = await aSoundShop();
    await stopUntil(world.pool, accountOf(shop), 'closed', 'posti_credentials_refused', 900_000);
    expect(wrongOnes(await look(shop))).toEqual(['posti_credentials_refused']);
    expect(await shop.troubles()).toMatchObject([{ state: 'closed' }]);
  });

  test('an account of a shop is opened when the shop takes the token again', async () => {
    const shop = await aSoundShop();
    for (const system of ['bigcommerce', 'bigcommerce_orders_modify'] as const) {
      await stopUntil(world.pool, { system, account: shop.storeHash }, 'closed', 'x', 900_000);
    }
    expect(wrongOnes(await look(shop))).toEqual([]);
    expect(await shop.troubles()).toEqual([]);
  });
});

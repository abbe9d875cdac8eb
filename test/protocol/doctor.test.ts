import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBigCommerce } from '../../src/bigcommerce/client.ts';
import { doctorCommand } from '../../src/cli/doctor.ts';
import type { CliContext } from '../../src/cli/command.ts';
import { createPool } from '../../src/db/pool.ts';
import { examineAll, examineStore, type DoctorDeps, type Examination } from '../../src/doctor/examine.ts';
import type { CheckName, Finding } from '../../src/doctor/finding.ts';
import type { EngineHealth } from '../../src/engine/client.ts';
import { createHttpSender } from '../../src/http-sender/sender.ts';
import { createCarriers } from '../../src/main/carriers.ts';
import { hookScopes, mendHooks } from '../../src/stores/hooks.ts';
import { serveApp, type ServedApp } from '../http/served-app.ts';
import { startWorld, type World } from './world.ts';
import type { Shop } from './shop.ts';

let world: World;
let app: ServedApp;
const sender = createHttpSender({ timeouts: { connect: 1_000, total: 5_000 } });

beforeAll(async () => {
  world = await startWorld();
  app = await serveApp(world.pool);
});
afterAll(async () => {
  await app.close();
  await sender.close();
});

interface SetUp extends Partial<DoctorDeps> {
  readonly engineHealth?: EngineHealth;
}

function deps({ engineHealth, ...changes }: SetUp = {}): DoctorDeps {
  const { pool, stores, bigcommerce, posti } = world;
  const clients = { sender, log: () => {} };
  const config = {
    posti: {
      ...{ authUrl: `${posti.url}/auth`, gatewayUrl: posti.url, trackingUrl: `${posti.url}/tracking/7` },
      ...{ labelHosts: [], alandAs: 'FI' as const },
    },
  };
  const carriers = createCarriers({ config, stores, ...clients });
  return {
    ...{ pool, stores, sender, publicUrl: app.url, httpsOnly: false, now: () => new Date() },
    api: createBigCommerce({ baseUrl: bigcommerce.url, ...clients, clock: { now: () => new Date() } }),
    postiOf: (storeHash) => carriers.find(storeHash),
    engine: { health: () => Promise.resolve(engineHealth ?? { ok: true, tookMs: 2, problem: null }) },
    ...changes,
  };
}

/** A shop with which everything is right, its webhooks included. */
async function aSoundShop(needs: Parameters<World['shop']>[0] = {}): Promise<Shop> {
  const shop = await world.shop(needs);
  const connection = await world.stores.connection(shop.storeHash);
  await mendHooks(deps().api, connection, { publicUrl: app.url, secret: 'secret' });
  return shop;
}

const look = (shop: Shop, setUp: SetUp = {}, asked: Examination = {}): Promise<Finding[]> =>
  examineStore(shop.storeHash, deps(setUp), asked);
const lookAtHouse = (setUp: SetUp = {}): Promise<Finding[]> =>
  examineAll(deps({ ...setUp, stores: { ...world.stores, list: () => Promise.resolve([]) } }));

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
  test('that does not accept the token is to get a new API account', async () => {
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

  test('whose token lacks a scope is told which one, by the name that the control panel has for it', async () => {
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

  test('that does not exist has a wrong store hash', async () => {
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

  test('that took our app away is to be connected again', async () => {
    const shop = await aSoundShop();
    await world.stores.setState(shop.storeHash, 'disconnected');
    expect(of(await look(shop), 'shop_token')).toMatchObject({ verdict: 'wrong', code: 'store_disconnected' });
  });
});

describe('webhooks', () => {
  const hooksOf = async (shop: Shop) => {
    const connection = await world.stores.connection(shop.storeHash);
    const { api } = deps();
    const call = { about: {} };
    const hooks = await api.listHooks(connection, call);
    return { connection, api, call, hooks };
  };

  test('that are missing are named', async () => {
    const shop = await aSoundShop();
    const { api, connection, call, hooks } = await hooksOf(shop);
    const created = hooks.find(({ scope }) => scope === 'store/order/created')!;
    await api.deleteHook(connection, created.id, call);
    const found = of(await look(shop), 'hooks');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'hooks_missing' });
    expect(found.words).toBe(`1 of ${hookScopes.length} webhooks are missing (order/created).`);
    expect(found.advice).toContain(`webhook-secret rotate ${shop.storeHash}`);
  });

  test('that are switched off are named', async () => {
    const shop = await aSoundShop();
    const { api, connection, call, hooks } = await hooksOf(shop);
    for (const { id } of hooks.slice(0, 2)) await api.updateHook(connection, id, { is_active: false }, call);
    const found = of(await look(shop), 'hooks');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'hooks_switched_off' });
    expect(found.words).toContain(`2 of ${hookScopes.length} webhooks are switched off, as BigCommerce does`);
  });

  test('that point elsewhere are shown with where', async () => {
    const shop = await aSoundShop();
    const found = of(await look(shop, { publicUrl: 'https://orders.example.com' }), 'hooks');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'hooks_elsewhere' });
    expect(found.words).toContain(`point to ${app.url} and not to https://orders.example.com`);
    expect(found.advice).toContain('Check that PUBLIC_URL is right');
  });

  test('that carry a secret that is not ours are found, and no secret is shown', async () => {
    const shop = await aSoundShop();
    await world.stores.setWebhookSecrets(shop.storeHash, ['kept-to-ourselves']);
    const findings = await look(shop);
    expect(of(findings, 'hooks')).toMatchObject({ verdict: 'wrong', code: 'hooks_secret_wrong' });
    expect(JSON.stringify(findings)).not.toMatch(/kept-to-ourselves|sandbox-secret|token-s/);
  });
});

describe('the public address', () => {
  test('that nothing answers at is unreachable', async () => {
    const found = of(await lookAtHouse({ publicUrl: 'http://127.0.0.1:9' }), 'public_address');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'public_address_unreachable' });
    expect(found.words).toBe('PUBLIC_URL (http://127.0.0.1:9) is not reached from here: the connection was refused.');
    expect(found.advice).toContain('Check name service, firewall and proxy');
  });

  test("that is somebody else's is told from ours", async () => {
    const found = of(await lookAtHouse({ publicUrl: world.posti.url }), 'public_address');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'public_address_elsewhere' });
  });

  test('without HTTPS is none for a real shop', async () => {
    const found = of(await lookAtHouse({ httpsOnly: true }), 'public_address');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'public_address_not_https' });
  });

  test('that is not set leaves the sweep, and is no fault', async () => {
    expect(of(await lookAtHouse({ publicUrl: null }), 'public_address')).toMatchObject({ verdict: 'unproven' });
  });
});

describe('Posti', () => {
  const logIns = async (): Promise<number> =>
    Object.entries((await world.posti.books()).requests.byRoute)
      .filter(([route]) => route.includes('token'))
      .reduce((sum, [, count]) => sum + count, 0);

  test('that does not accept the secret is asked once, and then not again until somebody says so', async () => {
    const shop = await aSoundShop();
    await shop.renewAccount({ secret: 'changed-at-posti' });
    const before = await logIns();
    const found = of(await look(shop), 'posti_login');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'posti_credentials_refused' });
    expect(found.words).toBe('Posti does not accept the client id and secret.');
    expect(found.advice).toContain('make a new secret, and connect again');
    expect(await shop.troubles()).toMatchObject([{ system: 'posti', state: 'closed' }]);

    for (let i = 0; i < 5; i += 1) {
      expect(of(await look(shop), 'posti_login').words).toContain('is not asked again for 15 minutes');
    }
    expect(await logIns()).toBe(before + 1);

    await shop.renewAccount();
    expect(wrongOnes(await look(shop, {}, { again: true }))).toEqual([]);
    expect(await shop.troubles()).toEqual([]);
  });

  test('is asked once also for stores that share the account', async () => {
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
  ])('an account without the role $name is told so', async ({ roles, code, words }) => {
    const shop = await aSoundShop({ roles });
    const found = of(await look(shop), 'posti_roles');
    expect(found).toMatchObject({ verdict: 'wrong', code, words });
    expect(found.advice).toContain("in Posti's developer portal");
  });

  test.each([
    { trackingAccess: false, code: 'posti_tracking_missing', words: 'nobody follows them' },
    { trackingAccess: 'public', code: 'posti_tracking_public_only', words: 'cannot be looked up by reference' },
  ])('an account with tracking access $trackingAccess is told so', async ({ trackingAccess, code, words }) => {
    const shop = await aSoundShop();
    await shop.renewAccount({ trackingAccess });
    const found = of(await look(shop), 'posti_roles');
    expect(found).toMatchObject({ verdict: 'wrong', code });
    expect(found.words).toContain(words);
  });

  test('behind a gateway that wants a secret of its own is told from a missing role', async () => {
    const shop = await aSoundShop();
    await shop.renewAccount({ gatewaySecret: 'of-the-demo' });
    expect(of(await look(shop), 'posti_roles')).toMatchObject({ verdict: 'wrong', code: 'posti_gateway_secret_wrong' });
  });

  test('that refuses the contract number is believed', async () => {
    const shop = await aSoundShop();
    await shop.renewAccount({ contracts: ['600999'] });
    await (await shop.order()).book().catch(() => undefined);
    const found = of(await look(shop), 'contract');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'contract_refused' });
    expect(found.words).toMatch(/^Posti refused the contract number 654321 at \d{4}-/);
    expect(found.advice).toContain("OmaPosti Pro's organisation settings");
  });

  test('without a contract number cannot be booked at', async () => {
    const shop = await aSoundShop();
    const { settings } = await world.stores.settings(shop.storeHash);
    await world.stores.saveSettings(shop.storeHash, { ...settings, warehouses: [] }, 'test');
    expect(of(await look(shop), 'contract')).toMatchObject({ verdict: 'wrong', code: 'contract_missing' });
  });
});

describe('the house', () => {
  test('whose database does not answer says so, and looks no further', async () => {
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
  ])('whose engine says "$problem" is told what to do', async ({ problem, code, advice }) => {
    const found = of(await lookAtHouse({ engineHealth: { ok: false, tookMs: 1, problem } }), 'engine');
    expect(found).toMatchObject({ verdict: 'wrong', code, advice: expect.stringContaining(advice) });
  });

  test('whose clock is wrong is told by how much', async () => {
    const found = of(await lookAtHouse({ now: () => new Date(Date.now() + 400_000) }), 'clock');
    expect(found).toMatchObject({ verdict: 'wrong', code: 'clock_differs_from_database' });
    expect(found.words).toBe("This machine's clock is 7 minutes ahead of the database's.");
    expect(found.advice).toContain('NTP');
  });

  test("whose clock agrees with the database's alone is held against the shop's", async () => {
    const shop = await aSoundShop();
    const { api } = deps();
    const late = { ...api, getTime: () => Promise.resolve(new Date(Date.now() + 120_000)) };
    const findings = await examineAll(deps({ api: late }), { storeHash: shop.storeHash });
    expect(of(findings, 'clock').words).toBe("This machine's clock is 120 seconds behind the shop's.");
  });
});

describe('the command', () => {
  const run = (shop: Shop) =>
    doctorCommand.run({ examine: (asked: Examination) => examineAll(deps(), asked) } as unknown as CliContext, {
      positionals: [],
      flags: { store: shop.storeHash },
      switches: {},
      lists: {},
    });

  test('ends with 0 and a line for each look where nothing is wrong', async () => {
    const said = await run(await aSoundShop());
    expect(said.exitCode).toBeUndefined();
    expect(said.lines.at(-1)).toBe('Nothing is wrong.');
    expect(said.json).toMatchObject({ ok: true });
  });

  test('ends with 1, what is wrong, and how it is mended', async () => {
    const said = await run(await world.shop());
    expect(said.exitCode).toBe(1);
    expect(said.lines.at(-1)).toBe('1 thing is wrong.');
    expect(said.lines.some((line) => line.startsWith('WRONG  hooks of '))).toBe(true);
  });

  test('says what is wrong with a database that cannot be opened', () => {
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

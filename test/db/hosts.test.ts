import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { setConnectedHosts } from '../../harness/connected-hosts.sql.ts';
import { expectDemoStores } from '../../harness/demo/own-folder.ts';
import { loadConfig } from '../../src/config.ts';
import { createSystemHealth } from '../../src/health/system-health.ts';
import { createLog } from '../../src/log.ts';
import { createCarriers } from '../../src/main/carriers.ts';
import { expectOurStores } from '../../src/main/our-stores.ts';
import { hostsOf } from '../../src/stores/hosts.ts';
import { createSecretBox } from '../../src/stores/secrets.ts';
import type { CarrierAccountDraft } from '../../src/stores/store.ts';
import { createStores, type StoresDeps } from '../../src/stores/connected-stores.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(() =>
  db.pool.query('truncate lahetti.stores, lahetti.carrier_accounts, lahetti.system_health restart identity cascade'),
);

const production = loadConfig({});
const postiDemo = loadConfig({
  POSTI_AUTH_URL: 'https://gateway-auth.demo.posti.fi',
  POSTI_GATEWAY_URL: 'https://gateway.demo.posti.fi',
});
const standIns = loadConfig({
  BIGCOMMERCE_API_URL: 'http://127.0.0.1:4410',
  POSTI_AUTH_URL: 'http://127.0.0.1:4411/auth',
  POSTI_GATEWAY_URL: 'http://127.0.0.1:4411',
});

/** The stores as a process sees them that is configured so. */
const storesOf = (config: typeof production, options: Partial<StoresDeps> = {}) =>
  createStores({
    ...{ pool: db.pool, hosts: hostsOf(config), cacheMs: 0, ...options },
    secretBox: createSecretBox([{ id: 'k1', key: Buffer.alloc(32, 9) }]),
  });

async function connect(
  config: typeof production,
  storeHash: string,
  secret = 'secret',
  posti: CarrierAccountDraft = { clientId: 'posti', clientSecret: secret, gatewaySecret: null },
): Promise<void> {
  await storesOf(config).connect({
    ...{ storeHash, name: 'Kauppa', clientId: 'client', accessToken: `token-of-${storeHash}`, clientSecret: null },
    ...{ weightUnits: 'KGS', webhookSecrets: ['hook'] },
    posti,
  });
}

/** What a process that starts so says, and by what it ends. */
async function startAs(config: typeof production, options: Partial<StoresDeps> = {}) {
  const said: string[] = [];
  const log = createLog({ level: 'error', destination: { write: (line) => void said.push(line) } });
  const refusal = await expectOurStores(storesOf(config, options), config, log).then(
    () => null,
    (error: unknown) => error as { message: string; exitCode: number },
  );
  return { said: said.join(''), refusal };
}

describe('a store that was connected at one host, in a process that is configured for another', () => {
  test('a store of another host gets its token and its Posti secret sent nowhere, with one explanation', async () => {
    await connect(standIns, 'kauppa1');
    await expect(storesOf(standIns).connection('kauppa1')).resolves.toMatchObject({ accessToken: 'token-of-kauppa1' });
    await expect(storesOf(production).connection('kauppa1')).rejects.toThrow(
      'Store kauppa1 was connected at http://127.0.0.1:4410, and BIGCOMMERCE_API_URL says https://api.bigcommerce.com: it is not used.',
    );
    await expect(storesOf(production).carrierAccount('kauppa1')).rejects.toThrow(
      /^The Posti account of store kauppa1 was connected at http:\/\/127\.0\.0\.1:4411 and .*: it is not used\.$/,
    );
  });

  test('a store of Posti’s production is not called where Posti’s demo is configured, and the reverse', async () => {
    await connect(postiDemo, 'kauppa1');
    await expect(storesOf(production).connection('kauppa1')).resolves.toBeDefined();
    await expect(storesOf(production).carrierAccount('kauppa1')).rejects.toMatchObject({ code: 'connected_elsewhere' });
    await connect(production, 'kauppa1');
    await expect(storesOf(postiDemo).carrierAccount('kauppa1')).rejects.toMatchObject({ code: 'connected_elsewhere' });
  });

  test('a store of another tracking host gets the secret of its tracking log-in sent nowhere, also not after it is connected again', async () => {
    const elsewhere = loadConfig({ POSTI_TRACKING_AUTH_URL: 'https://tracking.example/oauth/token' });
    const trackingLogIn = { clientId: 'tracker', clientSecret: 'secret' };
    const account = { clientId: 'posti', clientSecret: 'secret', gatewaySecret: null };
    await connect(production, 'kauppa1', 'secret', { ...account, trackingLogIn });
    const words =
      /^The log-in for tracking of store kauppa1’s Posti account was connected at .* POSTI_TRACKING_AUTH_URL says/;
    const refusal = async () => (await storesOf(elsewhere).carrierAccount('kauppa1'))?.trackingElsewhere?.message;
    expect(await refusal()).toMatch(words);
    await connect(elsewhere, 'kauppa1', 'secret', account);
    expect(await refusal()).toMatch(words);
    expect((await startAs(elsewhere)).said).toContain('POSTI_TRACKING_AUTH_URL');
    expect(await storesOf(production).carrierAccount('kauppa1')).toMatchObject({
      trackingLogIn,
      trackingElsewhere: null,
    });
  });

  test('a store of another tracking host is not followed, but booked for', async () => {
    const moved = loadConfig({ POSTI_TRACKING_URL: 'https://tracking.example/tracking/7' });
    await connect(production, 'kauppa1');
    const sent: string[] = [];
    const carriers = createCarriers({
      ...{ config: moved, stores: storesOf(moved), log: () => undefined },
      sender: {
        send: ({ url }) => (sent.push(url), Promise.reject(new Error('not answered here'))),
        close: () => Promise.resolve(),
      },
    });
    const { carrier } = (await carriers.find('kauppa1'))!;
    const call = { about: { storeHash: 'kauppa1' } };
    for (const question of [() => carrier.track(['JJFI1'], call), () => carrier.lookup('1-1-1-1', call)]) {
      await expect(question()).rejects.toMatchObject({
        ...{ code: 'connected_elsewhere', kind: 'paused' },
        message: expect.stringContaining('POSTI_TRACKING_URL says https://tracking.example') as string,
      });
    }
    expect(sent).toEqual([]);
    await expect(carrier.probe(call)).rejects.toThrow();
    expect(sent).toEqual(['https://gateway-auth.posti.fi/api/v1/token']);

    const { refusal, said } = await startAs(moved);
    expect(refusal).toBeNull();
    expect(said).toContain('POSTI_TRACKING_URL');
    await connect(moved, 'kauppa1');
    expect(await storesOf(moved).carrierAccount('kauppa1')).toMatchObject({ trackingElsewhere: null });
  });

  test('a label is fetched from hosts that are configured and were when its store was connected, and from no others', async () => {
    await connect(production, 'kauppa1');
    const hostsOfLabels = async (config: typeof production) =>
      (await storesOf(config).carrierAccount('kauppa1'))?.labelHosts;
    expect(await hostsOfLabels(production)).toEqual(['gateway.demo.posti.fi', 'gateway.posti.fi']);
    const more = loadConfig({ POSTI_LABEL_HOSTS: 'gateway.posti.fi,labels.example' });
    expect(await hostsOfLabels(more)).toEqual(['gateway.posti.fi']);
    await connect(more, 'kauppa1');
    expect(await hostsOfLabels(more)).toEqual(['gateway.posti.fi', 'labels.example']);
  });

  test('a store of another host closes no account, since a wrong configuration is no fault of Posti’s', async () => {
    await connect(standIns, 'kauppa1');
    const error: unknown = await storesOf(production)
      .carrierAccount('kauppa1')
      .catch((thrown: unknown) => thrown);
    const health = createSystemHealth({ pool: db.pool, log: createLog({ level: 'silent' }), speed: 1 });
    await health.report({ system: 'posti', account: '1' }, error);
    expect((await db.pool.query('select * from lahetti.system_health')).rows).toEqual([]);
  });

  test('a store of another host keeps the process from starting, with exit code 78, where all stores are so', async () => {
    await connect(standIns, 'kauppa1');
    await connect(standIns, 'kauppa2');
    const { refusal } = await startAs(production);
    expect(refusal?.message).toMatch(/^Store kauppa1 was connected at http:\/\/127\.0\.0\.1:4410, .* more\.\)$/);
    expect(refusal?.exitCode).toBe(78);
    expect((await startAs(standIns)).refusal).toBeNull();
  });

  test('a store of another host does not keep the other stores of the process from being served', async () => {
    await connect(production, 'kauppa1');
    await connect(standIns, 'kauppa2', 'another');
    await storesOf(production).connect({
      ...{ storeHash: 'kauppa1', name: 'Kauppa', clientId: 'client', accessToken: 'newer', clientSecret: null },
      ...{
        weightUnits: 'KGS',
        webhookSecrets: ['hook'],
        posti: { clientId: 'posti-1', clientSecret: 's', gatewaySecret: null },
      },
    });
    const { refusal, said } = await startAs(production);
    expect(refusal).toBeNull();
    expect(said).toMatch(/Store kauppa2 was connected at/);
    expect(said).not.toMatch(/kauppa1/);
  });

  test('a store of a host that has moved is used again once it was connected anew', async () => {
    await connect(standIns, 'kauppa1');
    await connect(production, 'kauppa1');
    await expect(storesOf(production).connection('kauppa1')).resolves.toBeDefined();
    await expect(storesOf(production).carrierAccount('kauppa1')).resolves.toBeDefined();
  });
});

describe('a store that was connected before hosts were kept', () => {
  beforeEach(async () => {
    await connect(production, 'kauppa1');
    await db.pool.query('update lahetti.stores set connected_at_host = null');
    await db.pool.query(
      'update lahetti.carrier_accounts set connected_at_hosts = null, tracking_at_host = null, label_hosts = null',
    );
  });

  test('a store that was connected before hosts were kept belongs to the host that the next worker is configured for', async () => {
    expect((await startAs(production)).refusal).toBeNull();
    await expect(storesOf(standIns).connection('kauppa1')).rejects.toMatchObject({ code: 'connected_elsewhere' });
    const moved = loadConfig({ POSTI_TRACKING_URL: 'https://tracking.example', POSTI_LABEL_HOSTS: 'labels.example' });
    expect(await storesOf(moved).carrierAccount('kauppa1')).toMatchObject({
      ...{ trackingElsewhere: { code: 'connected_elsewhere' }, labelHosts: [] },
    });
  });

  test('a store that was connected before hosts were kept is not used where the demo shared the state folder', async () => {
    const { refusal } = await startAs(production, { unknownHostsAreOurs: false });
    expect(refusal?.message).toMatch(/not written down where store kauppa1 was connected, and the demo has used/);
  });
});

describe('the demo', () => {
  test('the demo refuses a database with a store that is not its own, and names it, before anything is sent', async () => {
    await connect(standIns, 'demolanka');
    await connect(standIns, 'demopata12');
    await setConnectedHosts(db.pool, { ...hostsOf(standIns), shop: 'http://127.0.0.1:9' });
    await expect(expectDemoStores(db.pool, '.lahetti', 'http://127.0.0.1:4410')).resolves.toBeUndefined();
    await connect(production, 'abcd1234');
    await expect(expectDemoStores(db.pool, '.lahetti', 'http://127.0.0.1:4410')).rejects.toThrow(
      /stores that are not the demo's \(abcd1234\)/,
    );
  });
});

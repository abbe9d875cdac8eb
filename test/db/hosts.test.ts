import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { setConnectedHosts } from '../../demo/connected-hosts.sql.ts';
import { expectDemoStores } from '../../demo/own-folder.ts';
import { loadConfig } from '../../src/config.ts';
import { createSystemHealth } from '../../src/health/system-health.ts';
import { createLog } from '../../src/log.ts';
import { expectOurStores } from '../../src/main/our-stores.ts';
import { hostsOf } from '../../src/stores/hosts.ts';
import { createSecretBox } from '../../src/stores/secrets.ts';
import { createStores, type CarrierAccountDraft, type StoresDeps } from '../../src/stores/store.ts';
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
  test('gets its token and its Posti secret sent nowhere, and one sentence says why', async () => {
    await connect(standIns, 'kauppa1');
    await expect(storesOf(standIns).connection('kauppa1')).resolves.toMatchObject({ accessToken: 'token-of-kauppa1' });
    await expect(storesOf(production).connection('kauppa1')).rejects.toThrow(
      'Store kauppa1 was connected at http://127.0.0.1:4410, and BIGCOMMERCE_API_URL says https://api.bigcommerce.com: it is not used.',
    );
    await expect(storesOf(production).carrierAccount('kauppa1')).rejects.toThrow(
      /^The Posti account of store kauppa1 was connected at http:\/\/127\.0\.0\.1:4411 and .*: it is not used\.$/,
    );
  });

  test('is not sent to Posti’s production where Posti’s demo is meant, and the reverse', async () => {
    await connect(postiDemo, 'kauppa1');
    await expect(storesOf(production).connection('kauppa1')).resolves.toBeDefined();
    await expect(storesOf(production).carrierAccount('kauppa1')).rejects.toMatchObject({ code: 'connected_elsewhere' });
    await connect(production, 'kauppa1');
    await expect(storesOf(postiDemo).carrierAccount('kauppa1')).rejects.toMatchObject({ code: 'connected_elsewhere' });
  });

  test('gets the secret of its log-in for tracking sent to no other host either, also not after it is connected again', async () => {
    const elsewhere = loadConfig({ POSTI_TRACKING_AUTH_URL: 'https://tracking.example/oauth/token' });
    const trackingLogIn = { clientId: 'tracker', clientSecret: 'secret' };
    const account = { clientId: 'posti', clientSecret: 'secret', gatewaySecret: null };
    await connect(production, 'kauppa1', 'secret', { ...account, trackingLogIn });
    const words =
      /^The log-in for tracking of store kauppa1’s Posti account was connected at .* POSTI_TRACKING_AUTH_URL says/;
    await expect(storesOf(elsewhere).carrierAccount('kauppa1')).rejects.toThrow(words);
    await connect(elsewhere, 'kauppa1', 'secret', account);
    await expect(storesOf(elsewhere).carrierAccount('kauppa1')).rejects.toThrow(words);
    expect((await startAs(elsewhere)).said).toContain('POSTI_TRACKING_AUTH_URL');
    await expect(storesOf(production).carrierAccount('kauppa1')).resolves.toMatchObject({ trackingLogIn });
  });

  test('closes no account: that a process is configured wrongly is no trouble of Posti’s', async () => {
    await connect(standIns, 'kauppa1');
    const error: unknown = await storesOf(production)
      .carrierAccount('kauppa1')
      .catch((thrown: unknown) => thrown);
    const health = createSystemHealth({ pool: db.pool, log: createLog({ level: 'silent' }), speed: 1 });
    await health.report({ system: 'posti', account: '1' }, error);
    expect((await db.pool.query('select * from lahetti.system_health')).rows).toEqual([]);
  });

  test('keeps that process from starting, with exit code 78, where all stores are so', async () => {
    await connect(standIns, 'kauppa1');
    await connect(standIns, 'kauppa2');
    const { refusal } = await startAs(production);
    expect(refusal?.message).toMatch(/^Store kauppa1 was connected at http:\/\/127\.0\.0\.1:4410, .* more\.\)$/);
    expect(refusal?.exitCode).toBe(78);
    expect((await startAs(standIns)).refusal).toBeNull();
  });

  test('does not keep the other stores of that process from being served', async () => {
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

  test('is used again once it was connected anew, where the host has really moved', async () => {
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
    await db.pool.query('update lahetti.carrier_accounts set connected_at_hosts = null');
  });

  test('belongs to where the next process that carries orders is configured for', async () => {
    expect((await startAs(production)).refusal).toBeNull();
    await expect(storesOf(standIns).connection('kauppa1')).rejects.toMatchObject({ code: 'connected_elsewhere' });
  });

  test('is not used where the demo shared the state folder, since it may be the demo’s', async () => {
    const { refusal } = await startAs(production, { unknownHostsAreOurs: false });
    expect(refusal?.message).toMatch(/not written down where store kauppa1 was connected, and the demo has used/);
  });
});

describe('the demo', () => {
  test('refuses a database with a store that is not its own, and names it, before anything is sent', async () => {
    await connect(standIns, 'demolanka');
    await connect(standIns, 'demopata12');
    await setConnectedHosts(db.pool, { shop: 'http://127.0.0.1:9', posti: '' });
    await expect(expectDemoStores(db.pool, '.lahetti', 'http://127.0.0.1:4410')).resolves.toBeUndefined();
    await connect(production, 'abcd1234');
    await expect(expectDemoStores(db.pool, '.lahetti', 'http://127.0.0.1:4410')).rejects.toThrow(
      /stores that are not the demo's \(abcd1234\)/,
    );
  });
});

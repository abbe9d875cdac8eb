import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { inTransaction } from '../../src/db/pool.ts';
import { createSecretBox } from '../../src/stores/secrets.ts';
import type { Stores } from '../../src/stores/store.ts';
import { createStores } from '../../src/stores/connected-stores.ts';
import { aStore } from '../http/served-app.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { eventually } from '../support/wait.ts';
import { programEnv } from '../support/program-env.ts';
import { hosts } from '../support/hosts.ts';

const old = { id: 'old', key: randomBytes(32) };
const fresh = { id: 'fresh', key: randomBytes(32) };
const hashes = ['kauppa1', 'kauppa2', 'kauppa3', 'kauppa4'];

let db: TestDatabase;
const storesWith = (...keys: (typeof old)[]): Stores =>
  createStores({ hosts, pool: db.pool, secretBox: createSecretBox(keys), cacheMs: 0 });

beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  await db.pool.query('truncate lahetti.stores, lahetti.carrier_accounts, lahetti.audit cascade');
  for (const hash of hashes) {
    const posti = { clientId: `posti-${hash}`, clientSecret: `secret-${hash}`, gatewaySecret: `gateway-${hash}` };
    const trackingLogIn = hash === 'kauppa1' ? { clientId: 'tracker', clientSecret: `tracking-${hash}` } : null;
    await storesWith(old).connect({ ...aStore(hash), posti: { ...posti, trackingLogIn } });
  }
});

/** Everything that a running API or worker asks of the stores' secrets. */
async function everyStoreWorks(stores: Stores): Promise<void> {
  for (const hash of hashes) {
    expect(await stores.connection(hash)).toMatchObject({ accessToken: `token-of-${hash}` });
    expect(await stores.webhookVerification(hash)).toMatchObject({ signingKey: 'app-client-secret' });
    expect(await stores.carrierAccount(hash)).toMatchObject({
      ...{ clientSecret: `secret-${hash}`, gatewaySecret: `gateway-${hash}` },
      trackingLogIn: hash === 'kauppa1' ? { clientSecret: `tracking-${hash}` } : null,
    });
  }
}

const usedBy = async (stores: Stores) =>
  Object.fromEntries((await stores.keys.list()).map(({ keyId, values }) => [keyId, values]));

test('everything opens with the newest key alone after a rotation, and the old one may be removed', async () => {
  const both = storesWith(fresh, old);
  expect(await both.keys.list()).toMatchObject([
    { keyId: 'fresh', newest: true, values: 0, removable: false },
    { keyId: 'old', newest: false, values: 21, removable: false },
  ]);
  expect(await both.keys.rotate('aino')).toEqual({ keyId: 'fresh', rows: 8, failures: [] });
  expect(await both.keys.list()).toMatchObject([
    { keyId: 'fresh', values: 21, removable: false },
    { keyId: 'old', values: 0, removable: true },
  ]);
  await everyStoreWorks(storesWith(fresh));
  expect(await both.keys.rotate('aino')).toMatchObject({ rows: 0 });
  const { rows } = await db.pool.query(
    `select who, people_after as after from lahetti.audit where what = 'keys_rotated'`,
  );
  expect(rows).toEqual([{ who: 'aino', after: { keyId: 'fresh', rows: 8 } }]);
});

test('a key that is not configured is named, and the rest is rotated all the same', async () => {
  const lost = { id: 'lost', key: randomBytes(32) };
  await storesWith(lost).connect({ ...aStore('kauppa1'), posti: null });
  const { rows, failures } = await storesWith(fresh, old).keys.rotate('aino');
  expect(rows).toBe(7);
  expect(failures).toEqual([expect.stringMatching(/stores\/kauppa1\/access_token .*"lost".*LAHETTI_SECRET_KEYS/)]);
  expect(await storesWith(fresh, old).keys.list()).toContainEqual({
    ...{ keyId: 'lost', newest: false, configured: false, values: 3, removable: false },
  });
});

test('a store whose key is lost works again once it is connected again', async () => {
  const without = storesWith(fresh);
  await expect(without.connection('kauppa1')).rejects.toThrow(/"old", which is not in LAHETTI_SECRET_KEYS/);
  await without.connect({ ...aStore('kauppa1'), webhookSecrets: ['made up anew'] });
  expect(await without.connection('kauppa1')).toMatchObject({ accessToken: 'token-of-kauppa1' });
  expect(await without.webhookSecrets('kauppa1')).toEqual(['made up anew']);
});

test('the rotation knows every table that has sealed values', async () => {
  const { rows } = await db.pool.query<{ name: string }>(
    `select table_name as name from information_schema.columns
      where table_schema = 'lahetti' and column_name = 'key_id' order by 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual(['carrier_accounts', 'stores']);
});

test('a rotation that is killed in the middle is finished by the next, and every store works all the time', async () => {
  const running = storesWith(fresh, old);
  const webhooksChanged = running.setWebhookSecrets('kauppa4', ['changed meanwhile']);
  await webhooksChanged;
  const stateDir = await mkdtemp(join(tmpdir(), 'lahetti-rotation-'));
  onTestFinished(() => rm(stateDir, { recursive: true, force: true }));

  // Somebody holds the third store: the rotation has done what is before it, and waits there.
  await inTransaction(db.pool, async (tx) => {
    await tx.query(`select from lahetti.stores where store_hash = 'kauppa3' for update`);
    const killed = rotateAsAProcess(stateDir);
    await eventually(async () => (await usedBy(running))['fresh']! >= 9, { within: 60_000, every: 50 });
    await everyStoreWorks(running);
    killed.child.kill('SIGKILL');
    expect(await killed.exitCode).toBeNull();
  });
  const half = await usedBy(running);
  expect(half).toEqual({ fresh: 9, old: 12 });
  await everyStoreWorks(running);
  // Whoever was not restarted yet has the old one in front, and reads what the others wrote.
  await everyStoreWorks(storesWith(old, fresh));

  const finished = rotateAsAProcess(stateDir);
  await everyStoreWorks(running);
  expect(await finished.exitCode).toBe(0);
  expect(await usedBy(running)).toEqual({ fresh: 21, old: 0 });
  await everyStoreWorks(storesWith(fresh));
}, 120_000);

/** `lahetti keys rotate`, as a person starts it. */
function rotateAsAProcess(stateDir: string) {
  const program = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url));
  const keys = [fresh, old].map(({ id, key }) => `${id}:${key.toString('base64')}`).join(',');
  const child = spawn(process.execPath, ['--import', 'tsx', program, 'keys', 'rotate'], {
    stdio: 'ignore',
    env: {
      ...{ ...programEnv, DATABASE_URL: db.url },
      ...{ LAHETTI_STATE_DIR: stateDir, LAHETTI_SECRET_KEYS: keys },
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, exitCode: new Promise<number | null>((resolve) => child.once('exit', resolve)) };
}

import { beforeAll, expect, test } from 'vitest';
import { listAudit } from '../../src/audit/audit.sql.ts';
import { aStore as aDraft } from '../http/served-app.ts';
import { createSecretBox } from '../../src/stores/secrets.ts';
import type { Stores } from '../../src/stores/store.ts';
import { createStores } from '../../src/stores/connected-stores.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { anOrderDesk, only } from './order-desk.ts';
import { hosts } from '../support/hosts.ts';

let db: TestDatabase;
let stores: Stores;
beforeAll(async () => {
  db = await testDatabase();
  stores = createStores({
    hosts,
    pool: db.pool,
    secretBox: createSecretBox([{ id: 'k', key: Buffer.alloc(32, 7) }]),
    cacheMs: 0,
  });
});

test('a paused store books nothing and writes nothing, says so, and goes on when it is resumed', async () => {
  const desk = await anOrderDesk(db.pool);
  await desk.look();
  desk.store.state = 'paused';
  await expect(desk.book()).rejects.toMatchObject({ code: 'store_paused', kind: 'paused' });
  expect(desk.carrier.booked).toEqual([]);

  desk.store.state = 'connected';
  await desk.book();
  desk.store.state = 'paused';
  await expect(desk.tell()).rejects.toThrow(/is paused/);
  expect(desk.shop.shipments).toEqual([]);

  desk.store.state = 'connected';
  await desk.tell();
  await desk.command('cancel', { n: 1 });
  desk.store.state = 'paused';
  await expect(desk.withdraw()).rejects.toMatchObject({ code: 'store_paused' });
  expect(desk.shop.shipments).toHaveLength(1);

  desk.store.state = 'connected';
  expect(only(await desk.withdraw())).toMatchObject({ phase: 'cancelled' });
});

test.each([
  ['asked about every half a minute', 1, 30_000],
  ['asked about so much sooner where everything runs faster', 60, 500],
  ['not asked about without pause, however fast everything runs', 20_000, 50],
])('a paused store is %s', async (_how, speed, retryAfterMs) => {
  const desk = await anOrderDesk(db.pool, { speed });
  await desk.look();
  await desk.book();
  desk.store.state = 'paused';
  await expect(desk.book()).rejects.toMatchObject({ retryAfterMs });
  await expect(desk.tell()).rejects.toMatchObject({ retryAfterMs });
});

test('the audit shows who connected, paused and resumed a store, and their choices, without secrets', async () => {
  await stores.connect(aDraft('kauppa1'), 'aino');
  await stores.saveSettings('kauppa1', { mode: 'live', lookBackDays: 7 }, 'aino');
  await stores.setState('kauppa1', 'paused', 'eino');
  await stores.setState('kauppa1', 'paused', 'nobody');
  await stores.setState('kauppa1', 'connected', 'eino');
  await stores.uninstalled('kauppa1', { saidAt: null });
  await stores.uninstalled('kauppa1', { saidAt: null });

  const entries = await listAudit(db.pool, { subject: 'store/kauppa1', limit: 50 });
  expect(entries.map(({ who, what }) => `${who} ${what}`).reverse()).toEqual([
    'aino store_connected',
    'aino settings_saved',
    'eino store_paused',
    'eino store_resumed',
    'shop store_disconnected',
  ]);
  expect(entries.find(({ what }) => what === 'settings_saved')).toMatchObject({
    before: { version: 0, mode: 'observe', lookBackDays: 14 },
    after: { version: 1, mode: 'live', lookBackDays: 7 },
  });
  expect(JSON.stringify(entries)).not.toMatch(/token-of|secret/);
});

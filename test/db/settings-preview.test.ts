import { beforeAll, expect, test } from 'vitest';
import { previewSettings } from '../../src/stores/settings-preview.ts';
import { liveSettings } from '../support/order-builder.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { anOrderDesk } from './order-desk.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});

const now = new Date();
const before = liveSettings();

test('shows that other services would book otherwise, and changes nothing', async () => {
  const desk = await anOrderDesk(db.pool);
  await desk.look();
  const preview = () =>
    previewSettings(db.pool, {
      ...{ storeId: desk.store.id, before, now },
      after: liveSettings({ defaultService: { service: 'PO2103' }, labelSize: '107x225' }),
    });
  const timeline = await desk.timeline();
  expect(await preview()).toMatchObject({
    orders: 1,
    cut: false,
    before: { ships: 1 },
    after: { ships: 1 },
    differing: { orders: 1, outcome: 0, service: 1, label: 1, parcels: 0 },
    differences: [
      {
        orderId: desk.ref.orderId,
        past: false,
        what: ['service', 'label'],
        before: { shipments: [{ service: 'PO2104' }] },
        after: { shipments: [{ service: 'PO2103' }] },
      },
    ],
  });
  expect(await desk.timeline()).toEqual(timeline);
});

test('tells of an order that would need attention, by the reason, and of one that would wait', async () => {
  const desk = await anOrderDesk(db.pool);
  await desk.look();
  const preview = (changes: Record<string, unknown>) =>
    previewSettings(db.pool, { storeId: desk.store.id, before, after: liveSettings(changes), now });
  expect((await preview({ defaultService: null })).differences).toMatchObject([
    { what: ['outcome', 'reasons'], after: { outcome: 'needs_attention', reasons: ['service_not_chosen'] } },
  ]);
  expect(await preview({ mode: 'observe' })).toMatchObject({ before: { ships: 1 }, after: { waits: 1 } });
  expect(await preview({ statuses: [9] })).toMatchObject({
    after: { waits: 1 },
    differences: [{ after: { reasons: ['status_not_chosen'] } }],
  });
  expect(await preview({ cutOffDate: new Date(now.getTime() + 3_600_000).toISOString() })).toMatchObject({
    after: { ignored: 1 },
    differences: [{ after: { reasons: ['before_the_cut_off_date'] } }],
  });
  expect(await preview({ writeBack: { moment: 'printed' } })).toMatchObject({ differing: { orders: 0 } });
});

test('tells what would become of orders like those that went out already', async () => {
  const desk = await anOrderDesk(db.pool);
  await desk.look();
  await desk.book();
  await desk.tell();
  await desk.look();
  const { differences } = await previewSettings(db.pool, {
    ...{ storeId: desk.store.id, before, now },
    after: liveSettings({ defaultService: { service: 'PO2103' } }),
  });
  expect(differences).toMatchObject([{ past: true, what: ['service'], after: { outcome: 'ships' } }]);
});

test('is bounded, and says so', async () => {
  const desk = await anOrderDesk(db.pool);
  await desk.look();
  await db.pool.query(
    `insert into lahetti.orders (store_id, order_id, status_id, channel_id, currency, total_minor, units_total, created_at,
       modified_at, digest, people_order, phase)
     select store_id, order_id + n, status_id, channel_id, currency, total_minor, units_total,
       created_at - n * interval '1 day', modified_at, digest, people_order, phase
       from lahetti.orders, generate_series(1, 40) n where store_id = $1`,
    [desk.store.id],
  );
  const request = { storeId: desk.store.id, before, after: liveSettings({ mode: 'observe' }), now: new Date() };
  expect(await previewSettings(db.pool, request)).toMatchObject({ orders: 30, cut: false });
  const few = await previewSettings(db.pool, { ...request, limit: 7, listed: 3 });
  expect(few).toMatchObject({ orders: 7, cut: true });
  expect(few.differences.length).toBeLessThanOrEqual(3);
});

import { beforeAll, describe, expect, test } from 'vitest';
import { previewSettings } from '../../src/planning/settings-preview.ts';
import { liveSettings } from '../support/order-builder.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { anOrderDesk, type OrderDesk } from './order-desk.ts';
import { aWireLine } from './wire-order.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});

const now = new Date();
const before = liveSettings();

test('the preview of settings shows that other services would book otherwise, and changes nothing', async () => {
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

test('the preview of settings tells of an order that would need attention, by the reason, and of one that would wait', async () => {
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

test('the preview of settings tells of orders like those that were shipped already', async () => {
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

test('the preview of settings knows the sizes and weights of lines as a sync does', async () => {
  const small = liveSettings({ defaultService: { service: 'PO2103' } });
  const desk = await anOrderDesk(db.pool, { settings: small });
  await desk.measureIn('Centimeters');
  const carpet = aWireLine({ width: '200', height: '30', depth: '30', weight: '12000' });
  desk.shop.wire = { ...desk.shop.wire, lines: [carpet] };
  const looked = await desk.look();
  expect(looked.shipments).toMatchObject([{ attention: { code: 'service_size_exceeded' } }]);
  const request = { storeId: desk.store.id, before: small, now };
  const otherwise = await previewSettings(db.pool, { ...request, after: before });
  expect(otherwise.differences).toMatchObject([
    {
      before: { outcome: 'needs_attention', reasons: ['service_size_exceeded'] },
      after: { outcome: 'ships', shipments: [{ parcels: 1, weightGrams: 12_000 }] },
    },
  ]);
  expect(otherwise.notJudged.orders).toBe(0);
  const lighter = await previewSettings(db.pool, {
    ...request,
    before,
    after: { ...before, parcelWeightLimitGrams: 9 },
  });
  expect(lighter.differences).toMatchObject([{ after: { reasons: ['unit_heavier_than_parcel_limit'] } }]);
});

describe('an order of which nobody can say what settings would make', () => {
  const metafield = { namespace: 'checkout_app', key: 'point' };
  const nobody = { orders: 0, differing: { orders: 0 }, before: { ships: 0 }, after: { ships: 0 } };
  const preview = ({ store }: OrderDesk, was: Record<string, unknown>, wouldBe: Record<string, unknown>) =>
    previewSettings(db.pool, { storeId: store.id, before: liveSettings(was), after: liveSettings(wouldBe), now });
  const saved = ({ store }: OrderDesk, settings: Record<string, unknown>, ago: string) =>
    db.pool.query(
      `insert into lahetti.store_settings (store_id, version, settings, who, at)
       select $1, 1 + count(*), $2, 'aino', now() - $3::interval from lahetti.store_settings where store_id = $1`,
      [store.id, JSON.stringify(liveSettings(settings)), ago],
    );

  test('an order whose pickup point was not read cannot be previewed, and is named', async () => {
    // Of a service that takes one: for a home delivery nobody looks for a point.
    const toAPoint = { defaultService: { service: 'PO2103' } };
    const desk = await anOrderDesk(db.pool, { settings: toAPoint });
    await desk.look();
    for (const elsewhere of [{ pickupPoint: { metafield } }, { pickupPoint: { quote: {} } }]) {
      expect(await preview(desk, toAPoint, { ...toAPoint, ...elsewhere })).toMatchObject({
        ...nobody,
        notJudged: { orders: 1, pickup_point_not_read: 1, listed: [{ orderId: desk.ref.orderId }] },
      });
    }
    expect(await preview(desk, toAPoint, { ...toAPoint, warehouseChoice: { metafield } })).toMatchObject({
      ...nobody,
      notJudged: { orders: 1, warehouse_not_read: 1, listed: [{ why: ['warehouse_not_read'] }] },
    });
  });

  test('an order that was read by settings with the same metafields is previewed', async () => {
    const point = { pickupPoint: { metafield }, defaultService: { service: 'PO2103' } };
    const desk = await anOrderDesk(db.pool, { settings: point });
    Object.assign(desk.shop, { listMetafields: () => Promise.resolve([{ ...metafield, value: '001234567' }]) });
    await saved(desk, point, '1 hour');
    await desk.look();
    expect(await preview(desk, point, { ...point, labelSize: '107x225' })).toMatchObject({
      orders: 1,
      differing: { orders: 1, label: 1 },
      notJudged: { orders: 0, listed: [] },
    });
    expect(await preview(desk, point, { ...point, pickupPoint: {} })).toMatchObject({ differing: { orders: 1 } });
  });

  test('an order that was read by other metafields cannot be previewed, and is named until it is read again', async () => {
    const desk = await anOrderDesk(db.pool);
    await desk.look();
    const point = { pickupPoint: { metafield } };
    await db.pool.query(`update lahetti.orders set read_at = now() - interval '1 hour' where store_id = $1`, [
      desk.store.id,
    ]);
    await saved(desk, point, '30 minutes');
    expect(await preview(desk, point, { ...point, mode: 'observe' })).toMatchObject({
      orders: 0,
      notJudged: { orders: 1 },
    });
    desk.chooseSettings(point);
    Object.assign(desk.shop, { listMetafields: () => Promise.resolve([]) });
    await desk.look();
    expect(await preview(desk, point, { ...point, mode: 'observe' })).toMatchObject({
      orders: 1,
      notJudged: { orders: 0 },
    });
  });

  test('an order that was erased, or read by an older version, cannot be previewed and is named', async () => {
    const [erased, old] = [await anOrderDesk(db.pool), await anOrderDesk(db.pool)];
    for (const desk of [erased, old]) await desk.look();
    await db.pool.query(`update lahetti.orders set people_order = '{}' where store_id = $1`, [erased.store.id]);
    await db.pool.query(
      `update lahetti.orders set read_at = (select min(applied_at) from lahetti.migrations) - interval '1 day'
        where store_id = $1`,
      [old.store.id],
    );
    expect(await preview(erased, {}, { mode: 'observe' })).toMatchObject({
      ...nobody,
      notJudged: { orders: 1, erased: 1, listed: [{ orderId: erased.ref.orderId, why: ['erased'] }] },
    });
    expect(await preview(old, {}, { mode: 'observe' })).toMatchObject({
      ...nobody,
      notJudged: { orders: 1, listed: [{ orderId: old.ref.orderId, why: ['read_by_an_older_version'] }] },
    });
  });
});

test('the preview of settings is bounded, and says so', async () => {
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

import { beforeAll, describe, expect, test } from 'vitest';
import { anOrderDesk, only } from './order-desk.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});

const completed = 10;
const shipped = 2;

describe('a store that wants its orders completed', () => {
  const settings = { writeBack: { status: 'completed' } };

  test('a store that wants its orders completed has the status set once the shop itself says Shipped, after the record', async () => {
    const desk = await anOrderDesk(db.pool, { settings });
    await desk.look();
    await desk.book();
    expect(only(await desk.tell())).toMatchObject({ told: 'told' });
    expect(desk.shop.shipments).toHaveLength(1);
    expect(desk.shop.statusesSet).toEqual([completed]);
    await desk.tell();
    expect(desk.shop.statusesSet).toEqual([completed]);
  });

  test('a store that wants its orders completed gets the status back that was there before when the shipment is withdrawn', async () => {
    const desk = await anOrderDesk(db.pool, { settings });
    await desk.look();
    const before = desk.shop.wire.order.status_id;
    await desk.book();
    await desk.tell();
    await desk.command('cancel', { n: 1 });
    expect(only(await desk.withdraw())).toMatchObject({ phase: 'cancelled' });
    expect(desk.shop.statusesSet).toEqual([completed, before]);
  });

  test('a store that does not want its orders completed has them left at Shipped', async () => {
    const desk = await anOrderDesk(db.pool);
    await desk.look();
    await desk.book();
    await desk.tell();
    expect(desk.shop.statusesSet).toEqual([]);
    expect(desk.shop.wire.order.status_id).toBe(shipped);
  });
});

describe('a pickup point in a metafield of the order', () => {
  const settings = {
    defaultService: { service: 'PO2103' },
    services: {},
    pickupPoint: { metafield: { namespace: 'checkout_app', key: 'point' } },
  };
  const withFields = (values: Record<string, string>) => ({
    listMetafields: (_store: unknown, _order: number, { namespace }: { namespace?: string }) =>
      Promise.resolve(
        namespace === 'checkout_app'
          ? Object.entries(values).map(([key, value], id) => ({ id, namespace, key, value, permission_set: 'read' }))
          : [],
      ),
  });

  test('a pickup point in a metafield of the order is where the parcel goes', async () => {
    const desk = await anOrderDesk(db.pool, { settings });
    Object.assign(desk.shop, withFields({ point: ' 331003256 ', other: 'x' }));
    await desk.look();
    await desk.book();
    expect(desk.carrier.booked).toMatchObject([{ service: 'PO2103', pickupPointId: '331003256' }]);
  });

  test('a pickup point in a metafield of the order that changes after booking is noticed as a label that no longer matches', async () => {
    const desk = await anOrderDesk(db.pool, { settings });
    Object.assign(desk.shop, withFields({ point: '331003256' }));
    await desk.look();
    await desk.book();
    Object.assign(desk.shop, withFields({ point: '001003230' }));
    expect(only(await desk.look()).attention).toMatchObject({ code: 'label_no_longer_matches' });
  });

  test('a pickup point in a metafield of the order that is missing leaves the choice to Posti where the service allows that', async () => {
    const desk = await anOrderDesk(db.pool, { settings });
    Object.assign(desk.shop, withFields({ point: '  ' }));
    await desk.look();
    await desk.book();
    expect(desk.carrier.booked).toMatchObject([{ service: 'PO2103', pickupPointId: null }]);
  });
});

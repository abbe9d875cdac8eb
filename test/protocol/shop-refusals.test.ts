import { describe, expect, test } from 'vitest';
import type { Fault } from '../../sandbox/faults.ts';
import { pageOfAttention } from '../../src/orders/attention.sql.ts';
import { dueOrders } from '../../src/orders/due.sql.ts';
import type { ShopNeeds } from './shop.ts';
import { startWorld } from './world.ts';

const world = await startWorld();

/** A booked order of a shop of its own, and what spoils the shop's answers about it until it is mended. */
async function booked(needs: ShopNeeds = {}) {
  const shop = await world.shop({ speed: 20_000, httpMs: 2_000, ...needs });
  const order = await shop.order();
  await order.bookToTheEnd();
  const { trackingNumbers } = await order.only();
  const refuse = (method: string, path: string, status: number, fault: Partial<Fault> = {}) =>
    world.bigcommerce.harm({
      ...{ kind: 'status', method, path: `/stores/${shop.storeHash}/v2/orders/\\d+${path}`, status, times: -1 },
      body: [{ status, message: `The shop says ${status}.` }],
      ...fault,
    });
  return { shop, order, refuse, trackingNumbers };
}

const records = '/shipments$';
const oneRecord = '/shipments/\\d+$';

describe('a shop that refuses the record of a shipment', () => {
  test.each([400, 402, 404, 405, 406, 409, 410, 411, 413, 415, 422, 451])(
    'a shop that refuses the record of a shipment with %i is not asked for ever: a person is, with its explanation, and a retry tells it',
    async (status) => {
      const { shop, order, refuse, trackingNumbers } = await booked();
      const mend = await refuse('POST', records, status);
      await order.tell();
      expect(await order.only()).toMatchObject({ told: 'refused', attention: { code: 'shop_refused_shipment' } });
      expect((await order.problems())[0]!.problem).toContain(`The shop says ${status}.`);
      // One order's trouble is nobody else's.
      expect(await shop.troubles()).toEqual([]);

      await mend();
      expect(await order.command('retry')).toEqual({ outcome: 'done' });
      await order.tell();
      expect((await order.inShop()).shipments).toMatchObject([{ tracking_number: trackingNumbers[0] }]);
      expect(await order.only()).toMatchObject({ told: 'told', attention: null });
    },
  );

  test.each([408, 425, 429])(
    'a shop that refuses the record of a shipment with %i for a moment is asked again, and no person is',
    async (status) => {
      const { order, refuse, trackingNumbers } = await booked({ httpMs: 400 });
      await refuse('POST', records, status, { times: 1, headers: { 'x-rate-limit-time-reset-ms': '100' } });
      await order.tell();
      expect(await order.only()).toMatchObject({ told: 'told', attention: null });
      expect((await order.inShop()).shipments).toMatchObject([{ tracking_number: trackingNumbers[0] }]);
    },
  );

  test.each<[number, Partial<Fault>]>([
    [401, {}],
    [403, { body: { status: 403, title: "You don't have a required scope to access the endpoint", errors: {} } }],
  ])(
    'a shop that refuses the record of a shipment with %i because of our account is one incident, and the record waits',
    async (status, fault) => {
      const { shop, order, refuse } = await booked({ speed: 1 });
      await refuse('POST', records, status, fault);
      await expect(order.tellOnce()).rejects.toMatchObject({ kind: 'forbidden' });
      expect(await shop.troubles()).toMatchObject([{ system: 'bigcommerce_orders_modify', state: 'closed' }]);
      expect(await order.only()).toMatchObject({ told: 'not_yet', attention: null });
    },
  );

  test('a shop that refuses the record of a shipment with 403 for this order alone needs a person, and delays no other order', async () => {
    const { shop, order, refuse } = await booked();
    await refuse('POST', records, 403);
    await order.tell();
    expect(await order.only()).toMatchObject({ told: 'refused', attention: { code: 'shop_refused_shipment' } });
    expect((await order.problems())[0]!.problem).toContain('The shop says 403.');
    expect(await shop.troubles()).toEqual([]);
  });

  test('a shop that refuses the record of a shipment because the order is locked (423) is asked again at first, and a person when that does not end', async () => {
    const { shop, order, refuse } = await booked();
    const mend = await refuse('POST', records, 423);
    await expect(order.tellOnce()).rejects.toMatchObject({ code: 'bigcommerce_locked' });
    expect(await shop.troubles()).toEqual([]);
    expect(await order.only()).toMatchObject({ told: 'not_yet', attention: null });
    await order.tellAfter(10);
    expect(await order.only()).toMatchObject({ told: 'refused', attention: { code: 'shop_refused_shipment' } });
    await mend();
  });

  test('a shop that refuses the record of a shipment which it stored all the same needs no person', async () => {
    const { order, refuse, trackingNumbers } = await booked();
    await refuse('POST', records, 409, { times: 1, after: true });
    await order.tell();
    expect(await order.only()).toMatchObject({ told: 'told', attention: null });
    expect((await order.inShop()).shipments).toMatchObject([{ tracking_number: trackingNumbers[0] }]);
  });
});

describe('a shop that refuses to change the record', () => {
  async function withNewNumber() {
    const it = await booked();
    await it.order.tell();
    await it.order.command('change', { parcels: [{ weightGrams: 900 }] });
    await it.order.bookToTheEnd();
    return it;
  }

  test.each([400, 409, 422])(
    'a shop that refuses to change the record with %i needs a person, and a retry changes it',
    async (status) => {
      const { order, refuse } = await withNewNumber();
      const mend = await refuse('PUT', oneRecord, status);
      await order.tell();
      expect(await order.only()).toMatchObject({ told: 'refused', attention: { code: 'shop_refused_shipment' } });
      await mend();
      await order.command('retry');
      await order.tell();
      const { trackingNumbers } = await order.only();
      expect((await order.inShop()).shipments).toMatchObject([{ tracking_number: trackingNumbers[0] }]);
    },
  );
});

describe('a shop that refuses the status Completed', () => {
  test.each([400, 404, 409, 422])(
    'a shop that refuses the status Completed with %i has the record, and a person is asked about the status',
    async (status) => {
      const { order, refuse, trackingNumbers } = await booked({ settings: { writeBack: { status: 'completed' } } });
      const mend = await refuse('PUT', '$', status);
      await order.tell();
      expect((await order.inShop()).shipments).toMatchObject([{ tracking_number: trackingNumbers[0] }]);
      expect(await order.only()).toMatchObject({
        attention: { code: 'shop_refused_status', commands: ['retry', 'resolve'] },
      });
      expect((await order.problems())[0]!.problem).toContain(`The shop says ${status}.`);

      await mend();
      await order.command('retry');
      await order.tell();
      expect(await order.inShop()).toMatchObject({
        status_id: 10,
        shipments: [{ tracking_number: trackingNumbers[0] }],
      });
      expect(await order.only()).toMatchObject({ told: 'told', attention: null });
    },
  );
});

describe('a shop that refuses to take the record back', () => {
  async function cancelled() {
    const it = await booked();
    await it.order.tell();
    await it.order.command('cancel');
    return it;
  }

  test.each([400, 409, 422])(
    'a shop that refuses to take the record back with %i is not asked for ever: a person is, and a retry takes it back',
    async (status) => {
      const { order, refuse } = await cancelled();
      const mend = await refuse('DELETE', oneRecord, status);
      await order.withdraw();
      expect(await order.only()).toMatchObject({
        ...{ phase: 'booked', cancelling: true },
        attention: { code: 'shop_refused_withdrawal', commands: ['retry'] },
      });
      expect((await order.problems())[0]!.problem).toContain(`The shop says ${status}.`);
      expect(await order.hasNextStep()).toBe(false);

      await mend();
      expect(await order.command('retry')).toEqual({ outcome: 'done' });
      await order.withdraw();
      expect(await order.only()).toMatchObject({ phase: 'cancelled', attention: null });
      expect(await order.inShop()).toMatchObject({ shipments: [], status_id: 11 });
    },
  );

  test('a shop that refuses to take the record back with 404 has none any more, and the shipment ends', async () => {
    const { order, refuse } = await cancelled();
    await refuse('DELETE', oneRecord, 404, { times: 1 });
    await order.withdraw();
    expect(await order.only()).toMatchObject({ phase: 'cancelled', attention: null });
  });

  test('a shop that refuses to take the record back because it has no such order any more lets the shipment end', async () => {
    const { order, refuse } = await cancelled();
    await refuse('GET', records, 404);
    await refuse('GET', '(\\?.*)?$', 404);
    await order.withdraw();
    expect(await order.only()).toMatchObject({ phase: 'cancelled', attention: null });
  });

  test.each([400, 404, 409])(
    'a shop that refuses the former status with %i needs a person to set it, and the shipment ends',
    async (status) => {
      const { order, refuse } = await cancelled();
      await refuse('PUT', '$', status);
      await order.withdraw();
      expect(await order.only()).toMatchObject({ attention: { code: 'shop_refused_withdrawal' } });
      expect(await order.inShop()).toMatchObject({ shipments: [] });

      await order.merchant('PATCH', '', { statusId: 12 });
      expect(await order.command('retry')).toEqual({ outcome: 'done' });
      await order.withdraw();
      expect(await order.only()).toMatchObject({ phase: 'cancelled' });
      expect(await order.inShop()).toMatchObject({ status_id: 12 });
    },
  );
});

describe('a parcel that is delivered while the shop refuses its record', () => {
  async function delivered(status = 409) {
    const it = await booked();
    const mend = await it.refuse('POST', records, status);
    await it.order.tell();
    await it.order.seen('delivered');
    const listed = async () => {
      const rows = await pageOfAttention(world.pool, { store: it.shop.storeHash, limit: 10 });
      return rows.map(({ attention }) => attention);
    };
    const isDue = async () =>
      (await dueOrders(world.pool, { limit: 1_000 })).some(({ storeHash }) => storeHash === it.shop.storeHash);
    return { ...it, mend, listed, isDue };
  }

  test.each([404, 409, 422])(
    'a parcel that is delivered while the shop refuses its record with %i stays on the list, and a retry has the record written and the order done',
    async (status) => {
      const { order, mend, listed, isDue, trackingNumbers } = await delivered(status);
      await order.look();
      expect(await order.state()).toMatchObject({ phase: 'needs_attention' });
      expect(await listed()).toMatchObject([{ code: 'shop_refused_shipment', commands: ['retry', 'resolve'] }]);
      // Posti has nothing more to say of it, and the shop is not asked before somebody says so.
      expect(await order.hasNextStep()).toBe(false);
      expect(await isDue()).toBe(false);

      await mend();
      expect(await order.command('retry')).toEqual({ outcome: 'done' });
      expect(await isDue()).toBe(true);
      await order.tell();
      await order.seen('delivered');
      const shipped = 2;
      const inShop = await order.inShop();
      expect(inShop).toMatchObject({ status_id: shipped, shipments: [{ tracking_number: trackingNumbers[0] }] });
      expect(await order.only()).toMatchObject({ phase: 'delivered', told: 'told', attention: null });
      await order.look();
      expect(await order.state()).toMatchObject({ phase: 'done' });
      expect(await listed()).toEqual([]);
    },
  );

  test('a parcel that is delivered while the shop refuses its record stays on the list where a retry is refused, too', async () => {
    const { order, listed } = await delivered();
    await order.command('retry');
    await order.tell();
    await order.seen('delivered');
    expect(await order.only()).toMatchObject({ phase: 'booked', deliveryStatus: 'delivered', told: 'refused' });
    expect(await listed()).toMatchObject([{ code: 'shop_refused_shipment' }]);
  });

  test('a parcel that is delivered while the shop refuses its record ends with "resolve", and the shop is left as it is', async () => {
    const { order, listed } = await delivered();
    expect(await order.command('resolve')).toEqual({ outcome: 'done' });
    expect(await order.hasNextStep()).toBe(true);
    await order.seen('delivered');
    expect((await order.inShop()).shipments).toEqual([]);
    expect(await order.only()).toMatchObject({ phase: 'delivered', told: 'refused', attention: null });
    await order.look();
    expect(await order.state()).toMatchObject({ phase: 'done' });
    expect(await listed()).toEqual([]);
  });

  test('a parcel that is delivered during an outage of the shop is told afterwards, and then the order is done', async () => {
    const { shop, order, refuse, trackingNumbers } = await booked();
    const mend = await refuse('POST', records, 503);
    await expect(order.tellOnce()).rejects.toMatchObject({ kind: 'retryable' });
    await order.seen('delivered');
    expect(await order.only()).toMatchObject({ phase: 'booked', deliveryStatus: 'delivered', told: 'not_yet' });
    expect((await dueOrders(world.pool, { limit: 1_000 })).map(({ storeHash }) => storeHash)).toContain(shop.storeHash);

    await mend();
    await order.tell();
    await order.seen('delivered');
    expect((await order.inShop()).shipments).toMatchObject([{ tracking_number: trackingNumbers[0] }]);
    expect(await order.only()).toMatchObject({ phase: 'delivered', told: 'told' });
  });
});

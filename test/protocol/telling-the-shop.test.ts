import { describe, expect, test } from 'vitest';
import type { Fault } from '../../sandbox/faults.ts';
import { holdAnswer, holdRequest } from './held-answer.ts';
import type { OrderInHand } from './order.ts';
import type { ShopNeeds } from './shop.ts';
import { startWorld } from './world.ts';

const world = await startWorld();
const shipped = 2;
const awaitingFulfillment = 11;

/** A booked order of a shop of its own; what the shop says to its record comes next. */
async function booked(needs: ShopNeeds = {}, lines?: { name: string; quantity?: number; weight?: number }[]) {
  const shop = await world.shop({ speed: 20_000, httpMs: 700, ...needs });
  const order = await shop.order(lines ? { lines } : {});
  expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked', labelKept: true });
  const { trackingNumbers } = await order.only();
  const harm = (fault: Omit<Fault, 'match' | 'path'>) =>
    world.bigcommerce.harm({ ...fault, path: `/stores/${shop.storeHash}/v2/orders/\\d+/shipments$` });
  return { shop, order, harm, trackingNumbers };
}

/** The record of a booked order lies on its way to the shop, which has not heard of it before it arrives. */
async function recordOnItsWay() {
  const { shop, order, trackingNumbers } = await booked({ httpMs: 5_000 });
  const held = holdRequest(shop, trackingNumbers[0]!);
  const telling = order.tellOnce();
  await held.arrived;
  const arrive = async () => {
    held.letGo();
    await telling;
  };
  return { order, trackingNumbers, arrive };
}

const recordsOf = async (order: OrderInHand) => (await order.inShop()).shipments;

describe('the shop has one record of a shipment', () => {
  test.each<[string, Omit<Fault, 'match' | 'path'>]>([
    ['that it stored and answered with 500', { kind: 'status', status: 500, after: true, body: '' }],
    ['that it stored, and whose answer was lost', { kind: 'hangup-after' }],
    ['that it stored, and answered with garbage', { kind: 'garbage' }],
    ['that it stored late, after we had stopped waiting', { kind: 'slow', ms: 900 }],
    ['that was lost on the way to it', { kind: 'hangup-before' }],
    ['that it did not take at first', { kind: 'status', status: 503 }],
    ['that it throttled', { kind: 'throttle', headers: { 'x-rate-limit-time-reset-ms': '200' } }],
  ])('the shop has one record of a shipment: %s', async (_name, fault) => {
    const { order, harm, trackingNumbers } = await booked();
    await harm({ ...fault, method: 'POST' });
    await order.tell();
    expect(await recordsOf(order)).toMatchObject([{ tracking_number: trackingNumbers[0] }]);
    expect(await order.only()).toMatchObject({ told: 'told', attention: null });
    expect(await order.inShop()).toMatchObject({ status_id: shipped, items_shipped: 1 });
  });

  test('the shop has one record of a shipment that two workers tell it of at once', async () => {
    const shop = await world.shop({ speed: 20_000, httpMs: 1_500 });
    const other = shop.startWorker();
    for (let i = 0; i < 6; i++) {
      const order = await shop.order();
      const { trackingNumbers } = await order.bookToTheEnd();
      await Promise.allSettled([order.tellOnce(), order.tellOnce(other)]);
      await order.look();
      await order.tell();
      expect(await recordsOf(order)).toMatchObject([{ tracking_number: trackingNumbers[0] }]);
    }
  });
  test('the shop has one record of a shipment that two workers tell it of at once, without a question to a person', async () => {
    const { order } = await booked();
    await Promise.allSettled([order.tellOnce(), order.tellOnce()]);
    await order.tell();
    expect(await recordsOf(order)).toHaveLength(1);
    expect(await order.only()).toMatchObject({ told: 'told', attention: null });
  });

  test('the shop has one record of a shipment that a killed worker had stored', async () => {
    const { shop, order, trackingNumbers } = await booked();
    const held = holdAnswer(shop, trackingNumbers[0]!);
    const killed = order.tellOnce();
    await held.arrived;
    await order.tell();
    expect(await recordsOf(order)).toHaveLength(1);
    held.letGo();
    await killed;
    expect(await recordsOf(order)).toHaveLength(1);
    expect(await order.only()).toMatchObject({ told: 'told', attention: null });
  });

  test('however often it is told', async () => {
    const { order } = await booked();
    for (let i = 0; i < 3; i++) await order.tell();
    expect(await recordsOf(order)).toHaveLength(1);
  });
});

test('an order that was cancelled since it was read is not made Shipped: it is looked at first', async () => {
  const { order } = await booked();
  await order.merchant('POST', '/cancel');
  await order.hinted();
  await expect(order.tellOnce()).rejects.toMatchObject({ code: 'cancelled_meanwhile' });
  expect(await order.inShop()).toMatchObject({ status_id: 5, shipments: [] });
  await order.look();
  expect(await order.only()).toMatchObject({ cancelling: true });
});

test('an order that was read long ago is synced before it is made Shipped, though no hint told of its cancellation', async () => {
  const { order } = await booked();
  await order.merchant('POST', '/cancel');
  await order.readLongAgo();
  const waiting = await order.waitingHints();
  await expect(order.tellOnce()).rejects.toMatchObject({ code: 'cancelled_meanwhile' });
  // Its webhook is lost: without a hint of ours nobody would look before the next sweep.
  expect(await order.waitingHints()).toBe(waiting + 1);
  await expect(order.tellOnce()).rejects.toMatchObject({ code: 'cancelled_meanwhile' });
  expect(await order.waitingHints()).toBe(waiting + 1);
  expect(await order.inShop()).toMatchObject({ status_id: 5, shipments: [] });
});

test('an order that is read as cancelled while its record is on the way stays cancelled, whatever the record makes of it', async () => {
  const { order, arrive } = await recordOnItsWay();
  await order.merchant('POST', '/cancel');
  await order.look();
  await arrive();
  expect(await order.inShop()).toMatchObject({ status_id: shipped });

  // Shipped is what our own record says: nothing of the order is planned again.
  await order.look();
  expect(await order.only()).toMatchObject({ phase: 'booked', cancelling: true });
  await order.withdraw();
  expect(await order.inShop()).toMatchObject({ status_id: 5, shipments: [] });
  expect(await order.look()).toMatchObject({ phase: 'cancelled', unshipped: { order_cancelled: 1 } });
  expect(await order.bookings()).toHaveLength(1);
});

describe('a label that is replaced while its record is on the way', () => {
  async function replacedMeanwhile(meanwhile: (order: OrderInHand) => Promise<unknown> = () => Promise.resolve()) {
    const { order, trackingNumbers, arrive } = await recordOnItsWay();
    expect(await order.command('change', { parcels: [{ weightGrams: 900 }] })).toEqual({ outcome: 'done' });
    await meanwhile(order);
    await arrive();
    return { order, trackingNumbers };
  }

  test('a label that is replaced while its record is on the way leaves the shop with one record, of the new number', async () => {
    const { order, trackingNumbers } = await replacedMeanwhile();
    expect(await recordsOf(order)).toMatchObject([{ tracking_number: trackingNumbers[0] }]);
    expect(await order.only()).toMatchObject({ phase: 'planned', told: 'not_yet', attention: null });
    expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked', told: 'not_yet' });
    await order.tell();
    const { told, trackingNumbers: counting } = await order.only();
    expect(counting).not.toEqual(trackingNumbers);
    expect(told).toBe('told');
    expect(await recordsOf(order)).toMatchObject([{ tracking_number: counting[0] }]);
  });

  test('a label that is replaced while its record is on the way raises no question where the shop did not take it', async () => {
    const { order } = await replacedMeanwhile((its) =>
      its.merchant('POST', '/shipments', { tracking_number: 'OMA-1' }),
    );
    expect(await order.only()).toMatchObject({ phase: 'planned', told: 'not_yet', attention: null });
  });
});

test('an order that is cancelled and then paid again while its record is on the way is booked anew only once its label was taken back', async () => {
  const { order, arrive } = await recordOnItsWay();
  await order.merchant('POST', '/cancel');
  await order.look();
  await order.merchant('PATCH', '', { statusId: awaitingFulfillment });
  // Its goods are in one shipment, whose label still counts.
  expect((await order.look()).shipments).toMatchObject([{ phase: 'booked', cancelling: true }]);
  await arrive();

  const waiting = await order.waitingHints();
  await order.withdraw();
  expect(await order.waitingHints()).toBe(waiting + 1);
  const { shipments } = await order.look();
  expect(shipments).toMatchObject([{ phase: 'cancelled' }, { phase: 'planned', blocked: null }]);
});

test('an order of which somebody said something is told of all the same when it is not cancelled', async () => {
  const { order } = await booked();
  await order.hinted();
  await order.tell();
  expect(await recordsOf(order)).toHaveLength(1);
});

describe('several parcels', () => {
  const heavy = [
    { name: 'Kivi', quantity: 2, weight: 20_000 },
    { name: 'Hiekka', quantity: 1, weight: 20_000 },
  ];

  test('several parcels are one record with the first number and all of them in the comments', async () => {
    const { order, trackingNumbers } = await booked({}, heavy);
    await order.tell();
    expect(trackingNumbers).toHaveLength(3);
    const records = await recordsOf(order);
    expect(records).toMatchObject([{ tracking_number: trackingNumbers[0] }]);
    for (const number of trackingNumbers) expect(records[0]!.comments).toContain(number);
  });

  test('several parcels are a record each where the shop wants it, and every unit is in one of them', async () => {
    const { order, trackingNumbers } = await booked(
      { settings: { writeBack: { severalParcels: 'record_per_parcel' } } },
      heavy,
    );
    await order.tell();
    const { shipments, lines, items_shipped } = await order.inShop();
    expect(shipments.map((record) => record.tracking_number)).toEqual(trackingNumbers);
    const unitsOf = (line: number) =>
      shipments
        .flatMap(({ items }) => items)
        .reduce((sum, u) => sum + (u.order_product_id === line ? u.quantity : 0), 0);
    expect(lines.map(({ id }) => unitsOf(id))).toEqual([2, 1]);
    expect(items_shipped).toBe(3);
  });

  test('several parcels are a record each also where the answer to the second one was lost', async () => {
    const { order, harm, trackingNumbers } = await booked(
      { settings: { writeBack: { severalParcels: 'record_per_parcel' } } },
      heavy,
    );
    await harm({ kind: 'slow', ms: 0, method: 'POST' });
    await harm({ kind: 'hangup-after', method: 'POST' });
    await order.tell();
    expect((await recordsOf(order)).map((record) => record.tracking_number)).toEqual(trackingNumbers);
  });
});

describe('the moment', () => {
  test('a shop that waits for the print is told once the label is printed', async () => {
    const { order } = await booked({ settings: { writeBack: { moment: 'printed' } } });
    await order.tell();
    expect(await recordsOf(order)).toEqual([]);
    expect(await order.only()).toMatchObject({ told: 'waits_for_print' });

    expect(await order.command('mark_printed')).toEqual({ outcome: 'done' });
    await order.tell();
    expect(await recordsOf(order)).toHaveLength(1);
  });

  test('a shop that waits for the first scan is told once Posti has the parcel', async () => {
    const { order } = await booked({ settings: { writeBack: { moment: 'first_scan' } } });
    await order.tell();
    await order.command('mark_printed');
    await order.tell();
    expect(await recordsOf(order)).toEqual([]);
    expect(await order.only()).toMatchObject({ told: 'waits_for_first_scan' });

    await order.scanned('in_transit');
    await order.tell();
    expect(await recordsOf(order)).toHaveLength(1);
  });

  test('a parcel that is delivered when Posti is first asked is told of before the shipment ends', async () => {
    const { order } = await booked({ settings: { writeBack: { moment: 'first_scan' } } });
    await order.tell();
    await order.seen('delivered');
    expect(await order.only()).toMatchObject({ phase: 'booked', deliveryStatus: 'delivered' });
    await order.tell();
    await order.seen('delivered');
    expect(await recordsOf(order)).toHaveLength(1);
    expect(await order.only()).toMatchObject({ phase: 'delivered', told: 'told' });
  });
});

describe('a cancellation', () => {
  test('a cancellation takes the record back, and the status is the one from before', async () => {
    const { order } = await booked();
    await order.tell();
    expect(await order.inShop()).toMatchObject({ status_id: shipped });
    expect(await order.command('cancel')).toEqual({ outcome: 'done' });
    await order.withdraw();
    expect(await order.inShop()).toMatchObject({ status_id: awaitingFulfillment, items_shipped: 0, shipments: [] });
    expect(await order.only()).toMatchObject({ phase: 'cancelled', told: 'withdrawn' });
  });

  test('a cancellation also takes a record back whose creation has an unknown outcome', async () => {
    const { order, harm } = await booked();
    await harm({ kind: 'hangup-after', method: 'POST' });
    await expect(order.tellOnce()).rejects.toMatchObject({ kind: 'outcome_unknown' });
    await order.command('cancel');
    await order.withdraw();
    expect(await order.inShop()).toMatchObject({ items_shipped: 0, shipments: [] });
    expect(await order.only()).toMatchObject({ phase: 'cancelled' });
  });

  test('a cancellation leaves the status alone that the merchant chose meanwhile', async () => {
    const { order } = await booked();
    await order.tell();
    await order.merchant('PATCH', '', { statusId: 12 });
    await order.command('cancel');
    await order.withdraw();
    expect(await order.inShop()).toMatchObject({ status_id: 12, shipments: [] });
  });
});

test('what somebody else ships meanwhile is said to a person, in the words of the shop', async () => {
  const { order } = await booked();
  await order.merchant('POST', '/shipments', { tracking_number: 'OMA-1' });
  await order.tell();
  expect(await order.only()).toMatchObject({ told: 'refused', attention: { code: 'shop_refused_shipment' } });
  const [problem] = await order.problems();
  expect(problem!.problem).toContain(`order ${order.ref.orderId}`);
  expect(await recordsOf(order)).toMatchObject([{ tracking_number: 'OMA-1' }]);
});

describe('a record that somebody deletes in the shop', () => {
  async function deleted() {
    const it = await booked();
    await it.order.tell();
    await it.order.look();
    expect((await it.order.only()).attention).toBeNull();
    const [record] = await recordsOf(it.order);
    await it.order.merchant('DELETE', `/shipments/${record!.id}`);
    await it.order.look();
    expect(await it.order.only()).toMatchObject({
      phase: 'booked',
      attention: { code: 'shop_shipment_deleted', commands: ['cancel', 'resolve'] },
    });
    return it;
  }

  test('a record that was deleted in the shop is noticed at the next check, and nothing is booked or written again by itself', async () => {
    const { order } = await deleted();
    await order.tell();
    await order.bookToTheEnd();
    expect(await recordsOf(order)).toEqual([]);
    expect(await order.bookings()).toHaveLength(1);
    expect((await order.state()).shipments).toHaveLength(1);
  });

  test('a record that was deleted in the shop and recorded again by hand needs no attention', async () => {
    const { order, trackingNumbers } = await deleted();
    await order.merchant('POST', '/shipments', { tracking_number: trackingNumbers[0]! });
    await order.look();
    expect(await order.only()).toMatchObject({ phase: 'booked', attention: null });
    expect((await order.state()).shipments).toHaveLength(1);
  });

  test('a record that was deleted in the shop on purpose stays deleted once a person has said so', async () => {
    const { order } = await deleted();
    expect(await order.command('resolve')).toEqual({ outcome: 'done' });
    await order.look();
    expect((await order.only()).attention).toBeNull();
    expect(await recordsOf(order)).toEqual([]);
  });

  test('a record that was deleted in the shop can be followed by the cancellation of its shipment', async () => {
    const { order } = await deleted();
    expect(await order.command('cancel')).toEqual({ outcome: 'done' });
    await order.withdraw();
    expect(await order.only()).toMatchObject({ phase: 'cancelled' });
    expect(await order.inShop()).toMatchObject({ status_id: awaitingFulfillment, shipments: [] });
  });
});

test('a parcel that is delivered before the shop was told is told of, and then has ended', async () => {
  const { order, trackingNumbers } = await booked();
  await order.seen('delivered');
  expect(await order.only()).toMatchObject({ phase: 'booked', deliveryStatus: 'delivered', told: 'not_yet' });
  await order.tell();
  expect(await recordsOf(order)).toMatchObject([{ tracking_number: trackingNumbers[0] }]);
  await order.seen('delivered');
  expect(await order.only()).toMatchObject({ phase: 'delivered', told: 'told' });
});

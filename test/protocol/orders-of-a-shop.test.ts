import { describe, expect, test } from 'vitest';
import { expectExactlyOneLive } from './exactly-one.ts';
import { holdAnswer } from './held-answer.ts';
import { startWorld } from './world.ts';

const world = await startWorld();

test('two orders with the same number in two stores are each their own: parcel, reference and record', async () => {
  const shops = [await world.shop(), await world.shop()];
  const orders = [await shops[0]!.order(), await shops[1]!.order()] as const;
  expect(orders[0].ref.orderId).toBe(orders[1].ref.orderId);

  await Promise.all(orders.map((order) => order.bookToTheEnd()));
  await Promise.all(orders.map((order) => order.tell()));
  const numbers = new Set<string>();
  for (const order of orders) {
    await expectExactlyOneLive(order);
    const { trackingNumbers } = await order.only();
    expect((await order.inShop()).shipments.map((record) => record.tracking_number)).toEqual(trackingNumbers);
    numbers.add(trackingNumbers[0]!);
  }
  expect(numbers.size).toBe(2);
  expect(orders[0].reference(1)).not.toBe(orders[1].reference(1));
});

test('an order that the shop cancels while Posti is booking is booked, and then taken back', async () => {
  const shop = await world.shop();
  const order = await shop.order();
  const held = holdAnswer(shop, `"${order.reference(1)}"`);
  const booking = order.bookOnce();
  await held.arrived;
  await order.merchant('POST', '/cancel');
  // Nothing is dropped while nobody knows what came of it.
  expect((await order.look()).shipments).toMatchObject([{ phase: 'planned', attemptOut: true }]);

  held.letGo();
  await booking;
  await order.look();
  await order.withdraw();
  expect(await order.only()).toMatchObject({ phase: 'cancelled', attention: null });
  expect(await order.attempts()).toMatchObject([{ state: 'withdrawn' }]);
  expect(await order.bookings()).toHaveLength(1);
  expect((await order.inShop()).shipments).toEqual([]);
});

test('a pickup point that Posti does not know needs a person, who is offered the nearest ones and takes one', async () => {
  const shop = await world.shop();
  const address = {
    ...{ firstName: 'Aino', lastName: 'Kuusela', street1: 'Keksitty katu 1', city: 'Helsinki', zip: '00530' },
    ...{ country: 'Finland', countryIso2: 'FI', phone: '+358401234567', email: 'aino@example.com' },
    formFields: [{ name: 'Pickup point', value: '009999999' }],
  };
  const order = await shop.order({ shippingAddresses: [address] });
  expect(await order.bookToTheEnd()).toMatchObject({ phase: 'planned', attention: { code: 'pickup_point_inactive' } });
  expect(await order.bookings()).toEqual([]);

  const [problem] = (await order.problems()) as unknown as { proposals: { id: string }[] }[];
  const nearest = problem!.proposals[0]!.id;
  expect(await order.command('change', { pickupPointId: nearest })).toEqual({ outcome: 'done' });
  expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked', attention: null });
  await expectExactlyOneLive(order);
});

test('a shipment of two parcels that arrive on different days is delivered with the second one', async () => {
  const shop = await world.shop();
  const order = await shop.order({ lines: [{ name: 'Kivi', quantity: 2, weight: 20_000 }] });
  const { trackingNumbers } = await order.bookToTheEnd();
  expect(trackingNumbers).toHaveLength(2);
  await order.tell();

  await order.seen('delivered', trackingNumbers.slice(0, 1));
  expect(await order.only()).toMatchObject({ phase: 'booked' });
  await order.seen('in_transit', trackingNumbers.slice(1));
  expect(await order.only()).toMatchObject({ phase: 'booked', deliveryStatus: 'in_transit' });
  await order.seen('delivered', trackingNumbers.slice(1));
  expect(await order.only()).toMatchObject({ phase: 'delivered', deliveryStatus: 'delivered' });
});

describe('what a look at tracking wrote down before its worker was killed', () => {
  const long = 86_400_000;

  test('a silence that tracking recorded before its worker was killed needs attention at the next check', async () => {
    const order = await (await world.shop()).order();
    await order.bookToTheEnd();
    await order.tell();
    const known = { deliveryStatus: 'registered', attention: null } as const;
    await order.seen('registered');
    const news = { phase: 'needs_attention', shipments: [{ attention: { code: 'no_scan_for_too_long' } }] };
    expect(await order.followOnce(known, 0)).toMatchObject(news);
    expect(await order.followOnce(known, 0)).toMatchObject(news);
    await expect(order.followOnce({ ...known, attention: (await order.only()).attention }, 0)).rejects.toMatchObject({
      type: 'nothing_new',
    });
  });

  test('a scan that tracking recorded before its worker was killed is noticed at the next check', async () => {
    const order = await (await world.shop()).order();
    await order.bookToTheEnd();
    await order.tell();
    await order.seen('in_transit');
    const known = { deliveryStatus: 'registered', attention: null } as const;
    expect(await order.followOnce(known, long)).toMatchObject({ shipments: [{ deliveryStatus: 'in_transit' }] });
    await expect(order.followOnce({ ...known, deliveryStatus: 'in_transit' }, long)).rejects.toMatchObject({
      type: 'nothing_new',
    });
  });
});

test('a parcel that Posti could not be asked about is not called silent', async () => {
  const order = await (await world.shop()).order();
  await order.bookToTheEnd();
  await order.tell();
  await world.posti.harm({ path: '/tracking/', kind: 'status', status: 503 });
  expect(await order.seeOnce(0)).toMatchObject({ shipments: [{ attention: null }] });
  expect(await order.seeOnce(0)).toMatchObject({ shipments: [{ attention: { code: 'no_scan_for_too_long' } }] });
});

test('a parcel that had been delivered when the shop cancelled its order is not taken back, and ends as delivered', async () => {
  const order = await (await world.shop()).order();
  const { trackingNumbers } = await order.bookToTheEnd();
  await order.tell();
  await world.posti.control('POST', `/parcels/${trackingNumbers[0]}/scans`, { code: 'LUO' });
  await order.merchant('POST', '/cancel');
  expect((await order.look()).shipments).toMatchObject([{ phase: 'booked', cancelling: true }]);

  // Only whoever takes it back says that it cannot be: until then it is no delivered one that is being cancelled.
  const long = 3_600_000;
  const [seen] = (await order.seeOnce(long)).shipments;
  expect(seen).toMatchObject({ phase: 'booked', cancelling: true, deliveryStatus: 'delivered' });
  const [kept] = (await order.withdraw()).shipments;
  expect(kept).toMatchObject({ cancelling: false, attention: { code: 'cancelled_after_hand_over' } });
  expect((await order.followOnce(kept!, long)).shipments).toMatchObject([{ phase: 'delivered', cancelling: false }]);
  expect((await order.inShop()).shipments).toHaveLength(1);
});

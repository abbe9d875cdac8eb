import { describe, expect, test } from 'vitest';
import { eventually } from '../support/wait.ts';
import { holdRequest } from './held-answer.ts';
import type { OrderInHand } from './order.ts';
import { startWorld } from './world.ts';

const world = await startWorld();

/** A booked order of two units, of which the shop has more than its shipment ships: it would take a second record of the same. */
async function bookedWithUnitsLeft({ httpMs = 700 } = {}) {
  const shop = await world.shop({ speed: 20_000, httpMs });
  const order = await shop.order({ lines: [{ name: 'Villasukat', sku: 'SUKKA-1', weight: 200, quantity: 2 }] });
  await order.bookToTheEnd();
  const { trackingNumbers } = await order.only();
  const [line] = (await order.inShop()).lines;
  await order.merchant('PATCH', '', { setQuantity: [{ lineId: line!.id, quantity: 6 }] });
  return { shop, order, trackingNumber: trackingNumbers[0]! };
}

const numbersInShop = async (order: OrderInHand) =>
  (await order.inShop()).shipments.map((record) => record.tracking_number);

describe('a record of a part of a line, of which the shop would take two', () => {
  test('a record of a part of a line is there once where the first write arrives after we stopped waiting for it', async () => {
    const { shop, order, trackingNumber } = await bookedWithUnitsLeft();
    const path = `/stores/${shop.storeHash}/v2/orders/\\d+/shipments$`;
    await world.bigcommerce.harm({ kind: 'slow', ms: 1_200, method: 'POST', path });
    const sentAt = performance.now();
    await order.tell();
    // The first one has arrived by now, whoever still waited for it.
    await eventually(() => Promise.resolve(performance.now() - sentAt > 1_400));
    expect(await numbersInShop(order)).toEqual([trackingNumber]);
    expect(await order.only()).toMatchObject({ told: 'told', attention: null });
  });

  test('a record of a part of a line is there once where the write of a killed worker is still on its way', async () => {
    const { shop, order, trackingNumber } = await bookedWithUnitsLeft({ httpMs: 2_000 });
    const held = holdRequest(shop, trackingNumber);
    const killed = order.tellOnce();
    await held.arrived;
    await expect(order.tellOnce()).rejects.toMatchObject({ code: 'write_back_unresolved' });
    expect(await numbersInShop(order)).toEqual([]);
    held.letGo();
    await killed;
    await order.tell();
    expect(await numbersInShop(order)).toEqual([trackingNumber]);
  });

  test('a record of a part of a line is found, and not made again, where our row of it is lost', async () => {
    const { order, trackingNumber } = await bookedWithUnitsLeft();
    await order.tell();
    await order.look();
    await order.forgetTelling();
    await order.tell();
    expect(await numbersInShop(order)).toEqual([trackingNumber]);
    expect((await order.state()).shipments[0]).toMatchObject({ told: 'told' });
  });
});

describe('an order that was cancelled while its record is due', () => {
  test('an order that was cancelled while its record is due is not told of though its hint was handled without a sync', async () => {
    const { order } = await bookedWithUnitsLeft();
    await order.merchant('POST', '/cancel');
    await order.hinted();
    await order.hintsDispatched();
    await expect(order.tellOnce()).rejects.toMatchObject({ code: 'cancelled_meanwhile' });
    expect(await numbersInShop(order)).toEqual([]);
  });

  test('an order that was cancelled while its record is due is not told of when its shipment is being cancelled already', async () => {
    const { order } = await bookedWithUnitsLeft();
    await order.command('cancel');
    const first = async () => (await order.state()).shipments[0];
    expect(await first()).toMatchObject({ phase: 'booked', cancelling: true });
    await order.tellOnce();
    expect(await numbersInShop(order)).toEqual([]);
    expect(await first()).toMatchObject({ told: 'not_yet', cancelling: true });
  });
});

import { describe, expect, test } from 'vitest';
import { startWorld } from './world.ts';
import type { ShopNeeds } from './shop.ts';

const world = await startWorld();

/** What the shop has of an order's only shipment once it was told. */
async function recordOf(needs: ShopNeeds, draft: { channelId?: number; customerLocale?: string } = {}) {
  const shop = await world.shop(needs);
  const order = await shop.order(draft);
  await order.bookToTheEnd();
  await order.tell();
  return (await order.inShop()).shipments[0]!;
}

describe('the tracking link and the method’s name', () => {
  test('the tracking link and the method’s name are in the language of the storefront that the order came through', async () => {
    const settings = { storefronts: { '2': { language: 'en' } } };
    const record = await recordOf({ settings }, { channelId: 2, customerLocale: 'fi' });
    expect(record).toMatchObject({ shipping_method: 'Postal Parcel' });
    expect(record.tracking_link).toContain('/en/tracking');
  });

  test('the tracking link and the method’s name are in the language that the order was made in', async () => {
    const record = await recordOf({}, { customerLocale: 'sv-FI' });
    expect(record).toMatchObject({ shipping_method: 'Postpaket' });
    expect(record.tracking_link).toContain('/sv/uppfoljning');
  });

  test('the tracking link and the method’s name are in the shop’s own language where the order says none', async () => {
    const record = await recordOf({ language: 'sv' }, { customerLocale: '' });
    expect(record.tracking_link).toContain('/sv/uppfoljning');
  });

  test('the tracking link and the method’s name are in English for a shopper whose language Posti’s page does not have', async () => {
    const record = await recordOf({}, { customerLocale: 'de' });
    expect(record.tracking_link).toContain('/en/tracking');
  });
});

describe('the comments of a record', () => {
  test('name only the parcels that there are: none are left of a booking with more of them', async () => {
    const shop = await world.shop();
    const order = await shop.order({ lines: [{ name: 'Kivi', quantity: 2, weight: 20_000 }] });
    await order.bookToTheEnd();
    await order.tell();
    const before = (await order.only()).trackingNumbers;
    expect(before).toHaveLength(2);
    expect((await order.inShop()).shipments[0]!.comments).toContain(before[1]);

    await order.command('change', { parcels: [{ weightGrams: 900 }] });
    await order.bookToTheEnd();
    await order.tell();
    const { trackingNumbers } = await order.only();
    expect((await order.inShop()).shipments).toMatchObject([{ tracking_number: trackingNumbers[0], comments: '' }]);
  });

  test('name the parcels of the new booking where one parcel became several', async () => {
    const shop = await world.shop();
    const order = await shop.order();
    await order.bookToTheEnd();
    await order.tell();
    await order.command('change', { parcels: [{ weightGrams: 900 }, { weightGrams: 400 }] });
    await order.bookToTheEnd();
    await order.tell();
    const { trackingNumbers } = await order.only();
    expect((await order.inShop()).shipments).toMatchObject([
      { tracking_number: trackingNumbers[0], comments: `Parcels: ${trackingNumbers.join(', ')}` },
    ]);
  });
});

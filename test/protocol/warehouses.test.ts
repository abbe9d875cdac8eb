import { expect, test } from 'vitest';
import { startWorld } from './world.ts';

const world = await startWorld();

const sender = (city: string) => ({ name: `Varasto ${city}`, address1: 'Varastokatu 2', postcode: '20100', city });
const helsinki = { code: 'helsinki', sender: sender('Helsinki'), contractNumber: '654321' };
const turku = { code: 'turku', sender: sender('Turku'), contractNumber: '654322' };
const settings = {
  warehouses: [helsinki, turku],
  warehouseChoice: { formFields: ['Varasto'] },
};
const contracts = ['654321', '654322'];
const from = (warehouse: string) => ({
  shippingAddresses: [{ formFields: [{ name: 'Varasto', value: warehouse }] }],
});

/** A shop of two warehouses, both of whose contracts Posti knows. */
async function aShop(changes: object = {}) {
  const shop = await world.shop({ settings: { ...settings, ...changes } });
  await shop.renewAccount({ contracts });
  return shop;
}

test("an order of the second warehouse is booked by that warehouse's contract, with its sender", async () => {
  const shop = await aShop();
  const [ours, theirs] = [await shop.order(), await shop.order(from('Turku'))];
  await ours.bookToTheEnd();
  await theirs.bookToTheEnd();
  expect(await ours.bookings()).toMatchObject([{ contract: '654321', sender: { city: 'Helsinki' } }]);
  expect(await theirs.bookings()).toMatchObject([
    { contract: '654322', sender: { name: 'Varasto Turku', city: 'Turku' } },
  ]);
});

test('what was planned is booked, sender and contract together, although the settings have changed since', async () => {
  const shop = await aShop();
  const order = await shop.order(from('turku'));
  const moved = { ...turku, contractNumber: '654399', sender: sender('Naantali') };
  await shop.chooseSettings({ ...settings, warehouses: [helsinki, moved] });
  await order.bookToTheEnd();
  expect(await order.bookings()).toMatchObject([{ contract: '654322', sender: { city: 'Turku' } }]);
});

test('an order of a warehouse that nobody knows waits for a person, and goes on once it is in the settings', async () => {
  const shop = await aShop();
  const order = await shop.order(from('Oulu'));
  expect(await order.bookToTheEnd()).toMatchObject({ attention: { code: 'warehouse_unknown' } });
  expect((await order.problems())[0]!.problem).toContain('helsinki, turku');
  expect(await order.bookings()).toEqual([]);

  await shop.chooseSettings({ ...settings, warehouses: [helsinki, turku, { ...turku, code: 'oulu' }] });
  await order.look();
  expect(await order.bookToTheEnd()).toMatchObject({ phase: 'booked', attention: null });
});

test('a person may name the warehouse of one shipment, also after its label was made', async () => {
  const shop = await aShop();
  const [mistyped, booked] = [await shop.order(from('Oulu')), await shop.order()];
  expect(await mistyped.command('change', { warehouse: 'turku' })).toEqual({ outcome: 'done' });
  expect(await mistyped.bookToTheEnd()).toMatchObject({ phase: 'booked' });
  expect(await mistyped.bookings()).toMatchObject([{ contract: '654322' }]);

  await booked.bookToTheEnd();
  expect(await booked.command('change', { warehouse: 'turku' })).toEqual({ outcome: 'done' });
  await booked.bookToTheEnd();
  expect(await booked.bookings()).toMatchObject([{ contract: '654321' }, { contract: '654322' }]);
  expect(await booked.attempts()).toMatchObject([{ state: 'superseded' }, { state: 'live' }]);
});

test('a contract that Posti does not know stops the orders of its warehouse, and no others', async () => {
  const shop = await aShop();
  await shop.renewAccount({ contracts: ['654321'] });
  const [ours, theirs] = [await shop.order(), await shop.order(from('turku'))];
  expect(await theirs.bookToTheEnd()).toMatchObject({ attention: { code: 'posti_refused' } });
  expect((await theirs.problems())[0]!.problem).toContain('654322');
  expect(await shop.troubles()).toEqual([]);
  expect(await ours.bookToTheEnd()).toMatchObject({ phase: 'booked' });
});

test('an order of a storefront that observes is planned and shown, and booked when that storefront is live', async () => {
  const shop = await aShop({ storefronts: { 2: { mode: 'observe', warehouse: 'turku' } } });
  const [other, order] = [await shop.order({ channelId: 1 }), await shop.order({ channelId: 2 })];
  expect(await other.bookToTheEnd()).toMatchObject({ phase: 'booked' });
  await order.book();
  expect(await order.only()).toMatchObject({ phase: 'planned', blocked: 'store_in_observe_mode' });
  expect(await order.bookings()).toEqual([]);

  await shop.chooseSettings({ ...settings, storefronts: { 2: { mode: 'live', warehouse: 'turku' } } });
  await order.look();
  await order.bookToTheEnd();
  expect(await order.bookings()).toMatchObject([{ contract: '654322' }]);
});

test.each(['object', 'list'])(
  'a pickup point in the rate that came as one %s is where the parcel goes',
  async (shape) => {
    const shop = await aShop({ pickupPoint: { quote: { field: 'rate_id', prefix: 'PO2103-' } } });
    await shop.inTheShop({ quotesAs: shape });
    const chosen = (rate_id: string) => ({ shippingAddresses: [{ quotes: [{ rate_id }] }] });
    const [order, without] = [await shop.order(chosen('PO2103-331003256')), await shop.order()];
    await order.bookToTheEnd();
    expect(await order.bookings()).toMatchObject([{ agent: '331003256' }]);
    await without.bookToTheEnd();
    expect(await without.bookings()).toMatchObject([{ agent: null }]);
  },
);

import { expect, test } from 'vitest';
import { draftShipment } from '../../../src/planning/draft.ts';
import type { ShippingAddress } from '../../../src/orders/order.ts';
import { anOrder, liveSettings, type OrderBuilder } from '../../support/order-builder.ts';

const draft = ({ order }: OrderBuilder, settings: Record<string, unknown> = {}) =>
  draftShipment(
    order,
    order.addresses[0]!,
    order.lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
    liveSettings(settings),
  );
const bookingOf = (...args: Parameters<typeof draft>) => {
  const { plan, problems } = draft(...args);
  if (!plan.booking) throw new Error(JSON.stringify(problems));
  return plan.booking;
};

const small = { defaultService: { service: 'PO2461' } };
const parcel = { defaultService: { service: 'PO2103' } };
const toPoint = (id: string): Partial<ShippingAddress> => ({ formFields: { 'Pickup point': id } });

test('parcels of 60 g are declared as 60 g where the service takes them, and as 100 g where that is the least', () => {
  const light = anOrder().with(1, { weightGrams: 60 });
  expect(bookingOf(light, small).parcels).toMatchObject([{ weightGrams: 60 }]);
  expect(bookingOf(light, parcel).parcels).toMatchObject([{ weightGrams: 100 }]);
  expect(draft(light, small).plan.notes).toEqual([]);
  expect(draft(light, parcel).plan.notes).toEqual(['weight_raised']);
});

test('the contents of a parcel are declared in general words, or by its products where the store wants that', () => {
  const order = anOrder().with(2, { name: 'Pipo, punainen', addressId: 1 });
  expect(bookingOf(order).parcels).toMatchObject([{ contents: 'Tavaraa / Goods' }]);
  expect(bookingOf(order, { contents: { words: 'Käsitöitä' } }).parcels).toMatchObject([{ contents: 'Käsitöitä' }]);
  expect(bookingOf(order, { contents: { from: 'products' } }).parcels).toMatchObject([
    { contents: 'Villasukat, Pipo, p…' },
  ]);
});

test('a thermal label has lines of 20 characters, also where the warehouse prints it', () => {
  const order = anOrder().to({ street1: 'Keksittyjenkatu 112 B 45' });
  expect(draft(order).recipient).toMatchObject({ address1: 'Keksittyjenkatu 112 B 45', address2: null });
  expect(draft(order, { labelSize: '107x225' }).recipient).toMatchObject({
    address1: 'Keksittyjenkatu 112',
    address2: 'B 45',
  });
});

test('a parcel to a pickup point has the company and the person in the one line that is printed, or is a question', () => {
  const point = toPoint('001003230');
  expect(draft(anOrder().to({ ...point, company: 'Keksi Oy' }), parcel).recipient?.name).toBe('Keksi Oy, Aino Kuusela');
  const long = anOrder().to({ ...point, company: 'Pohjoisen Keksittyjen Tarvikkeiden Osuuskunta' });
  expect(draft(long, parcel).problems.map(({ code }) => code)).toEqual(['name_too_long']);
});

test('an invalid pickup point needs attention before any call to Posti', () => {
  const { problems, plan } = draft(anOrder().to(toPoint('K-Kauppa Keksi')), parcel);
  expect(problems.map(({ code }) => code)).toEqual(['pickup_point_invalid']);
  // Somebody typed it: it stays out of the plan, which holds no people.
  expect(plan.wanted).toEqual({
    ...{ service: 'PO2103', addons: [], pickupPointId: null },
    tooLargeForLockers: false,
  });
});

test('the plan says with which service, point and size of goods it was to be booked', () =>
  expect(draft(anOrder().to(toPoint('001003230')), parcel).plan.wanted).toEqual({
    ...{ service: 'PO2103', addons: [], pickupPointId: '001003230' },
    tooLargeForLockers: false,
  }));

test('parcels that a person weighed hold all units in the first, and are checked no further', () => {
  const { order } = anOrder().with(1, { quantity: 2, weightGrams: 60, sizeMillimetres: [9_000, 10, 10] });
  const weighed = { override: { parcels: [{ weightGrams: 900 }, { weightGrams: 700 }] } };
  const lines = [{ lineId: 1, quantity: 2 }];
  const { plan, problems } = draftShipment(order, order.addresses[0]!, lines, liveSettings(parcel), weighed);
  expect([problems, plan.notes]).toEqual([[], []]);
  expect(plan.booking?.parcels).toMatchObject([
    { weightGrams: 900, units: lines },
    { weightGrams: 700, units: [] },
  ]);
});

test('an unknown service needs attention, and is no error', () => {
  const { order } = anOrder();
  const override = { service: { service: 'XX1', addons: [] } };
  const lines = [{ lineId: 1, quantity: 1 }];
  const { problems } = draftShipment(order, order.addresses[0]!, lines, liveSettings(parcel), { override });
  expect(problems.map(({ code }) => code)).toEqual(['service_unknown']);
});

test('goods that cannot be packed are reported once, and not as a shipment without a parcel too', () => {
  const heavy = anOrder().with(1, { weightGrams: 40_000 });
  expect(draft(heavy, parcel).problems.map(({ code }) => code)).toEqual(['unit_heavier_than_parcel_limit']);
  expect(draft(anOrder().with(1, { sizeMillimetres: [9_000, 10, 10] }), parcel).problems).toMatchObject([
    { code: 'service_size_exceeded' },
  ]);
});

test('goods that fit into no locker are noted where a pickup point is chosen', () => {
  const large = anOrder().with(1, { sizeMillimetres: [900, 500, 400] });
  expect(draft(large.to(toPoint('001003230')), parcel).plan.notes).toEqual(['too_large_for_lockers']);
  expect(draft(large, parcel).plan.notes).toEqual([]);
});

test('a sender is reached by text message only where its number is a mobile one', () => {
  const sender = { name: 'Kauppa Kuusi', address1: 'Varastokatu 2', postcode: '00200', city: 'Helsinki' };
  const of = (phone: string | null) =>
    bookingOf(anOrder(), { warehouses: [{ code: 'main', sender: { ...sender, phone }, contractNumber: '600123' }] })
      .sender;
  expect(of('09 123 4567')).toMatchObject({ phone: '+35891234567', mobile: null });
  expect(of('040 123 4567')).toMatchObject({ phone: '+358401234567', mobile: '+358401234567' });
});

test('parcels are made for what a pickup point takes only where the goods go to one', () => {
  const heavy = anOrder().with(1, { quantity: 3, weightGrams: 3000 });
  const settings = { ...parcel, pickupPoint: { heaviestGrams: 5000 } };
  expect(bookingOf(heavy, settings).parcels).toMatchObject([{ weightGrams: 9000 }]);
  expect(bookingOf(heavy.to(toPoint('001003230')), settings).parcels).toMatchObject([
    ...[{ weightGrams: 3000 }, { weightGrams: 3000 }, { weightGrams: 3000 }],
  ]);
});

// Labels that were made by earlier versions are compared by it: were it another, each of them would be called wrong.
test('the digest of an order without metafields stays the one that was kept with labels', () => {
  const kept = 'AJ2IEb-GEuLBQeP41ZNws-DDAku9DHcb5QDJXvv6o_0';
  expect(draft(anOrder()).sourceDigest).toBe(kept);
  expect(draft(anOrder().is({ pickupPointInMetafield: '001003230' })).sourceDigest).not.toBe(kept);
});

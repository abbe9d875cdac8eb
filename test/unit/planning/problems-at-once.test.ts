import { expect, test } from 'vitest';
import { draftShipment } from '../../../src/planning/draft.ts';
import { anOrder, liveSettings, type OrderBuilder } from '../../support/order-builder.ts';

const problemsOf = ({ order }: OrderBuilder, settings = liveSettings({ defaultService: { service: 'PO2104' } })) =>
  draftShipment(order, order.addresses[0]!, [{ lineId: 1, quantity: 1 }], settings).problems;
const codes = (order: OrderBuilder) => problemsOf(order).map(({ code, field }) => `${code} ${field}`);

test('mistakes of the address, of the goods and of the service are reported at once, each with its field', () => {
  const order = anOrder()
    .to({ street1: null, firstName: null, lastName: null, city: null, country: 'US', postcode: '10001' })
    .with(1, { weightGrams: 40_000 });
  expect(codes(order)).toEqual(
    expect.arrayContaining([
      'unit_heavier_than_parcel_limit lines',
      'name_missing receiver.name',
      'street_missing receiver.street1',
      'city_missing receiver.city',
      'destination_stopped receiver.country',
    ]),
  );
});

test('a phone that is missing is reported beside a street that is missing', () => {
  const to = { street1: null, phone: null, email: null };
  const order = anOrder()
    .to(to)
    .is({ billing: { ...anOrder().order.billing, phone: null, email: null } });
  expect(problemsOf(order, liveSettings({ defaultService: { service: 'PO2103' } })).map(({ field }) => field)).toEqual(
    expect.arrayContaining(['receiver.street1', expect.stringMatching(/^receiver\.(phone|email|mobile)$/)]),
  );
});

test.each([
  [40_000, false],
  [30_000, true],
])('a unit of %d g is answered with advice that can be followed', (weightGrams, canBeSet) => {
  const [problem] = problemsOf(anOrder().with(1, { weightGrams }));
  expect(problem?.code).toBe('unit_heavier_than_parcel_limit');
  expect(problem?.remedy.includes('raise the limit')).toBe(canBeSet);
  if (canBeSet) expect(() => liveSettings({ parcelWeightLimitGrams: weightGrams })).not.toThrow();
  else expect(() => liveSettings({ parcelWeightLimitGrams: weightGrams })).toThrow();
});

test.each(['HK', 'AE', 'QA'])('an address in %s needs no postcode', (country) => {
  expect(codes(anOrder().to({ country, postcode: null }))).not.toContain('postcode_missing receiver.postcode');
});

test('an address in Finland still needs its postcode', () => {
  expect(codes(anOrder().to({ postcode: null }))).toContain('postcode_missing receiver.postcode');
});

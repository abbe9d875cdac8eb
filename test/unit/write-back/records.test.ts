import { describe, expect, test } from 'vitest';
import { draftShipment } from '../../../src/planning/draft.ts';
import type { PlannedParcel, ShipmentPlan } from '../../../src/planning/shipment-plan.ts';
import { recordsFor } from '../../../src/write-back/records.ts';
import { anOrder, liveSettings } from '../../support/order-builder.ts';

const units = (lineId: number, quantity: number) => ({ lineId, quantity });
const numbers = ['JJFI65432100000000001', 'JJFI65432100000000002'];
const lines = [units(1, 3), units(2, 1)];

function planOf(...parcels: (readonly ReturnType<typeof units>[])[]): ShipmentPlan {
  const { order } = anOrder().with(1, { quantity: 3 }).with(2);
  const { plan } = draftShipment(order, order.addresses[0]!, lines, liveSettings());
  if (!plan.booking) throw new Error('It cannot be booked.');
  const packed: PlannedParcel[] = parcels.map((inIt) => ({ weightGrams: 500, units: inIt }));
  return { ...plan, booking: { ...plan.booking, parcels: packed } };
}
const told = (plan: ShipmentPlan, trackingNumbers: string[], severalParcels: string) =>
  recordsFor({ plan, trackingNumbers, language: 'fi' }, liveSettings({ writeBack: { severalParcels } })).map(
    ({ parcel, draft: { items, tracking_number, comments } }) => ({
      parcel,
      number: tracking_number,
      comments,
      units: items.map((item) => `${item.order_product_id}×${item.quantity}`).join(' '),
    }),
  );

const one = { parcel: 0, number: numbers[0], comments: `Parcels: ${numbers.join(', ')}`, units: '1×3 2×1' };
const divided = [[units(1, 2)], [units(1, 1), units(2, 1)]];

describe('what the shop is told of several parcels', () => {
  test('the shop gets one record with all numbers, unless the store wants one for each', () =>
    expect(told(planOf(...divided), numbers, 'first_number')).toEqual([one]));

  test('the shop gets one record for each parcel, with the units that are in it', () =>
    expect(told(planOf(...divided), numbers, 'record_per_parcel')).toEqual([
      { parcel: 1, number: numbers[0], comments: 'Parcel 1 of 2', units: '1×2' },
      { parcel: 2, number: numbers[1], comments: 'Parcel 2 of 2', units: '1×1 2×1' },
    ]));

  test.each([
    ['one of them has no units', [[units(1, 3), units(2, 1)], []]],
    ['units are in none of them', [[units(1, 2)], [units(2, 1)]]],
    ['more units are in them than are sent', [[units(1, 3)], [units(1, 1), units(2, 1)]]],
    ['they hold a line that was replaced', [[units(1, 3)], [units(9, 1), units(2, 1)]]],
  ])('the shop gets one record where %s', (_name, parcels) =>
    expect(told(planOf(...parcels), numbers, 'record_per_parcel')).toEqual([one]),
  );
});

test('a shipment of one parcel has one record, which says outright that there are no others', () =>
  expect(told(planOf([units(1, 3), units(2, 1)]), numbers.slice(0, 1), 'record_per_parcel')).toEqual([
    { ...one, comments: '' },
  ]));

test('a shipment without a booking or without a number has no record', () => {
  expect(told(planOf(...divided), [], 'first_number')).toEqual([]);
  expect(told({ ...planOf(...divided), booking: null }, numbers, 'first_number')).toEqual([]);
});

test('a record has the address, the link, the carrier and the service’s name in the shopper’s language', () => {
  const plan = planOf(...divided);
  const draftIn = (language: 'fi' | 'en') =>
    recordsFor({ plan, trackingNumbers: numbers, language }, liveSettings())[0]?.draft;
  expect(draftIn('fi')).toMatchObject({ order_address_id: 1, tracking_carrier: 'posti' });
  expect(draftIn('fi')?.tracking_link).toContain(numbers[0]);
  expect(draftIn('fi')?.shipping_method).not.toBe(draftIn('en')?.shipping_method);
  const unknown = { ...plan, booking: { ...plan.booking!, service: 'XX1' } };
  const [record] = recordsFor({ plan: unknown, trackingNumbers: numbers, language: 'fi' }, liveSettings());
  expect(record?.draft.shipping_method).toBe('XX1');
});

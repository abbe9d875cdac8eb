import { describe, expect, test } from 'vitest';
import { choosePickupPoint, pickupPointInRates } from '../../../src/planning/pickup-point.ts';
import { draftShipment } from '../../../src/planning/draft.ts';
import { anOrder, liveSettings, type OrderBuilder } from '../../support/order-builder.ts';

const settings = liveSettings({ pickupPoint: { metafield: { namespace: 'app', key: 'point' }, quote: {} } });
const [inField, inMetafield, inRate] = ['001001001', '001001002', '001001003'];
/** To a pickup point, or to the door: Posti's Postal Parcel and Home Parcel. */
const [toPoint, toDoor] = ['PO2103', 'PO2104'];
const chosen = ({ order }: OrderBuilder, { by = settings, service = toPoint } = {}) =>
  choosePickupPoint(order, order.addresses[0]!, by, service);

describe('the pickup point of an address', () => {
  const byField = anOrder().to({ formFields: { 'Pickup point': inField } });
  const byMetafield = anOrder().is({ pickupPointInMetafield: inMetafield });
  const byBoth = byField.is({ pickupPointInMetafield: inMetafield });
  const everywhere = byBoth.to({ pickupPointInQuote: inRate });

  test.each([
    ['is the one of the rate that was paid for first', byMetafield.to({ pickupPointInQuote: inRate }), inRate],
    ['then that of the form field', byBoth, inField],
    ["then that of the order's metafield", byMetafield, inMetafield],
    ['is none where nothing names one', anOrder(), null],
    ["is not the order's metafield where the order has several addresses", byMetafield.andTo(2), null],
    ['may stand behind its name', anOrder().to({ formFields: { 'Pickup point': 'Kioski (001001001)' } }), inField],
    [
      "is not a field's words where the metafield has an id",
      byMetafield.to({ formFields: { 'Pickup point': 'Kioski' } }),
      inMetafield,
    ],
    [
      "is a field's words where nothing else is said, for a person to look at",
      anOrder().to({ formFields: { 'Pickup point': 'Kioski' } }),
      'Kioski',
    ],
  ])('the pickup point of an address: %s', (_name, order, id) => expect(chosen(order)).toEqual({ id, notes: [] }));

  test('the pickup point of the rate wins over another one in a form field, which is noted', () => {
    expect(chosen(everywhere)).toEqual({ id: inRate, notes: ['pickup_point_of_the_rate'] });
  });

  test.each([
    ['a form field', byField],
    ["the order's metafield", byMetafield],
    ['the rate', anOrder().to({ pickupPointInQuote: inRate })],
  ])('the pickup point that %s left on a home delivery is noted, and nothing more', (_name, order) => {
    expect(chosen(order, { service: toDoor })).toEqual({ id: null, notes: ['pickup_point_left_over'] });
  });

  test('a pickup point in a form field does not keep a home delivery from being booked', () => {
    const { order } = byField;
    const draft = draftShipment(order, order.addresses[0]!, [{ lineId: 1, quantity: 1 }], settings);
    expect(draft).toMatchObject({ problems: [], plan: { booking: { pickupPointId: null } } });
    expect(draft.plan.notes).toContain('pickup_point_left_over');
  });

  test('a pickup point that a person names for a home delivery is reported as a mistake', () => {
    const { order } = byField;
    const byAPerson = { override: { pickupPointId: inField } };
    const draft = draftShipment(order, order.addresses[0]!, [{ lineId: 1, quantity: 1 }], settings, byAPerson);
    expect(draft.problems).toMatchObject([{ code: 'pickup_point_not_possible' }]);
  });

  test('the pickup point does not come from rates or metafields where the settings do not (or no longer) name them', () => {
    expect(chosen(everywhere.to({ formFields: {} }), { by: liveSettings() }).id).toBeNull();
  });
});

describe('the rates of an address', () => {
  const rate = (rate_id: string | null, rate_code: string | null = null) => ({ rate_id, rate_code });
  const rule = { field: 'rate_id', prefix: 'PO2103-' } as const;

  test.each([
    ['name the point after the prefix', [rate('PO2103-001003230')], '001003230'],
    ['with spaces around name it all the same', [rate(' PO2103-001003230 ')], '001003230'],
    ['of another kind name none', [rate('PO2104')], undefined],
    ['that end with the prefix name none', [rate('PO2103-')], undefined],
    ['that say it twice say it once', [rate('PO2103-1'), rate('PO2103-1')], '1'],
    ['that name different points name none', [rate('PO2103-1'), rate('PO2103-2')], undefined],
    ['without any name none', [rate(null)], undefined],
    ['of an order that no storefront made name none', [], undefined],
    ['with something else than an id name none', [rate('PO2103-../../x')], undefined],
  ])('the rates of an address are read: %s', (_name, rates, id) => expect(pickupPointInRates(rates, rule)).toBe(id));

  test('the rates of an address are read in the field that the store names', () => {
    expect(pickupPointInRates([rate('x1', '001003230')], { field: 'rate_code', prefix: '' })).toBe('001003230');
  });
});

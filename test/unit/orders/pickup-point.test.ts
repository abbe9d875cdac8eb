import { describe, expect, test } from 'vitest';
import { chosenPickupPoint, pickupPointInRates } from '../../../src/orders/pickup-point.ts';
import { anOrder, liveSettings } from '../../support/order-builder.ts';

const settings = liveSettings({ pickupPoint: { metafield: { namespace: 'app', key: 'point' }, quote: {} } });
const chosen = ({ order }: ReturnType<typeof anOrder>, by = settings) =>
  chosenPickupPoint(order, order.addresses[0]!, by);

describe('the pickup point of an address', () => {
  const everywhere = anOrder()
    .to({ formFields: { 'Pickup point': '1' }, pickupPointInQuote: '3' })
    .is({ pickupPointInMetafield: '2' });
  const withoutField = everywhere.to({ formFields: {} });

  test.each([
    ['is the one of the form field first', everywhere, '1'],
    ["then of the order's metafield", withoutField, '2'],
    ['then of the rate that was chosen', anOrder().to({ pickupPointInQuote: '3' }), '3'],
    ['is none where nothing names one', anOrder(), null],
    ["is not the order's metafield where the order has several addresses", withoutField.andTo(2), '3'],
  ])('%s', (_name, order, id) => expect(chosen(order)).toBe(id));

  test('does not come from rates or metafields where the store does not say so (any more)', () => {
    expect(chosen(withoutField, liveSettings())).toBeNull();
  });
});

describe('the rates of an address', () => {
  const rate = (rate_id: string | null, rate_code: string | null = null) => ({ rate_id, rate_code });
  const rule = { field: 'rate_id', prefix: 'PO2103-' } as const;

  test.each([
    ['name the point after the prefix', [rate('PO2103-001003230')], '001003230'],
    ['of another kind name none', [rate('PO2104')], undefined],
    ['that end with the prefix name none', [rate('PO2103-')], undefined],
    ['that say it twice say it once', [rate('PO2103-1'), rate('PO2103-1')], '1'],
    ['that name different points name none', [rate('PO2103-1'), rate('PO2103-2')], undefined],
    ['without any name none', [rate(null)], undefined],
    ['of an order that no storefront made name none', [], undefined],
    ['with something else than an id name none', [rate('PO2103-../../x')], undefined],
  ])('%s', (_name, rates, id) => expect(pickupPointInRates(rates, rule)).toBe(id));

  test('are read in the field that the store names', () => {
    expect(pickupPointInRates([rate('x1', '001003230')], { field: 'rate_code', prefix: '' })).toBe('001003230');
  });
});

import { expect, test } from 'vitest';
import type { WireOrder } from '../../../src/bigcommerce/api.ts';
import { digestOfOrder } from '../../../src/orders/digest.ts';
import { aWireLine, aWireOrder } from '../../db/wire-order.ts';

const digest = () => digestOfOrder(aWireOrder());

test('the dates of an order, and how many zeros its money has, do not change the digest', () => {
  const later = { date_modified: new Date(), date_shipped: new Date(), total_inc_tax: '19.90' };
  expect(digestOfOrder(aWireOrder(later))).toBe(digest());
});

test.each([
  ['19.9', '19.90'],
  ['19', '19.0000'],
  ['19.05', '19.0500'],
])('the digest is the same for the amounts %s and %s', (short, long) => {
  const of = (total_inc_tax: string) => digestOfOrder(aWireOrder({ total_inc_tax }));
  expect(of(long)).toBe(of(short));
});

test.each([
  ['100', '1'],
  ['10.05', '10.5'],
  ['1.10', '11.0'],
])('the digest is not the same for the amounts %s and %s', (one, other) => {
  const of = (total_inc_tax: string) => digestOfOrder(aWireOrder({ total_inc_tax }));
  expect(of(one)).not.toBe(of(other));
});

test('the order in which addresses and form fields are listed does not change the digest', () => {
  const [address] = aWireOrder().addresses;
  const at = (...addresses: WireOrder['addresses']) => digestOfOrder(aWireOrder({}, { addresses }));
  const [home, work] = [
    { ...address!, id: 7 },
    { ...address!, id: 12, street_1: 'Toinen katu 2' },
  ];
  expect(at(work, home)).toBe(at(home, work));
  const fields = [
    { name: 'Pickup point', value: '001003230' },
    { name: 'Door', value: '1234' },
    { name: 'Door', value: '1' },
  ];
  expect(at({ ...home, form_fields: [...fields].reverse() })).toBe(at({ ...home, form_fields: fields }));
});

test.each([
  ['value', withField('Door', '1'), withField('Door', '2')],
  ['name', withField('Door', '1'), withField('Floor', '1')],
])('another %s of a form field changes the digest', (_what, one, other) => {
  const of = (address: WireOrder['addresses'][number]) => digestOfOrder(aWireOrder({}, { addresses: [address] }));
  expect(of(one)).not.toBe(of(other));
});

test('a size of nothing, as the shop writes it where there is none, does not change the digest', () => {
  const none = { width: '0.0000', height: '0.0000', depth: '0.0000' };
  expect(digestOfOrder(aWireOrder({}, { lines: [aWireLine(none)] }))).toBe(digest());
});

test('the order in which lines are listed does not change the digest', () => {
  const [one, two] = [aWireLine({ id: 1 }), aWireLine({ id: 2 })];
  expect(digestOfOrder(aWireOrder({}, { lines: [one, two] }))).toBe(
    digestOfOrder(aWireOrder({}, { lines: [two, one] })),
  );
});

test.each<[string, WireOrder]>([
  ['status', aWireOrder({ status_id: 5 })],
  ['channel', aWireOrder({ channel_id: 2 })],
  ['kind', aWireOrder({ order_is_digital: true })],
  ['currency', aWireOrder({ default_currency_code: 'SEK' })],
  ['currency of the shopper', aWireOrder({ currency_code: 'SEK' })],
  ['refund', aWireOrder({ refunded_amount: '5.0000' })],
  ['number of units', aWireOrder({ items_total: 2 })],
  ['message', aWireOrder({ customer_message: 'Ovikoodi 1234' })],
  ['note of the staff', aWireOrder({ staff_notes: 'Soita ensin' })],
  ['billing address', aWireOrder({ billing_address: { ...aWireOrder().order.billing_address, phone: '0500000000' } })],
  ...(
    [
      ['product', { product_id: 99 }],
      ['variant', { variant_id: 99 }],
      ['pickup at the merchant', { order_pickup_method_id: 4 }],
      ['address of a line', { order_address_id: 8 }],
      ['name', { name: 'Kintaat' }],
      ['SKU', { sku: 'SUKKA-2' }],
      ['type', { type: 'digital' }],
      ['quantity', { quantity: 2 }],
      ['shipped quantity', { quantity_shipped: 1 }],
      ['weight', { weight: '0.3000' }],
      ['price', { price_inc_tax: '18.9000' }],
      ['height', { height: '3.0000' }],
      ['line', { id: 2 }],
    ] as const
  ).map(([what, line]): [string, WireOrder] => [what, aWireOrder({}, { lines: [aWireLine(line)] })]),
  ...(
    [
      ['first name', { first_name: 'Eino' }],
      ['last name', { last_name: 'Mäntylä' }],
      ['company', { company: 'Keksi Oy' }],
      ['second line of the street', { street_2: 'B 3' }],
      ['city', { city: 'Espoo' }],
      ['state', { state: 'Uusimaa' }],
      ['postcode', { zip: '00200' }],
      ['country', { country: 'Sweden' }],
      ['country code', { country_iso2: 'SE' }],
      ['phone', { phone: '0500000000' }],
      ['email', { email: 'eino@example.com' }],
      ['shipping method', { shipping_method: 'Pikapaketti' }],
    ] as const
  ).map(([what, address]): [string, WireOrder] => [
    what,
    aWireOrder({}, { addresses: [{ ...aWireOrder().addresses[0]!, ...address }] }),
  ]),
  ['archived', aWireOrder({ is_deleted: true })],
  ['amount', aWireOrder({ total_inc_tax: '199.0000' })],
  ['a refunded unit', aWireOrder({}, { lines: [aWireLine({ quantity_refunded: 1 })] })],
  ['a size', aWireOrder({}, { lines: [aWireLine({ width: '30.0000', height: '4', depth: '4' })] })],
  ['a shipped unit', aWireOrder({ items_shipped: 1 })],
  ['an address', aWireOrder({}, { addresses: [{ ...aWireOrder().addresses[0]!, street_1: 'Toinen katu 2' }] })],
  ['a pickup point', aWireOrder({}, { addresses: [withField('Pickup point', '001003230')] })],
])('another %s changes the digest', (_what, order) => {
  expect(digestOfOrder(order)).not.toBe(digest());
});

test('an order that was read without its lines has no digest', () => {
  expect(() => digestOfOrder(aWireOrder({}, { complete: false }))).toThrow('without its lines');
});

function withField(name: string, value: string) {
  return { ...aWireOrder().addresses[0]!, form_fields: [{ name, value }] };
}

import { expect, test } from 'vitest';
import { digestOfOrder } from '../../src/orders/digest.ts';
import { aWireLine, aWireOrder } from './wire-order.ts';

const digest = digestOfOrder(aWireOrder());

test('the dates of an order, and how many zeros its money has, do not change the digest', () => {
  const later = { date_modified: new Date(), date_shipped: new Date(), total_inc_tax: '19.90' };
  expect(digestOfOrder(aWireOrder(later))).toBe(digest);
});

test('a size of nothing, as the shop writes it where there is none, does not change the digest', () => {
  const none = { width: '0.0000', height: '0.0000', depth: '0.0000' };
  expect(digestOfOrder(aWireOrder({}, { lines: [aWireLine(none)] }))).toBe(digest);
});

test('the order in which lines are listed does not change the digest', () => {
  const [one, two] = [aWireLine({ id: 1 }), aWireLine({ id: 2 })];
  expect(digestOfOrder(aWireOrder({}, { lines: [one, two] }))).toBe(
    digestOfOrder(aWireOrder({}, { lines: [two, one] })),
  );
});

test.each([
  ['status', aWireOrder({ status_id: 5 })],
  ['archived', aWireOrder({ is_deleted: true })],
  ['amount', aWireOrder({ total_inc_tax: '199.0000' })],
  ['a refunded unit', aWireOrder({}, { lines: [aWireLine({ quantity_refunded: 1 })] })],
  ['a size', aWireOrder({}, { lines: [aWireLine({ width: '30.0000', height: '4', depth: '4' })] })],
  ['a shipped unit', aWireOrder({ items_shipped: 1 })],
  ['an address', aWireOrder({}, { addresses: [{ ...aWireOrder().addresses[0]!, street_1: 'Toinen katu 2' }] })],
  ['a pickup point', aWireOrder({}, { addresses: [withField('Pickup point', '001003230')] })],
])('another %s changes the digest', (_what, order) => {
  expect(digestOfOrder(order)).not.toBe(digest);
});

test('an order that was read without its lines has no digest', () => {
  expect(() => digestOfOrder(aWireOrder({}, { complete: false }))).toThrow('without its lines');
});

function withField(name: string, value: string) {
  return { ...aWireOrder().addresses[0]!, form_fields: [{ name, value }] };
}

import { expect, test } from 'vitest';
import { goodsOf, goodsOfBooked, withReplacedLines } from '../../../src/planning/replaced-lines.ts';
import { anOrder, type OrderBuilder } from '../../support/order-builder.ts';

type Holder = Parameters<typeof withReplacedLines>[1][number];

const holding = ({ order }: OrderBuilder, lines: Holder['lines'], changes: Partial<Holder> = {}): Holder => ({
  ...{ addressId: 1, phase: 'booked', attemptOut: false, keptBack: false },
  ...{ lines, goods: goodsOf(order, lines) },
  ...changes,
});
const after = ({ order }: OrderBuilder, ...holders: Holder[]) =>
  withReplacedLines(order, holders).map(({ lines, replacements }) => ({ lines, replacements }));

const units = (lineId: number, quantity: number) => ({ lineId, quantity });
const socks = anOrder().with(1, { quantity: 2 });
const two = socks.with(2, { sku: 'PIPO-1', productId: 12, name: 'Pipo', quantity: 3 });

test('one replaced line of a shipment with two lines leaves the other as it is', () => {
  const now = two.without(2).with(9, { sku: 'PIPO-1', productId: 12, quantity: 3 });
  expect(after(now, holding(two, [units(1, 2), units(2, 3)]))).toEqual([
    { lines: [units(1, 2), units(9, 3)], replacements: [9] },
  ]);
});

test('two lines of the same goods that became one are one line, with the units of both', () => {
  const divided = socks.with(2, { sku: 'SUKKA-1', quantity: 1 });
  const joined = divided.without(1).without(2).with(9, { sku: 'SUKKA-1', quantity: 3 });
  expect(after(joined, holding(divided, [units(1, 2), units(2, 1)]))).toEqual([
    { lines: [units(9, 3)], replacements: [9] },
  ]);
});

test('units that another shipment holds replace nothing', () => {
  const now = two.without(1).with(2, { sku: 'SUKKA-1', productId: 11, quantity: 3 });
  expect(after(now, holding(two, [units(1, 2)]), holding(two, [units(2, 2)]))).toEqual([
    { lines: [units(2, 1), units(1, 1)], replacements: [2] },
    { lines: [units(2, 2)], replacements: [] },
  ]);
});

test('two shipments whose line is gone share what is new, and neither takes a unit twice', () => {
  const now = socks.without(1).with(9, { sku: 'SUKKA-1', quantity: 3 });
  expect(after(now, holding(socks, [units(1, 2)]), holding(socks, [units(1, 2)]))).toEqual([
    { lines: [units(9, 2)], replacements: [9] },
    { lines: [units(9, 1), units(1, 1)], replacements: [9] },
  ]);
});

test('a line of the same SKU comes before one of the same product', () => {
  const now = socks.without(1).with(8, { sku: 'SUKKA-B', quantity: 2 }).with(9, { sku: 'SUKKA-1', quantity: 2 });
  expect(after(now, holding(socks, [units(1, 2)]))).toEqual([{ lines: [units(9, 2)], replacements: [9] }]);
});

test('a line of another SKU that was there before is not what another became', () => {
  const before = socks.with(2, { sku: 'SUKKA-B', quantity: 1 });
  const now = before.without(1).with(2, { quantity: 3 });
  expect(after(now, holding(before, [units(1, 2), units(2, 1)]))).toEqual([
    { lines: [units(1, 2), units(2, 1)], replacements: [] },
  ]);
});

test('lines without a product are the same by their name only, and one without a name by nothing', () => {
  const custom = (name: string) => anOrder().with(1, { productId: 0, sku: 'A-1', name });
  const again = (order: OrderBuilder, name: string) => order.without(1).with(9, { productId: 0, sku: 'A-9', name });
  const lines = (was: string, is: string) =>
    after(again(custom(was), is), holding(custom(was), [units(1, 1)]))[0]?.lines;
  expect(lines('Kaiverrus', 'Kaiverrus')).toEqual([units(9, 1)]);
  expect(lines('Kaiverrus', 'Lahjapaperi')).toEqual([units(1, 1)]);
  expect(lines('', '')).toEqual([units(1, 1)]);
});

test.each<[string, Partial<Holder>, number]>([
  ['cancelled holds nothing and takes nothing', { phase: 'cancelled' }, 1],
  ['cancelled by a person keeps its goods back', { phase: 'cancelled', keptBack: true }, 9],
  ['delivered keeps what it delivered', { phase: 'delivered' }, 9],
  ['for another address takes nothing there', { addressId: 2 }, 1],
])('a shipment that is %s', (_name, changes, lineId) => {
  const now = socks.without(1).with(9, { sku: 'SUKKA-1', quantity: 2 });
  expect(after(now, holding(socks, [units(1, 2)], changes))[0]?.lines).toEqual([units(lineId, 2)]);
});

test('a planned shipment of whose goods nothing was kept keeps its line', () => {
  const now = socks.without(1).with(9, { sku: 'SUKKA-1', quantity: 2 });
  const planned = holding(socks, [units(1, 2)], { phase: 'planned', goods: [] });
  expect(after(now, planned)[0]?.lines).toEqual([units(1, 2)]);
});

test('a shipment is read as before where no line is gone', () => {
  const shipment = holding(two, [units(1, 2), units(2, 3)]);
  expect(withReplacedLines(two.order, [shipment])).toEqual([shipment]);
});

test('the known goods of a booked shipment stay when the order loses a line', () => {
  const shipment = holding(two, [units(1, 2), units(2, 3)]);
  const renamed = two.without(2).with(1, { name: 'Villasukat, siniset' });
  expect(goodsOfBooked(renamed.order, shipment).map(({ lineId, name }) => [lineId, name])).toEqual([
    [1, 'Villasukat, siniset'],
    [2, 'Pipo'],
  ]);
  expect(goodsOfBooked(two.order, { ...shipment, lines: [units(1, 2)] }).map(({ lineId }) => lineId)).toEqual([1]);
});

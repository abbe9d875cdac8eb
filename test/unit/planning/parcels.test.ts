import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitIntoParcels, type LineToPack } from '../../../src/planning/parcels.ts';

const rules = { defaultWeightGrams: 1000, parcelWeightLimitGrams: 25_000, lightestGrams: 100 };
const line = (lineId: number, quantity: number, unitWeightGrams: number | null): LineToPack => ({
  lineId,
  sku: `SKU-${lineId}`,
  quantity,
  unitWeightGrams,
});

test.each<[string, LineToPack[], [number, ...[number, number][]][]]>([
  ['one light line is one parcel', [line(1, 2, 300)], [[600, [1, 2]]]],
  ['a parcel never weighs less than the service takes', [line(1, 1, 20)], [[100, [1, 1]]]],
  ['no weights at all: the default weight once', [line(1, 3, null), line(2, 1, 0)], [[1000, [1, 3], [2, 1]]]],
  ['a missing weight next to a known one is nothing', [line(1, 1, 700), line(2, 5, null)], [[700, [1, 1], [2, 5]]]],
  ['exactly the limit fits', [line(1, 5, 5000)], [[25_000, [1, 5]]]],
  [
    'too many units spill over',
    [line(1, 7, 8000)],
    [
      [24_000, [1, 3]],
      [24_000, [1, 3]],
      [8000, [1, 1]],
    ],
  ],
  [
    'a light line fills the room that is left',
    [line(1, 2, 20_000), line(2, 3, 4000)],
    [
      [24_000, [1, 1], [2, 1]],
      [24_000, [1, 1], [2, 1]],
      [4000, [2, 1]],
    ],
  ],
  ['lines without units are left out', [line(1, 0, 300), line(2, 1, 300)], [[300, [2, 1]]]],
])('goods are divided into parcels: %s', (_name, lines, expected) =>
  expect(splitIntoParcels(lines, rules)).toEqual({
    parcels: expected.map(([weightGrams, ...units]) => ({
      weightGrams,
      units: units.map(([lineId, quantity]) => ({ lineId, quantity })),
    })),
  }),
);

test('a unit that no parcel may hold is a problem that names its SKU', () => {
  const result = splitIntoParcels([line(1, 1, 300), line(2, 1, 25_001)], rules);
  expect(result).toMatchObject({ code: 'unit_heavier_than_parcel_limit', field: 'lines' });
  expect(JSON.stringify(result)).toContain('SKU-2');
});
test('the true weight is declared where the service takes any weight', () => {
  expect(splitIntoParcels([line(1, 3, 20)], { ...rules, lightestGrams: 1 })).toMatchObject({
    parcels: [{ weightGrams: 60 }],
  });
});
test('parcels to a pickup point stay within its limits', () => {
  const toPoint = { ...rules, parcelWeightLimitGrams: 35_000, pickupPointLimitGrams: 25_000 };
  expect(splitIntoParcels([line(1, 4, 8_000)], toPoint)).toMatchObject({
    parcels: [{ weightGrams: 24_000 }, { weightGrams: 8_000 }],
  });
  // A unit that is too heavy for it alone is a question, which the rules of the service put.
  expect(splitIntoParcels([line(1, 1, 30_000)], toPoint)).toMatchObject({ parcels: [{ weightGrams: 30_000 }] });
});
test('a shipment with nothing to pack is a problem', () =>
  expect(splitIntoParcels([], rules)).toMatchObject({ code: 'nothing_to_pack' }));
test('a default weight above the limit is a problem of the settings', () =>
  expect(splitIntoParcels([line(1, 1, null)], { ...rules, defaultWeightGrams: 25_001 })).toMatchObject({
    code: 'default_weight_above_parcel_limit',
  }));

test('every unit is placed exactly once, no parcel is above the limit, and no weight is lost', () => {
  const linesArbitrary = fc
    .array(
      fc.record({ quantity: fc.integer({ min: 1, max: 60 }), weight: fc.option(fc.integer({ min: 1, max: 25_000 })) }),
      { minLength: 1, maxLength: 12 },
    )
    .map((all) => all.map(({ quantity, weight }, i) => line(i + 1, quantity, weight)));
  fc.assert(
    fc.property(linesArbitrary, (lines) => {
      const result = splitIntoParcels(lines, rules);
      if (!('parcels' in result)) throw new Error(result.problem);
      const placed = new Map<number, number>();
      for (const { units } of result.parcels) {
        expect(units.length).toBeGreaterThan(0);
        for (const unit of units) placed.set(unit.lineId, (placed.get(unit.lineId) ?? 0) + unit.quantity);
      }
      expect([...placed].sort(([a], [b]) => a - b)).toEqual(lines.map((l) => [l.lineId, l.quantity]));
      for (const { weightGrams, units } of result.parcels) {
        expect(weightGrams).toBeLessThanOrEqual(rules.parcelWeightLimitGrams);
        const inside = units.reduce((sum, u) => sum + u.quantity * (lines[u.lineId - 1]?.unitWeightGrams ?? 0), 0);
        if (lines.some((l) => l.unitWeightGrams)) expect(weightGrams).toBe(Math.max(100, inside));
      }
    }),
  );
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countryCode } from '../../../src/orders/country-code.ts';
import { minorDigits, toMinorUnits } from '../../../src/orders/money.ts';
import { lengthUnit, toGrams, toMillimetres, weightUnit } from '../../../src/orders/units.ts';

describe('money', () => {
  test.each([
    ['109.0000', 'EUR', 10_900],
    ['0.0000', 'EUR', 0],
    ['19.9', 'EUR', 1990],
    ['19', 'EUR', 1900],
    ['1.0050', 'EUR', 101],
    ['1.0049', 'EUR', 100],
    ['-1.0050', 'EUR', -101],
    ['-0.0010', 'EUR', 0],
    ['1500.0000', 'JPY', 1500],
    ['1.2345', 'KWD', 1235],
    ['90071992547409.91', 'EUR', 9_007_199_254_740_991],
    ['90071992547409.92', 'EUR', null],
    ['1,00', 'EUR', null],
    ['1e3', 'EUR', null],
    ['', 'EUR', null],
    [null, 'EUR', null],
  ])('the amount %j %s is %j', (text, currency, minor) => expect(toMinorUnits(text, currency)).toBe(minor));

  test.each([
    ['EUR', 2],
    ['JPY', 0],
    ['ISK', 0],
    ['KWD', 3],
    ['???', 2],
    ['', 2],
  ])('the currency %s has %d decimals', (currency, digits) => expect(minorDigits(currency)).toBe(digits));

  test('an amount with cents is read to the cent', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 12 }), (minor) => {
        const text = `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}00`;
        expect(toMinorUnits(text, 'EUR')).toBe(minor);
      }),
    ));
});

describe('weights', () => {
  test.each([
    ['KGS', 'kg'],
    ['kilograms', 'kg'],
    ['Grams', 'g'],
    ['g', 'g'],
    ['LBS', 'lb'],
    ['Pounds', 'lb'],
    ['Ounces', 'oz'],
    ['oz', 'oz'],
    ['Tonnes', 't'],
    ['Gallons', null],
    ['', null],
    [null, null],
  ])('the number %j is %j', (text, unit) => expect(weightUnit(text)).toBe(unit));

  test.each([
    ['1.2500', 'kg', 1250],
    ['0.0001', 'kg', 1],
    ['350', 'g', 350],
    ['350.5', 'g', 351],
    ['1.0000', 'lb', 454],
    ['16.0000', 'oz', 454],
    ['0.0200', 't', 20_000],
    ['0.0000', 'kg', null],
    ['-1', 'kg', null],
    ['heavy', 'kg', null],
    [null, 'kg', null],
    ['1', null, null],
  ] as const)('the weight %j in %j is %j g', (text, unit, grams) => expect(toGrams(text, unit)).toBe(grams));
});

describe('lengths', () => {
  test.each([
    ['60.0000', 'Centimeters', 600],
    ['60.01', 'cm', 601],
    ['0.5', 'Centimetres', 5],
    [' 60 ', ' CM ', 600],
    ['60.', 'in ', 1_524],
    ['1', 'cmm', null],
    ['1', 'a cm', null],
    ['12345678', 'cm', null],
    ['6x', 'cm', null],
    ['23.6220', 'Inches', 600],
    ['1', 'inch', 26],
    ['0.0000', 'Centimeters', null],
    ['', 'Centimeters', null],
    ['-3', 'Centimeters', null],
    ['60', 'Furlongs', null],
    ['60', null, null],
  ])('the length %s in %s is %s mm', (text, unit, millimetres) => {
    expect(toMillimetres(text, lengthUnit(unit))).toBe(millimetres);
  });
});

describe('countries', () => {
  test.each([
    ['FI', 'Finland', 'FI'],
    ['fi', null, 'FI'],
    [null, 'Finland', 'FI'],
    [null, 'suomi', 'FI'],
    [null, 'Sverige', 'SE'],
    ['', 'Åland Islands', 'AX'],
    [null, 'Ahvenanmaa', 'AX'],
    [null, 'United Kingdom', 'GB'],
    [null, 'Vietnam', 'VN'],
    [null, 'EE', 'EE'],
    [null, 'Atlantis', null],
    [null, null, null],
  ])('the country %j %j is %j', (code, name, expected) => expect(countryCode(code, name)).toBe(expected));
});

import { expect, test } from 'vitest';
import { readPostcode } from '../../../src/booking/postcode.ts';

test.each([
  ['00100', 'FI', '00100', 'FI'],
  ['FI-00100', 'FI', '00100', 'FI'],
  ['fi 00100', 'FI', '00100', 'FI'],
  [' 00 100 ', 'FI', '00100', 'FI'],
  ['22100', 'FI', '22100', 'AX'],
  ['AX-22100', 'AX', '22100', 'AX'],
  ['10111', 'EE', '10111', 'EE'],
  ['1010', 'LV', 'LV-1010', 'LV'],
  ['lv-1010', 'LV', 'LV-1010', 'LV'],
  ['LT01100', 'LT', 'LT-01100', 'LT'],
  ['11122', 'SE', '111 22', 'SE'],
  ['SE-111 22', 'SE', '111 22', 'SE'],
  ['sw1a  1aa', 'GB', 'SW1A 1AA', 'GB'],
  ['22100', 'DE', '22100', 'DE'],
])('%j in %s is %s in %s', (text, country, postcode, place) =>
  expect(readPostcode(text, country)).toEqual({ postcode, country: place }),
);

test.each([
  [null, 'FI', 'postcode_missing'],
  ['  ', 'DE', 'postcode_missing'],
  ['0010', 'FI', 'postcode_invalid'],
  ['001000', 'FI', 'postcode_invalid'],
  ['SE-00100', 'FI', 'postcode_invalid'],
  ['123', 'LV', 'postcode_invalid'],
  ['00100', 'AX', 'postcode_country_mismatch'],
  ['12345678901', 'US', 'postcode_invalid'],
])('%j in %s is refused: %s', (text, country, code) => expect(readPostcode(text, country)).toMatchObject({ code }));

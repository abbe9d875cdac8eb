import { expect, test } from 'vitest';
import { isMobile, readPhone } from '../../../src/planning/phone.ts';

test.each<[string | null, string | null, string | null, boolean?]>([
  ['040 123 4567', 'FI', '+358401234567', true],
  ['0401234567', 'AX', '+358401234567', true],
  ['+358 (0)40-123 4567', 'FI', '+358401234567', true],
  ['00358 40 1234567', 'FI', '+358401234567', true],
  ['+358401234567', null, '+358401234567', true],
  ['(09) 123 4567', 'FI', '+35891234567', false],
  ['070-174 06 05', 'SE', '+46701740605', true],
  ['+46 70 174 06 05', 'FI', '+46701740605', true],
  ['5123 4567', 'EE', '+37251234567', true],
  ['0401234567', null, null],
  ['0401234567', 'XX', null],
  ['12', 'FI', null],
  ['call me', 'FI', null],
  ['', 'FI', null],
  [null, 'FI', null],
])('the number %j in %s is %s', (text, country, e164, mobile) =>
  expect(readPhone(text, country)).toEqual(e164 === null ? null : { e164, mobile }),
);

test('a landline takes no text messages', () => {
  expect(isMobile('+358401234567')).toBe(true);
  expect(isMobile('+35891234567')).toBe(false);
});

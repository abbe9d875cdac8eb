import { expect, test } from 'vitest';
import { parseCommandBody } from '../../src/commands/body.ts';
import { orderSearch } from '../../src/http/api/orders/schemas.ts';
import { parseRequest } from '../../src/http/api/frame/request.ts';
import { parseSettings } from '../../src/stores/connected-stores.ts';
import { visibleText, visibleTexts } from '../../src/visible-text.ts';

test.each([
  ['a zero-width space in a postcode', '00\u200b100', '00100'],
  ['a direction mark before a phone number', '\u200e+358 40 123 4567', '+358 40 123 4567'],
  ['embedding marks around one', '\u202a+358401234567\u202c', '+358401234567'],
  ['isolating marks', '\u2066Aino\u2069', 'Aino'],
  ['a byte order mark', '\ufeff001003230', '001003230'],
  ['a soft hyphen', 'Aino\u00adla', 'Ainola'],
  ['a word joiner', 'Aino\u2060la', 'Ainola'],
  ['a Hangul filler', '\u3164', ''],
  ['a control character', 'Ai\u0007no\u0090', 'Aino'],
  ['an old line end between words', 'Katu 1\u000bHelsinki', 'Katu 1 Helsinki'],
  ['half of a surrogate pair', 'Aino \ud83d', 'Aino \ufffd'],
  ['letters that are not composed', 'A\u0308ija\u0308la\u0308', 'Äijälä'],
  ['Cyrillic letters that are not composed', 'Андреи\u0306', 'Андрей'],
])('a text is cleaned of what a reader cannot see: %s', (_name, given, seen) => expect(visibleText(given)).toBe(seen));

test.each(['Äijälä', 'Андрей', '北京', 'Aino 😀', 'rivi 1\nrivi 2\tja 3\r\n', ' Aino '])(
  'a text that a reader sees is kept: %j',
  (text) => expect(visibleText(text)).toBe(text),
);

test('every text in a JSON value is cleaned, names of members too', () => {
  const given = { 'Posti\u200bpaketti': ['00\u200b100', { n: 1, none: null }] };
  expect(visibleTexts(given)).toEqual({ Postipaketti: ['00100', { n: 1, none: null }] });
  expect(visibleTexts(JSON.parse('{"__proto__": {"a": "\u200b"}}'))).toEqual(JSON.parse('{"__proto__": {"a": ""}}'));
});

test('every text that people type or paste is cleaned: commands, searches, settings', () => {
  const change = { address: { phone: '\u200e+358401234567', city: 'A\u0308ijala\u0308' } };
  expect(parseCommandBody('change', change)).toMatchObject({ address: { phone: '+358401234567', city: 'Äijalä' } });
  expect(parseRequest(orderSearch, { recipient: 'A\u0308ija\u200bla' }).recipient).toBe('Äijala');
  const settings = parseSettings('abc123', { services: { 'Posti\u200bpaketti': { service: 'PO2103' } } });
  expect(Object.keys(settings.services)).toEqual(['Postipaketti']);
});

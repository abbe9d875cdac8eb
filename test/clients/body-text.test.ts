import { expect, test } from 'vitest';
import { parseJson } from '../../src/http-client/body-text.ts';

test.each([
  ['a NUL is left out', '{"name": "Ai\\u0000no"}', { name: 'Aino' }],
  ['half a surrogate pair is marked', '{"name": "Aino \\ud83d"}', { name: 'Aino \ufffd' }],
  ['a whole pair is a character', '{"name": "Aino \\ud83d\\ude00"}', { name: 'Aino 😀' }],
  ['however deep', '[{"a": ["\\u0000x"]}]', [{ a: ['x'] }]],
  ['words about it are words', '{"a": "\\\\u0000"}', { a: '\\u0000' }],
  ['what nobody sees is left out', '{"phone": "\u200e+358 40\u200b1"}', { phone: '+358 401' }],
  ['also as JSON spells it', '{"phone": "\\u200e+358 40\\u200B1"}', { phone: '+358 401' }],
  ['letters are composed', '{"name": "A\u0308ija\\u0308la\\u00e4"}', { name: 'Äijälaä' }],
  ['letters of other alphabets stay', '{"name": "\\u5317\\u4eac \\u0410"}', { name: '北京 А' }],
  ['all else is as it was', '{"a": [1, null, "ä"]}', { a: [1, null, 'ä'] }],
])('the JSON of another system is cleaned when it is read: %s', (_name, text, value) =>
  expect(parseJson(text)).toEqual(value),
);

test('a text that is no JSON is read as undefined, and one that is nested too deep throws no error', () => {
  expect(parseJson('{"a": ')).toBeUndefined();
  expect(() => parseJson(`${'['.repeat(200_000)}"\\u0000"${']'.repeat(200_000)}`)).not.toThrow();
});

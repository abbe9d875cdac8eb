import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelText, wrap } from '../../../src/booking/label-text.ts';

test.each([
  ['Łukasz Żółć & Söner', true],
  ["D'Artagnan-Ñuñez, c/o No. 7 ½ §", true],
  ['Їжак Шевченко', true],
  ['Nguyễn', true],
  ['Acme® Oy™', true],
  ['Γιώργος', false],
  ['محمد', false],
  ['עברית', false],
  ['東京', false],
  ['ｱｲﾉ', false],
  ['Katu ٣', false],
  ['𝓐ino', false],
  ['\ue000', false],
])('the text %s can be printed: %s', (text, printable) => expect(labelText(text)).toMatchObject({ text, printable }));

test.each([
  [null, null],
  [' \t\n ', null],
  ['\u200b\u00ad', null],
  ['Ha\u0308meen  katu', 'Hämeen katu'],
  ['👍🏽 Aino 1️⃣', 'Aino 1'],
])('%j is printed as %j', (raw, text) => expect(labelText(raw).text).toBe(text));

test.each([
  ['', []],
  ['aa bb', ['aa bb']],
  ['aaaa bb', ['aaaa', 'bb']],
  ['aaaaaaa', ['aaaaa', 'aa']],
  ['aa-bbbb', ['aa-', 'bbbb']],
  ['aaaaa', ['aaaaa']],
  ['aaaa-', ['aaaa-']],
  ['aaaa-b', ['aaaa-', 'b']],
  ['-aaaaaa', ['-aaaa', 'aa']],
  ['aa bb cc', ['aa bb', 'cc']],
  ['aaaaaaaaaa', ['aaaaa', 'aaaaa']],
])('%j wraps at five characters to %j', (text, lines) => expect(wrap(text, 5)).toEqual(lines));

test('wrapping loses no character and no line is too long', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), fc.integer({ min: 1, max: 12 }), (words, width) => {
      const lines = wrap(words.join(' '), width);
      expect(lines.join('').replaceAll(' ', '')).toBe(words.join(''));
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    }),
  );
});

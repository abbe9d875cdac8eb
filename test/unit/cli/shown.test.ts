import { expect, test } from 'vitest';
import { shown, shownJson } from '../../../src/cli/shown.ts';

test.each([
  ['an escape sequence', 'Posti \u001b[31mred\u001b[0m', 'Posti \\u001b[31mred\\u001b[0m'],
  ['the 8-bit form of one', '\u009b2J', '\\u009b2J'],
  ['a line end that would look like a line of ours', 'first\nDone: cancel', 'first\\u000aDone: cancel'],
  ['a line end of Unicode', 'a\u2028b', 'a\\u2028b'],
  ['a turned direction of writing', 'kuja \u202e1234', 'kuja \\u202e1234'],
  ['a delete and a half of a pair', '\u007f\ud800', '\\u007f\\ud800'],
])('text with %s is shown without being interpreted by the terminal', (_name, text, expected) =>
  expect(shown(text)).toBe(expected),
);

test('ordinary text is shown unchanged', () => {
  for (const text of ['Äijälä, Öljytie 3', 'Ωμέγα', 'می‌خواهم', '👩‍🚀', 'e\u0301']) expect(shown(text)).toBe(text);
});

test('JSON stays JSON, on lines of its own', () => {
  const value = { method: '\u001b[2J\u009b\u202e', list: ['a', 'b\n'] };
  const text = shownJson(value);
  expect(JSON.parse(text)).toEqual(value);
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\u202e/u);
  expect(text.split('\n').length).toBeGreaterThan(3);
});

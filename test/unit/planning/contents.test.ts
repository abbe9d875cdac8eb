import { expect, test } from 'vitest';
import { contentsLength } from '../../../src/carriers/limits.ts';
import { contentsOf } from '../../../src/planning/contents.ts';

const ofProducts = { contents: { from: 'products', words: 'Merchandise' } } as const;

test('names of products that just fit are sent whole, and one letter more is cut', () => {
  const fits = 'a'.repeat(contentsLength);
  expect(contentsOf([fits], ofProducts)).toBe(fits);
  expect(contentsOf([`${fits}b`], ofProducts)).toBe(`${'a'.repeat(contentsLength - 1)}…`);
});

test('each name is sent once, and the general words where there is none', () => {
  expect(contentsOf([' Cup', 'Cup ', 'Spoon'], ofProducts)).toBe('Cup, Spoon');
  expect(contentsOf([' '], ofProducts)).toBe('Merchandise');
});

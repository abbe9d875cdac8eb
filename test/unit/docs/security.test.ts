import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { whatIsMissing } from './proof.ts';

const page = readFileSync(new URL('../../../docs/security.md', import.meta.url), 'utf8');

/** A claim is a bold sentence at the beginning of a line; the list below it names the tests that would fail. */
const claims = page
  .split(/^(?=\*\*|#)/m)
  .filter((text) => text.startsWith('**'))
  .map((text) => ({
    name: /^\*\*(.+?)\*\*/.exec(text)?.[1] ?? text,
    proofs: [...text.matchAll(/^- (`test.+)$/gm)].map(([, proof]) => proof!),
  }));

/** Who might want something, each with a chapter. */
const who = [...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title!);

describe('what is claimed of security', () => {
  test('the claims of security cover every kind of attacker and failure', () => {
    const wanted = [
      'internet',
      'shopper',
      'staff',
      'token',
      'hostile shop',
      'hostile carrier',
      'backup',
      'logs',
      'engine',
    ];
    expect(wanted.filter((word) => !who.some((title) => title.toLowerCase().includes(word)))).toEqual([]);
    expect(claims.length).toBeGreaterThan(25);
  });

  test.each(claims)('a claim of security has a test that would fail if it were false: $name', ({ proofs }) => {
    expect(proofs).not.toEqual([]);
    expect(proofs.map(whatIsMissing).filter((missing) => missing !== undefined)).toEqual([]);
  });

  test('every section of security says what is not defended', () => {
    const [, ...chapters] = page.split(/^## /m);
    const silent = chapters.filter((text) => !/^_Not defended:_/m.test(text));
    expect(silent.map((text) => text.split('\n')[0])).toEqual(['What no test of ours shows']);
  });
});

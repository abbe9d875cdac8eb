import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { whatIsMissing } from './proof.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = readFileSync(join(root, 'docs/situations.md'), 'utf8');

/** A situation is a bold sentence with its right end; the list below it says where it is shown. */
const situations = page
  .split(/^(?=\*\*)/m)
  .slice(1)
  .map((text) => ({
    name: /^\*\*(.+?)\*\*/.exec(text)?.[1] ?? text,
    proofs: [...text.matchAll(/^- (.+)$/gm)].map(([, proof]) => proof!),
  }));

describe('the situations of an order', () => {
  test('the page of situations lists all of them', () => expect(situations.length).toBeGreaterThan(35));

  test.each(situations)('the situation is proved by tests that exist: $name', ({ proofs }) => {
    expect(proofs).not.toEqual([]);
    for (const proof of proofs) expect(whatIsMissing(proof)).toBeUndefined();
  });
});

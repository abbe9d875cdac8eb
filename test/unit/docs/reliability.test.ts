import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { whatIsMissing } from './proof.ts';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const page = read('docs/reliability.md');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** A promise is a bold sentence at the beginning of a line; the list below it says what would fail if it were false. */
const promises = page
  .split(/^(?=\*\*|#)/m)
  .filter((text) => text.startsWith('**'))
  .map((text) => ({
    name: /^\*\*(.+?)\*\*/.exec(text)?.[1] ?? text,
    proofs: [...text.matchAll(/^- (`.+)$/gm)].map(([, proof]) => proof!),
  }));

describe('what is promised', () => {
  test('the promises include all that must never happen', () => expect(promises.length).toBeGreaterThan(7));

  test.each(promises)('the promise is proved by tests that exist: $name', ({ proofs }) => {
    expect(proofs).not.toEqual([]);
    expect(proofs.map(whatIsNotThere).filter((missing) => missing !== undefined)).toEqual([]);
  });
});

/** A command of package.json with what of it to look at, or a named test. */
function whatIsNotThere(proof: string): string | undefined {
  const command = /^`npm run ([\w-]+)/.exec(proof)?.[1];
  if (command === undefined) return whatIsMissing(proof);
  return scripts[command] === undefined ? `There is no command "${command}".` : undefined;
}

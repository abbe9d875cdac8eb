import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { findScenario } from '../../../demo/scenarios/all.ts';

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
  test('are all of them', () => expect(situations.length).toBeGreaterThan(35));

  test.each(situations)('$name: is shown by what exists', ({ proofs }) => {
    expect(proofs).not.toEqual([]);
    for (const proof of proofs) expect(whatIsMissing(proof)).toBeUndefined();
  });
});

/** Of a line of the list: a scenario of the demo, or a file with a test of this name, or with a row of a test's table. */
function whatIsMissing(proof: string): string | undefined {
  const scenario = /^demo: `(.+)`$/.exec(proof)?.[1];
  if (scenario !== undefined) return findScenario(scenario) ? undefined : `There is no scenario "${scenario}".`;
  const [, file, name] = /^`(test\/.+\.test\.ts)`: (.+)$/.exec(proof) ?? [];
  if (file === undefined || name === undefined) return `"${proof}" names neither a scenario nor a test.`;
  if (!existsSync(join(root, file))) return `There is no file ${file}.`;
  const source = readFileSync(join(root, file), 'utf8');
  const isThere = ["'", '"', '`'].some((quote) => source.includes(`${quote}${name}${quote}`));
  return isThere ? undefined : `${file} has no test or row "${name}".`;
}

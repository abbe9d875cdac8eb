import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findScenario } from '../../../harness/scenarios/all.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/**
 * What a line that names a proof names and is not there: a scenario of the demo, or a file with a test of this name, or with
 * a row of a test's table. Undefined where all is there.
 */
export function whatIsMissing(proof: string): string | undefined {
  const scenario = /^demo: `(.+)`$/.exec(proof)?.[1];
  if (scenario !== undefined) return findScenario(scenario) ? undefined : `There is no scenario "${scenario}".`;
  const [, file, name] = /^`(test\/.+\.test\.ts)`: (.+)$/.exec(proof) ?? [];
  if (file === undefined || name === undefined) return `"${proof}" names neither a scenario nor a test.`;
  if (!existsSync(join(root, file))) return `There is no file ${file}.`;
  const source = readFileSync(join(root, file), 'utf8');
  const isThere = ["'", '"', '`'].some((quote) => source.includes(`${quote}${name}${quote}`));
  return isThere ? undefined : `${file} has no test or row "${name}".`;
}

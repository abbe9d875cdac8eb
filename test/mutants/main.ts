/**
 * `npm run mutants -- [--only <part>] [--files <glob>]`: puts small mistakes into the code, one at a time, and says which no test notices.
 * What was found is kept in `.mutants/<part>.json`: a run that is interrupted goes on there, and unchanged code is not tried again.
 */
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { parts } from './parts.ts';

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, files: { type: 'string', multiple: true } },
});
const chosen = values.only ?? Object.keys(parts);
mkdirSync('.mutants', { recursive: true });
for (const name of chosen) {
  const part = parts[name];
  if (!part) throw new Error(`There is no part "${name}". There are: ${Object.keys(parts).join(', ')}.`);
  process.env['MUTANTS_TESTS'] = JSON.stringify(part.tests);
  process.env['MUTANTS_ENGINES'] = String(part.needsEngines);
  await new Stryker({
    mutate: [...(values.files ?? part.mutate)],
    ...{
      plugins: ['@stryker-mutator/vitest-runner'],
      testRunner: 'vitest',
      vitest: { configFile: 'test/mutants/vitest.config.ts', related: false },
    },
    // One at a time: engines and cores are shared.
    ...{ concurrency: 1, coverageAnalysis: 'perTest', timeoutMS: 20_000, dryRunTimeoutMinutes: 10 },
    ...{ incremental: true, incrementalFile: `.mutants/${name}.json`, tempDirName: '.mutants/sandbox' },
    ...{ reporters: ['clear-text', 'progress'], clearTextReporter: { reportTests: false, allowColor: false } },
    ...{ ignorePatterns: ['.lahetti', 'dist', 'bench/results', '.mutants'], disableTypeChecks: false },
  }).runMutationTest();
}

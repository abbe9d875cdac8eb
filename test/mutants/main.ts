/**
 * `npm run mutants -- [--only <part>] [--files <glob>]`: puts small mistakes into the code, one at a time, and says which no test notices.
 * One source file after the other; what was found is kept in `.mutants/<part>/`. A run that is interrupted begins again with the
 * file that it was at, as Stryker writes down what it found only at its end. Code and tests that have not changed are not tried again.
 */
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { glob } from 'tinyglobby';
import { parts, type Part } from './parts.ts';
import { scoreOf } from './score.ts';

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, files: { type: 'string', multiple: true } },
});

async function mistakesIn(file: string, part: string, { tests, needsEngines }: Part) {
  process.env['MUTANTS_TESTS'] = JSON.stringify(tests);
  process.env['MUTANTS_ENGINES'] = String(needsEngines);
  return new Stryker({
    mutate: [file],
    ...{
      plugins: ['@stryker-mutator/vitest-runner'],
      testRunner: 'vitest',
      vitest: { configFile: 'test/mutants/vitest.config.ts', related: false },
    },
    // One at a time: engines and cores are shared.
    ...{ concurrency: 1, coverageAnalysis: 'perTest', timeoutMS: 20_000, dryRunTimeoutMinutes: 10 },
    ...{ incremental: true, incrementalFile: `.mutants/${part}/${file.replaceAll('/', '-')}.json` },
    ...{ tempDirName: '.mutants/sandbox', disableTypeChecks: false },
    ...{ reporters: ['clear-text'], clearTextReporter: { reportTests: false, allowColor: false } },
    ...{ ignorePatterns: ['.lahetti', 'dist', 'bench/results', '.mutants'] },
  }).runMutationTest();
}

for (const name of values.only ?? Object.keys(parts)) {
  const part = parts[name];
  if (!part) throw new Error(`There is no part "${name}". There are: ${Object.keys(parts).join(', ')}.`);
  const chosen = values.files === undefined ? undefined : new Set(await glob(values.files));
  const files = (await glob([...part.mutate])).filter((file) => chosen?.has(file) ?? true).sort();
  const results = [];
  for (const file of files) {
    const found = await mistakesIn(file, name, part);
    console.log(`${file}: ${scoreOf(found)}`);
    results.push(...found);
  }
  console.log(`Part ${name}: ${scoreOf(results)}`);
}

/**
 * `npm run mutants -- [--only <part>] [--files <glob>] [--sample <n>] [--seed <k>] [--all]`: puts small mistakes into the code, one at
 * a time, and says which no test notices. There are thousands; without `--all` a seeded sample of each part is tried: by default 60
 * of them, and 20 where PostgreSQL is asked at each. Ends with 1 where a mistake went through that harmless.ts does not explain.
 */
import { rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { LogLevel } from '@stryker-mutator/api/core';
import { Stryker } from '@stryker-mutator/core';
import { glob } from 'tinyglobby';
import startEngines from '../support/global-setup.ts';
import { wholeNumber } from '../support/whole-number.ts';
import { isHarmless } from './harmless.ts';
import { mistakesIn, placeOf, type Mistake } from './list.ts';
import { parts, type Part } from './parts.ts';
import { sampleOf } from './sample.ts';
import { scoreOf, type Tried } from './score.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    files: { type: 'string', multiple: true },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
  },
});
const asked = values.sample === undefined ? undefined : wholeNumber('--sample', values.sample, 1);
const seed = wholeNumber('--seed', values.seed, 0);
const names = values.only ?? Object.keys(parts);
for (const name of names) {
  if (!parts[name]) throw new Error(`There is no part "${name}". There are: ${Object.keys(parts).join(', ')}.`);
}

/** A folder per process: two runs beside each other do not empty each other's. */
const folder = `.mutants/${process.pid}`;
// Also where Stryker ends the process, as it does when it is interrupted.
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

async function tried(sample: readonly Mistake[], { tests, needsEngines }: Part): Promise<Tried[]> {
  const sampleFile = resolve(folder, 'sample.json');
  await mkdir(folder, { recursive: true });
  await writeFile(sampleFile, JSON.stringify(sample.map(({ file, place }) => `${file} ${place}`)));
  process.env['MUTANTS_SAMPLE'] = sampleFile;
  process.env['MUTANTS_TESTS'] = JSON.stringify(tests);
  process.env['MUTANTS_ENGINES'] = needsEngines ? 'given' : 'false';
  const results = await new Stryker({
    mutate: [...new Set(sample.map(({ file }) => file))],
    ...{
      plugins: ['@stryker-mutator/vitest-runner', resolve(import.meta.dirname, 'only-the-sample.ts')],
      testRunner: 'vitest',
      vitest: { configFile: 'test/mutants/vitest.config.ts', related: false },
      checkers: ['only-the-sample'],
      checkerNodeArgs: ['--import', 'tsx'],
      testRunnerNodeArgs: ['--import', 'tsx'],
    },
    // What is computed once, when a file is loaded, is tried against all tests of a part: too long where they need PostgreSQL.
    ignoreStatic: needsEngines && !values.all,
    // One at a time: engines and cores are shared.
    ...{ concurrency: 1, coverageAnalysis: 'perTest', timeoutMS: 20_000, dryRunTimeoutMinutes: 10 },
    ...{ tempDirName: `${folder}/sandbox`, cleanTempDir: 'always', disableTypeChecks: false },
    ...{
      reporters: ['progress-append-only'],
      allowConsoleColors: false,
      logLevel: 'warn' as LogLevel,
      warnings: false,
    },
    ...{ ignorePatterns: ['.lahetti', 'dist', 'bench/results', '.mutants'] },
  }).runMutationTest();
  const statuses = new Map(
    results.map((result) => [`${relative(process.cwd(), result.fileName)} ${placeOf(result, 1)}`, result.status]),
  );
  return sample.map((mistake) => {
    const status = statuses.get(`${mistake.file} ${mistake.place}`);
    if (status === undefined) throw new Error(`${mistake.file}:${mistake.line}: nothing is known of this mistake.`);
    return { ...mistake, status, harmless: isHarmless(mistake) };
  });
}

/** Engines are started once: a run that Stryker breaks off would leave its own behind. */
async function withEngines<T>(needed: boolean, work: () => Promise<T>): Promise<T> {
  if (!needed) return work();
  const stop = await startEngines({
    provide: (key, value) => {
      process.env[key === 'temporalAddress' ? 'MUTANTS_TEMPORAL' : 'MUTANTS_POSTGRES'] = String(value);
    },
  });
  return work().finally(stop);
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').slice(0, 150);

async function tryPart(name: string, part: Part): Promise<number> {
  const chosen = values.files === undefined ? undefined : new Set(await glob(values.files));
  const files = (await glob([...part.mutate])).filter((file) => chosen?.has(file) ?? true).sort();
  const all = (await Promise.all(files.map(mistakesIn))).flat();
  const size = asked ?? (part.needsEngines ? 20 : 60);
  const sample = sampleOf(all, values.all ? Infinity : size, seed);
  if (sample.length === 0) return 0;
  const startedAt = Date.now();
  const results = await tried(sample, part);
  const open = results.filter(
    ({ status, harmless }) => (status === 'Survived' || status === 'NoCoverage') && !harmless,
  );
  for (const { file, line, mutator, from, to, status } of open) {
    console.log(`${file}:${line} ${mutator}${status === 'NoCoverage' ? ' (no test comes here)' : ''}`);
    console.log(`  - ${oneLine(from)}\n  + ${oneLine(to)}`);
  }
  const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1);
  console.log(`Part ${name}: ${scoreOf(results)}; ${sample.length} of ${all.length}, seed ${seed}, ${minutes} minutes`);
  return open.length;
}

let open = 0;
await withEngines(
  names.some((name) => parts[name]!.needsEngines),
  async () => {
    for (const name of names) {
      // Its tests failed without any mistake: the other parts can be tried all the same.
      open += await tryPart(name, parts[name]!).catch((error: unknown) => {
        console.log(`Part ${name} could not be tried: ${error instanceof Error ? error.message : String(error)}`);
        return 1;
      });
    }
  },
);
process.exitCode = open > 0 ? 1 : 0;

/**
 * `npm run mutants:sql -- [<words of a file>]`: puts each mistake of sql.ts into a copy of the code, and says which no test notices.
 * A run that is killed leaves the code as it was; its copy, and perhaps its PostgreSQL, have to be cleared away by hand.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import startEngines from '../support/global-setup.ts';
import { copyOfTheCode } from './copy.ts';
import { sqlMutants, type SqlMutant } from './sql.ts';
import { withMistake } from './with-mistake.ts';

interface TestReport {
  readonly numFailedTests: number;
  readonly success: boolean;
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

const { folder, remove } = copyOfTheCode(resolve(import.meta.dirname, '../..'));
const given: Record<string, unknown> = {};
const stopEngines = await startEngines({ provide: (key, value) => (given[key] = value) });

/** The first test that fails; undefined where all succeed. A run without a result is an error: nothing was noticed by it. */
function firstFailure(tests: readonly string[], engines: 'given' | 'true'): string | undefined {
  const report = join(folder, 'mutant-report.json');
  rmSync(report, { force: true });
  const { status } = spawnSync(
    'npx',
    [
      ...['vitest', 'run', '--config', 'test/mutants/vitest.config.ts', '--bail=1'],
      ...['--reporter=json', `--outputFile=${report}`],
    ],
    {
      cwd: folder,
      stdio: 'ignore',
      env: {
        ...process.env,
        MUTANTS_TESTS: JSON.stringify(tests),
        MUTANTS_ENGINES: engines,
        MUTANTS_POSTGRES: String(given['postgresTemplateUrl']),
        MUTANTS_TEMPORAL: String(given['temporalAddress']),
      },
    },
  );
  if (status === 0) return undefined;
  const failed = (JSON.parse(readFileSync(report, 'utf8')) as TestReport).testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find((test) => test.status === 'failed');
  if (!failed) throw new Error(`${tests.join(' ')} could not be run: no test failed, and vitest ended with ${status}.`);
  // With the reason: a test that only ran out of time on a busy machine has noticed nothing.
  return `"${failed.fullName}": ${failed.failureMessages[0]?.split('\n')[0] ?? ''}`;
}

function noticedBy({ file, from, to, tests }: SqlMutant): string | undefined {
  const path = join(folder, file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(path, withMistake(source, { file, from, to }));
  try {
    // The schema of engines that were given is the right one.
    return firstFailure(tests, file.endsWith('.sql') ? 'true' : 'given');
  } finally {
    writeFileSync(path, source);
  }
}

const words = process.argv.slice(2);
const chosen = sqlMutants.filter(({ file }) => words.length === 0 || words.some((word) => file.includes(word)));
let survivors = 0;
try {
  for (const mutant of chosen) {
    const test = noticedBy(mutant);
    if (test === undefined) survivors++;
    const found = test === undefined ? 'NOT NOTICED' : `noticed by ${test}`;
    console.log(`${mutant.file}: ${mutant.from} → ${mutant.to}\n  ${found}`);
  }
} finally {
  await stopEngines();
  remove();
}
console.log(`${chosen.length} mistakes, ${survivors} of them not noticed.`);
process.exitCode = survivors > 0 ? 1 : 0;

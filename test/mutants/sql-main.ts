/**
 * `npm run mutants:sql -- [--trusted] [<words of a file or condition>]`: puts each mistake of sql.ts into a copy of the code, and
 * says which no test notices. Fails where one is not noticed and sql.ts does not say why it is harmless. `--trusted`: the tests
 * were seen to succeed as the code is, and are not run without a mistake first.
 * A run that is killed leaves the code as it was; its copy, and perhaps its PostgreSQL, have to be cleared away by hand.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import startEngines from '../support/global-setup.ts';
import { copyOfTheCode } from './copy.ts';
import { scoreOf } from './score.ts';
import { sqlMutants, type SqlMutant } from './sql.ts';
import { testsIn, type TestRun } from './test-run.ts';
import { withMistake } from './with-mistake.ts';

const { positionals: words, values } = parseArgs({
  options: { trusted: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const chosen = sqlMutants.filter(
  ({ file, from }) => words.length === 0 || words.some((word) => file.includes(word) || from.includes(word)),
);
/** A mistake in the schema needs engines of its own: those that are given have the right one. */
const isInSchema = ({ file }: SqlMutant): boolean => file.endsWith('.sql');

const { folder, remove } = copyOfTheCode(resolve(import.meta.dirname, '../..'));
process.env['MUTANTS_TESTS'] = JSON.stringify(['test/**/*.test.ts']);

/** What the tests of a mistake come to with it. */
async function tried(mutant: SqlMutant, given: Tests): Promise<TestRun> {
  const path = join(folder, mutant.file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(path, withMistake(source, mutant));
  try {
    const first = await runOnce();
    // One that only ran out of time on a busy machine has noticed nothing: once more.
    return first.end === 'ran_out_of_time' ? await runOnce() : first;
  } finally {
    writeFileSync(path, source);
    given.changed.add(mutant.file);
  }

  async function runOnce(): Promise<TestRun> {
    if (!isInSchema(mutant)) return given.run(mutant.tests, [mutant.file, ...given.changed]);
    process.env['MUTANTS_ENGINES'] = 'true';
    const own = await testsIn(folder);
    process.env['MUTANTS_ENGINES'] = 'given';
    return own.run(mutant.tests).finally(own.close);
  }
}
type Tests = Awaited<ReturnType<typeof testsIn>> & { readonly changed: Set<string> };

const results: { readonly status: 'Killed' | 'Survived'; readonly harmless: boolean }[] = [];
const stopEngines = await startEngines({
  provide: (key, value) =>
    void (process.env[key === 'temporalAddress' ? 'MUTANTS_TEMPORAL' : 'MUTANTS_POSTGRES'] = String(value)),
});
process.env['MUTANTS_ENGINES'] = 'given';
const tests: Tests = { ...(await testsIn(folder)), changed: new Set() };
try {
  // Whatever fails without a mistake would be taken for a test that notices every one.
  const asItIs = values.trusted ? undefined : await tests.run([...new Set(chosen.flatMap((mutant) => mutant.tests))]);
  if (asItIs && asItIs.end !== 'succeeded') throw new Error(`The tests fail without a mistake: ${asItIs.why}`);
  for (const mutant of chosen) {
    const run = await tried(mutant, tests);
    const noticed = run.end === 'failed';
    results.push({ status: noticed ? 'Killed' : 'Survived', harmless: mutant.harmless !== undefined });
    const found = noticed
      ? `noticed by ${run.why}${mutant.harmless === undefined ? '' : ' – although it is said to be harmless'}`
      : `NOT NOTICED${run.end === 'succeeded' ? '' : `: ${run.why}`}${mutant.harmless ? ` – harmless: ${mutant.harmless}` : ''}`;
    console.log(`${mutant.file}: ${mutant.from} → ${mutant.to}\n  ${found}`);
  }
} finally {
  await tests.close();
  await stopEngines();
  remove();
}
console.log(scoreOf(results));
process.exitCode = results.some(({ status, harmless }) => status === 'Survived' && !harmless) ? 1 : 0;

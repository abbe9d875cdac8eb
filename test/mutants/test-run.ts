import { join } from 'node:path';
import { createVitest, type TestModule } from 'vitest/node';

/** The first test that failed is named with its reason, or what kept the tests from being run. */
export type TestRun =
  { readonly end: 'succeeded' } | { readonly end: 'failed' | 'ran_out_of_time' | 'not_run'; readonly why: string };

/** Vitest's own words for a test or hook that was too slow. */
const outOfTime = /timed out in \d+ ?ms/;
/** PostgreSQL cannot read the statement: the mistake is none that somebody could make. */
const unreadable = /syntax error at|could not determine data type|operator does not exist|bind message supplies/;

/**
 * Runs tests in a copy of the code, until the first that fails. One Vitest for all runs: what it has compiled is used again,
 * but for the file that was changed.
 */
export async function testsIn(folder: string) {
  process.chdir(folder);
  const vitest = await createVitest('test', {
    ...{ root: folder, config: join(folder, 'test/mutants/vitest.config.ts') },
    ...{ watch: false, bail: 1, reporters: [{}] },
  });
  return {
    async run(tests: readonly string[], changed: readonly string[] = []): Promise<TestRun> {
      for (const file of changed) vitest.invalidateFile(join(folder, file));
      // What an earlier run found of a file must not be taken for what this one finds.
      vitest.state.filesMap.clear();
      const paths = new Set(tests.map((test) => join(folder, test)));
      const specifications = await vitest.globTestSpecifications([...tests]);
      const { testModules } = await vitest.runTestSpecifications(
        specifications.filter(({ moduleId }) => paths.has(moduleId)),
      );
      return outcomeOf(testModules);
    },
    close: () => vitest.close(),
  };
}

function outcomeOf(testModules: readonly TestModule[]): TestRun {
  const failures = testModules
    .flatMap((testModule) => [...testModule.children.allTests('failed')])
    .map((test) => {
      const message = test.result().errors?.[0]?.message ?? '';
      return { message, why: `"${test.fullName}": ${firstLine(message)}` };
    });
  const [real = failures[0]] = failures.filter(({ message }) => !outOfTime.test(message));
  if (real && unreadable.test(real.message)) return { end: 'not_run', why: real.why };
  if (real) return { end: outOfTime.test(real.message) ? 'ran_out_of_time' : 'failed', why: real.why };
  // A file that could not be loaded, or whose preparation failed, has no failed test.
  const [error] = testModules.flatMap((testModule) => testModule.errors());
  if (error) return { end: 'not_run', why: firstLine(error.message) };
  const ran = testModules.some((testModule) => [...testModule.children.allTests('passed')].length > 0);
  return ran ? { end: 'succeeded' } : { end: 'not_run', why: 'no test ran' };
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

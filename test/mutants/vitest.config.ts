import { defineConfig } from 'vitest/config';

/** The tests of one part (main.ts) or mistake (sql-main.ts), without whole systems. */
const tests = JSON.parse(process.env['MUTANTS_TESTS'] ?? '["test/unit/**/*.test.ts"]') as string[];
const setups: Record<string, string> = {
  true: 'test/support/global-setup.ts',
  given: 'test/mutants/given-engines.ts',
};
const setup = setups[process.env['MUTANTS_ENGINES'] ?? ''];

export default defineConfig({
  test: {
    include: tests.filter((glob) => !glob.startsWith('!')),
    exclude: tests.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1)),
    ...{ testTimeout: 20_000, hookTimeout: 60_000, ...(setup ? { globalSetup: [setup] } : {}) },
  },
});

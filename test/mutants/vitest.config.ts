import { defineConfig } from 'vitest/config';

/** The tests of one part (main.ts), without whole systems. */
const tests = JSON.parse(process.env['MUTANTS_TESTS'] ?? '["test/unit/**/*.test.ts"]') as string[];
const engines = process.env['MUTANTS_ENGINES'] === 'true' ? { globalSetup: ['test/support/global-setup.ts'] } : {};

export default defineConfig({
  test: {
    include: tests.filter((glob) => !glob.startsWith('!')),
    exclude: tests.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1)),
    ...{ testTimeout: 20_000, hookTimeout: 60_000, ...engines },
  },
});

import { defineConfig } from 'vitest/config';

/** Whole systems as separate processes: one file at a time, or they measure each other. */
const wholeSystems = ['test/e2e/**/*.test.ts', 'test/chaos/**/*.test.ts'];
/** No database and no Temporal server: pure rules, clients and stand-ins over loopback, replayed histories. */
const withoutEngines = ['unit', 'clients', 'sandbox', 'conformance', 'replay', 'deploy'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);

const limits = { testTimeout: 20_000, hookTimeout: 60_000 };
const engines = { globalSetup: ['test/support/global-setup.ts'] };

export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      // Needs no engine, and so starts at once.
      { test: { name: 'unit', include: withoutEngines, pool: 'forks', ...limits, sequence: { groupOrder: 0 } } },
      {
        test: {
          name: 'engines',
          include: ['test/**/*.test.ts'],
          exclude: [...withoutEngines, ...wholeSystems],
          pool: 'forks',
          ...limits,
          ...engines,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'systems',
          include: wholeSystems,
          pool: 'forks',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          ...engines,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});

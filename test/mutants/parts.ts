/** A part of the code that keeps a promise: its files, and the tests without whole systems that should notice a mistake in them. */
export interface Part {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
  /** PostgreSQL and Temporal are started for its tests. */
  readonly needsEngines: boolean;
}

const pure = (mutate: readonly string[], tests: readonly string[]): Part => ({ mutate, tests, needsEngines: false });
const sources = (folder: string): string[] => [`${folder}/**/*.ts`, `!${folder}/**/*.sql.ts`];

/** By the name that `npm run mutants -- --only <name>` takes. SQL has a list of its own (sql.ts). */
export const parts: Readonly<Record<string, Part>> = {
  planning: pure(
    ['plan', 'admission', 'draft', 'units', 'about-booked', 'shipment-plan', 'warehouse', 'pickup-point'].map(
      (name) => `src/orders/${name}.ts`,
    ),
    ['test/unit/orders/**/*.test.ts'],
  ),
  booking: pure(sources('src/booking'), ['test/unit/booking/**/*.test.ts', 'test/unit/orders/**/*.test.ts']),
  'write-back': pure(sources('src/write-back'), ['test/unit/**/*.test.ts']),
  tracking: pure(sources('src/tracking'), ['test/unit/tracking/**/*.test.ts']),
  inbox: {
    mutate: sources('src/inbox'),
    tests: ['test/db/*inbox*.test.ts', 'test/db/keep-hints.test.ts', 'test/http/relay.test.ts'],
    needsEngines: true,
  },
  health: {
    mutate: sources('src/health'),
    tests: ['test/unit/health/**/*.test.ts', 'test/db/system-health.test.ts'],
    needsEngines: true,
  },
  erasure: { mutate: sources('src/erasure'), tests: ['test/db/erasure.test.ts'], needsEngines: true },
  exchanges: pure(sources('src/exchanges'), ['test/clients/redact.test.ts', 'test/unit/exchanges/**/*.test.ts']),
  workflows: pure(
    ['workflows/next-step.ts', 'workflows/newest-state.ts', 'workflows/offered-commands.ts'],
    ['test/unit/workflows/**/*.test.ts', 'test/unit/**/*.test.ts', '!test/unit/labels/**'],
  ),
  labels: pure(
    ['src/labels/*.ts', '!src/labels/*.sql.ts', '!src/labels/label-worker.ts'],
    ['test/unit/labels/label-check.test.ts', 'test/unit/labels/merge.test.ts'],
  ),
};

/** A part of the code that keeps a promise: its files, and the tests without whole systems that should notice a mistake in them. */
export interface Part {
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
  /** PostgreSQL and Temporal are started for its tests. */
  readonly needsEngines: boolean;
}

const pure = (mutate: readonly string[], tests: readonly string[]): Part => ({ mutate, tests, needsEngines: false });
const withEngines = (mutate: readonly string[], tests: readonly string[]): Part => ({
  mutate,
  tests,
  needsEngines: true,
});
const sources = (folder: string): string[] => [`${folder}/**/*.ts`, `!${folder}/**/*.sql.ts`];
const named = (folder: string, names: readonly string[]) => names.map((name) => `${folder}/${name}.ts`);

/** By the name that `npm run mutants -- --only <name>` takes. SQL has a list of its own (sql.ts). */
export const parts: Readonly<Record<string, Part>> = {
  // Without the preview of settings, which reads the orders of weeks from PostgreSQL: it is a part of its own.
  planning: pure(
    [...sources('src/planning'), '!src/planning/settings-preview.ts'],
    ['test/unit/planning/**/*.test.ts', 'test/unit/orders/**/*.test.ts'],
  ),
  'settings-preview': withEngines(named('src/planning', ['settings-preview', 'settings-in-force.sql']), [
    'test/db/settings-preview.test.ts',
  ]),
  orders: pure(sources('src/orders'), ['test/unit/orders/**/*.test.ts', 'test/unit/planning/**/*.test.ts']),
  // Without the properties of plans: they would be run for each constant of a table, and take longest.
  booking: pure(sources('src/booking'), [
    ...['booking', 'planning'].map((folder) => `test/unit/${folder}/**/*.test.ts`),
    '!test/unit/**/*-properties.test.ts',
  ]),
  'write-back': withEngines(sources('src/write-back'), [
    'test/unit/write-back/**/*.test.ts',
    'test/protocol/telling-*.test.ts',
    'test/protocol/record-contents.test.ts',
    'test/db/withdraw.test.ts',
  ]),
  tracking: pure(sources('src/tracking'), ['test/unit/tracking/**/*.test.ts']),
  inbox: withEngines(sources('src/inbox'), [
    'test/unit/inbox/**/*.test.ts',
    'test/db/*inbox*.test.ts',
    'test/db/keep-hints.test.ts',
    'test/http/relay.test.ts',
  ]),
  health: withEngines(sources('src/health'), [
    'test/unit/health/**/*.test.ts',
    'test/unit/metrics/**/*.test.ts',
    'test/db/system-health.test.ts',
    'test/protocol/shop-budget.test.ts',
  ]),
  erasure: withEngines(sources('src/erasure'), ['test/unit/erasure/**/*.test.ts', 'test/db/erasure.test.ts']),
  exchanges: withEngines(sources('src/exchanges'), [
    ...['test/unit/exchanges/**/*.test.ts', 'test/clients/redact.test.ts', 'test/db/exchanges.test.ts'],
  ]),
  /**
   * What workflows decide with, outside the engine. What runs inside it (order.ts, shipment.ts, …) is bundled into a world of
   * its own, where no mistake can be switched on: test/workflows, the model and the recorded histories answer for it.
   */
  workflows: pure(
    [...named('workflows', ['words', 'contract']), 'src/domain/**/*.ts'],
    [
      ...['workflows', 'domain', 'planning', 'orders', 'tracking', 'booking'].map(
        (folder) => `test/unit/${folder}/**/*.test.ts`,
      ),
      '!test/unit/**/*-properties.test.ts',
    ],
  ),
  labels: pure(
    ['src/labels/*.ts', '!src/labels/*.sql.ts', '!src/labels/label-worker.ts'],
    ['test/unit/labels/label-check.test.ts', 'test/unit/labels/merge.test.ts'],
  ),
  'http-webhooks': withEngines(
    ['src/http/webhooks/*.ts'],
    ['test/unit/http/webhook-*.test.ts', 'test/http/webhooks.test.ts', 'test/http/bad-input.test.ts'],
  ),
  'http-api': withEngines(
    [
      ...named('src/http/api/frame', ['authenticate', 'request', 'fields', 'keepable', 'serve-route']),
      ...named('src/http/api/commands', ['bulk']),
      ...named('src/http', ['rate-limits', 'problems', 'request-ids', 'security-headers']),
    ],
    [
      ...['test/unit/http/requests.test.ts', 'test/unit/http/request-ids.test.ts'],
      ...['api', 'api-limits', 'api-commands', 'api-search', 'bad-input', 'hostile-values', 'server-limits'].map(
        (name) => `test/http/${name}.test.ts`,
      ),
    ],
  ),
};

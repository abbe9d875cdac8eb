import js from '@eslint/js';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import constantSql from './eslint-rules/constant-sql.js';

/** Forbids imports whose specifier matches `regex`, with the reason a reader needs. */
const forbid = (...rules) => ['error', { patterns: rules.map(([regex, message]) => ({ regex, message })) }];

const house = {
  workflows: ['^(\\.\\./)+workflows/(?!contract\\.ts$)', 'Only workflows/contract.ts may be imported from elsewhere.'],
  activities: ['^(\\.\\./)+activities/', 'src/ never imports activities/, except src/main and src/temporal.'],
  sandbox: ['^(\\.\\./)+sandbox/', 'The stand-ins and the product know each other over HTTP only.'],
  temporalClient: ['^@temporalio/client$', 'src/temporal is the only user of @temporalio/client.'],
  temporalWorker: ['^@temporalio/worker$', 'Only src/temporal and src/main/worker load @temporalio/worker.'],
};

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.lahetti*/**', '.mutants/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.ts'],
    plugins: { 'import-x': importX },
    settings: { 'import-x/extensions': ['.ts'], 'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] } },
    // Other packages are no part of a circle of ours.
    rules: {
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
    },
  },
  {
    // Workflows run in a sandbox: their own files, Temporal's two packages, and types. Nothing else.
    files: ['workflows/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^node:|^zod$|^pg$|^@temporalio/(?!workflow$|common$)',
              message: 'Workflows are deterministic: no Node, no I/O.',
            },
            {
              regex: '^\\.\\./(?!src/domain/)',
              allowTypeImports: true,
              message: 'Of other folders workflows import only types, and src/domain.',
            },
            {
              regex: '^[a-z](?!temporalio)',
              allowTypeImports: true,
              message: 'Workflows import only Temporal and their own files.',
            },
          ],
        },
      ],
      'no-restricted-globals': ['error', 'process', 'fetch', 'require', 'Buffer', 'setImmediate'],
    },
  },
  {
    files: ['src/domain/**/*.ts'],
    rules: {
      'no-restricted-imports': forbid(['^(?!\\./)', 'The domain imports nothing: workflows run it, too.']),
      'no-restricted-globals': ['error', 'process', 'fetch', 'require', 'Buffer', 'setImmediate'],
    },
  },
  {
    files: ['activities/**/*.ts'],
    rules: {
      'no-restricted-imports': forbid(house.workflows, house.sandbox, house.temporalClient, house.temporalWorker, [
        '^(\\.\\./)+src/(http|main)/',
        'Activities know nothing of HTTP or of entry points.',
      ]),
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-imports': forbid(
        house.workflows,
        house.activities,
        house.sandbox,
        house.temporalClient,
        house.temporalWorker,
      ),
    },
  },
  {
    files: ['src/main/**/*.ts'],
    rules: { 'no-restricted-imports': forbid(house.workflows, house.sandbox, house.temporalClient) },
  },
  {
    files: ['src/temporal/**/*.ts'],
    rules: { 'no-restricted-imports': forbid(house.sandbox, house.workflows) },
  },
  {
    // Asks the server that it started whether it serves.
    files: ['src/embedded/**/*.ts'],
    rules: { 'no-restricted-imports': forbid(house.sandbox, house.workflows, house.activities, house.temporalWorker) },
  },
  {
    files: ['src/bigcommerce/**/*.ts', 'src/carriers/posti/**/*.ts'],
    rules: {
      'no-restricted-imports': forbid(
        ['^(\\.\\./)+(workflows|activities|sandbox)/', 'The clients know wire formats only.'],
        [
          '^(\\.\\./)+(db|orders|planning|shipments|settings|stores|labels|tracking|write-back|temporal|embedded|http|main)/',
          'The clients know nothing of our tables or capabilities.',
        ],
        ['^pg$|^@temporalio/', 'The clients know nothing of our tables or workflows.'],
      ),
    },
  },
  {
    files: ['sandbox/**/*.ts'],
    rules: {
      'no-restricted-imports': forbid([
        '^(\\.\\./)+(src|workflows|activities|harness)/',
        'The stand-ins are written from the reference, not from our code.',
      ]),
    },
  },
  {
    files: ['src/**/*.ts', 'activities/**/*.ts'],
    ignores: ['src/**/*.sql.ts', 'src/db/**/*.ts', 'src/embedded/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: "CallExpression[callee.property.name='query']", message: 'SQL lives in *.sql.ts only.' },
      ],
    },
  },
  {
    // In src/temporal, `query` asks a workflow.
    files: ['src/**/*.ts', 'activities/**/*.ts'],
    ignores: ['src/temporal/**'],
    plugins: { lahetti: { rules: { 'constant-sql': constantSql } } },
    rules: { 'lahetti/constant-sql': 'error' },
  },
  {
    files: ['src/**/*.ts', 'activities/**/*.ts', 'workflows/**/*.ts'],
    ignores: ['src/config.ts', 'src/env-file.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Only src/config.ts and src/env-file.ts read process.env.' },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: { '@typescript-eslint/no-unsafe-assignment': 'off', '@typescript-eslint/unbound-method': 'off' },
  },
  { files: ['*.js', 'eslint-rules/*.js'], extends: [tseslint.configs.disableTypeChecked] },
);

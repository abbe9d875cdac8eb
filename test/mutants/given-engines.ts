import type { TestProject } from 'vitest/node';

/** Engines that were started before (sql-main.ts): starting them takes longer than most tests of a mistake. */
export default function setup(project: TestProject): void {
  project.provide('postgresTemplateUrl', process.env['MUTANTS_POSTGRES']!);
  project.provide('temporalAddress', process.env['MUTANTS_TEMPORAL']!);
}

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { CheckStatus, type CheckResult } from '@stryker-mutator/api/check';
import type { Mutant } from '@stryker-mutator/api/core';
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import { placeOf } from './list.ts';

/**
 * Stryker can be told which lines to change, but not which mistakes to make there. What it asks before it tries a mistake, normally a
 * compiler, can refuse one: this one refuses what is not in the sample that main.ts wrote down.
 */
function onlyTheSample() {
  const sample = new Set(JSON.parse(readFileSync(process.env['MUTANTS_SAMPLE']!, 'utf8')) as string[]);
  const isIn = (mutant: Mutant) => sample.has(`${relative(process.cwd(), mutant.fileName)} ${placeOf(mutant, 0)}`);
  return {
    init: () => Promise.resolve(),
    group: (mutants: Mutant[]) => Promise.resolve([mutants.map(({ id }) => id)]),
    check: (mutants: Mutant[]) =>
      Promise.resolve(
        Object.fromEntries(
          mutants.map((mutant): [string, CheckResult] => [
            mutant.id,
            isIn(mutant)
              ? { status: CheckStatus.Passed }
              : { status: CheckStatus.CompileError, reason: 'Not in the sample.' },
          ]),
        ),
      ),
  };
}

export const strykerPlugins = [declareFactoryPlugin(PluginKind.Checker, 'only-the-sample', onlyTheSample)];

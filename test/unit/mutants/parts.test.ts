import { glob } from 'tinyglobby';
import { describe, expect, test } from 'vitest';
import { harmless, isSame } from '../../mutants/harmless.ts';
import { mistakesIn } from '../../mutants/list.ts';
import { parts } from '../../mutants/parts.ts';
import { scoreOf } from '../../mutants/score.ts';

describe.each(Object.entries(parts))('the part "%s"', (_, { mutate, tests, needsEngines }) => {
  test('a part of the mutation tests names only files and tests that exist', async () => {
    const empty: string[] = [];
    for (const pattern of [...mutate, ...tests]) {
      if ((await glob(pattern.replace(/^!/, ''))).length === 0) empty.push(pattern);
    }
    expect(empty).toEqual([]);
  });

  test('a part of the mutation tests starts engines where one of its tests needs them', () => {
    const needing = tests.filter((pattern) => !/^!?test\/(unit|clients)\//.test(pattern));
    expect(needing.length > 0).toBe(needsEngines);
  });
});

test('each harmless mistake can still be made, and says why it is harmless', async () => {
  const files = [...new Set(harmless.map(({ file }) => file))];
  const all = (await Promise.all(files.map(mistakesIn))).flat();
  expect(harmless.filter((one) => !all.some((mistake) => isSame(one, mistake)))).toEqual([]);
  expect(harmless.filter(({ why }) => why.length < 20)).toEqual([]);
});

test('a mistake that lets a test run for ever is noticed, one that no test reaches is not', () => {
  const statuses = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'CompileError', 'Ignored'];
  const results = statuses.map((status) => ({ status, harmless: false }));
  expect(scoreOf(results)).toBe('2 of 4 noticed (50 %), 1 of them by a test that did not end');
  expect(scoreOf([...results, { status: 'Survived', harmless: true }])).toBe(
    '2 of 4 noticed (50 %), 1 of them by a test that did not end, beside 1 harmless',
  );
  expect(scoreOf([])).toBe('no mistake to try');
});

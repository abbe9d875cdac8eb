import { glob } from 'tinyglobby';
import { describe, expect, test } from 'vitest';
import { parts } from '../../mutants/parts.ts';
import { scoreOf } from '../../mutants/score.ts';

describe.each(Object.entries(parts))('the part "%s"', (_, { mutate, tests, needsEngines }) => {
  test('names no file and no test that is not there', async () => {
    const empty: string[] = [];
    for (const pattern of [...mutate, ...tests]) {
      if ((await glob(pattern.replace(/^!/, ''))).length === 0) empty.push(pattern);
    }
    expect(empty).toEqual([]);
  });

  test('starts engines where one of its tests needs them', () => {
    const needing = tests.filter((pattern) => !/^!?test\/(unit|clients)\//.test(pattern));
    expect(needing.length > 0).toBe(needsEngines);
  });
});

test('a mistake that lets a test run for ever is noticed, one that no test reaches is not', () => {
  const statuses = ['Killed', 'Timeout', 'Survived', 'NoCoverage', 'CompileError', 'Ignored'];
  expect(scoreOf(statuses.map((status) => ({ status })))).toBe('2 of 4 noticed (50 %)');
  expect(scoreOf([])).toBe('no mistake to try');
});

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sqlMutants } from '../../mutants/sql.ts';
import { withMistake } from '../../mutants/with-mistake.ts';

test('each mistake that is put into a statement has its place in the present code', () => {
  for (const mutant of sqlMutants) {
    const source = readFileSync(mutant.file, 'utf8');
    expect(withMistake(source, mutant)).not.toBe(source);
  }
});

test('each mistake names tests that exist', () => {
  const missing = sqlMutants.flatMap(({ tests }) => tests).filter((file) => !existsSync(file));
  expect(missing).toEqual([]);
});

test('no mistake takes a parameter out of its statement, which PostgreSQL would refuse whatever it does', () => {
  const parameters = (text: string): string[] => [...(text.match(/\$\d+/g) ?? [])];
  const refused = sqlMutants.filter(({ from, to }) => parameters(from).some((one) => !parameters(to).includes(one)));
  expect(refused.map(({ to }) => to)).toEqual([]);
});

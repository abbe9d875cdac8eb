import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mistakesIn } from '../../mutants/list.ts';
import { sampleOf } from '../../mutants/sample.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lahetti-list-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function mistakesOf(code: string) {
  const file = join(folder, 'code.ts');
  await writeFile(file, code);
  return mistakesIn(file);
}

test('a mistake is known by its text, its line and where it is', async () => {
  const [first] = await mistakesOf('export const isMore =\n  (a: number) => a > 3;\n');
  expect(first).toMatchObject({
    line: 2,
    mutator: 'ArrowFunction',
    from: '(a: number) => a > 3',
    to: '() => undefined',
  });
  expect(first?.source).toBe('(a: number) => a > 3;');
});

test('messages, log calls and unreachable code are not mutated', async () => {
  const code = `
    export function f(log: Log, id: string, kind: 'a') {
      log.info({ id }, 'was read');
      const words = ['It was read.', \`It is \${id} now.\`];
      switch (kind) {
        case 'a':
          return words;
        default:
          return kind satisfies never;
      }
    }`;
  expect(
    (await mistakesOf(code)).filter(({ mutator }) => mutator !== 'BlockStatement').map(({ from }) => from),
  ).toEqual(["['It was read.', `It is ${id} now.`]", expect.stringContaining("case 'a'")]);
});

test('a reference that is made of parts can be wrong', async () => {
  const mistakes = await mistakesOf('export const reference = (order: string) => `O-${order}`;');
  expect(mistakes.map(({ from }) => from)).toContain('`O-${order}`');
});

test('the same seed chooses the same mistakes of all, another seed chooses others', async () => {
  const code = (names: string) => [...names].map((name) => `export const ${name} = (n: number) => n > 1;`).join('\n');
  const mistakes = await mistakesOf(code('abcdefgh'));
  const chosen = sampleOf(mistakes, 6, 1);
  expect(chosen).toHaveLength(6);
  expect(sampleOf(mistakes, 6, 1)).toEqual(chosen);
  expect(sampleOf(mistakes, 6, 2)).not.toEqual(chosen);
  expect(Math.max(...chosen.map(({ line }) => line))).toBeGreaterThan(2);
});

test('a sample of another part of the code stays when something is added', async () => {
  const before = await mistakesOf('export const a = 1 > 0;\nexport const b = 2 + 1;\nexport const c = !a;');
  const after = await mistakesOf(
    'export const z = 9 - 1;\nexport const a = 1 > 0;\nexport const b = 2 + 1;\nexport const c = !a;',
  );
  const texts = (chosen: readonly { from: string; to: string }[]) => chosen.map(({ from, to }) => `${from} > ${to}`);
  const order = texts(sampleOf(after, 100, 1));
  expect(texts(sampleOf(before, 100, 1))).toEqual(order.filter((text) => text !== '9 - 1 > 9 + 1'));
});

import { describe, expect, test } from 'vitest';
import { runCli } from '../../../src/cli/run.ts';

async function cli(line: string) {
  const [said, complained]: [string[], string[]] = [[], []];
  const code = await runCli({
    argv: line.split(' ').filter(Boolean),
    withContext: () => Promise.reject(new Error('The database was opened.')),
    out: (text) => void said.push(text),
    err: (text) => void complained.push(text),
  });
  return { code, said: said.join('\n'), complained: complained.join('\n') };
}

describe('help', () => {
  test.each(['', 'help', '--help'])(
    'the help of the whole program lists each command, without a database ("%s")',
    async (line) => {
      const { code, said } = await cli(line);
      expect(code).toBe(0);
      for (const words of ['stores pause <store>', 'orders change <store> <order>', 'attention', 'doctor', 'migrate']) {
        expect(said).toContain(words);
      }
    },
  );

  test.each(['help orders change', 'orders change --help', 'orders change -h'])(
    'the help of one command names all that it takes, with what it is for ("%s")',
    async (line) => {
      const { code, said } = await cli(line);
      expect(code).toBe(0);
      expect(said).toContain('Usage: npm run lahetti -- orders change [options] <store> <order> [shipment]');
      expect(said).toContain('every printed copy of its label is gone');
      expect(said).toContain('from standard input');
    },
  );

  test('the help of a group lists its commands', async () => {
    const { code, said } = await cli('help settings');
    expect(code).toBe(0);
    for (const name of ['show', 'set', 'check', 'preview']) expect(said).toMatch(new RegExp(`^  ${name} `, 'm'));
  });
});

describe('a command line that is not understood', () => {
  test.each([
    ['nonsense', "Unknown command 'nonsense'."],
    ['order list', 'Did you mean orders?'],
    ['orders shw kauppa1 7', 'Did you mean show?'],
    ['orders hold kauppa1', "Missing required argument 'order'."],
    ['orders hold kauppa1 7 1', 'Too many arguments'],
    ['orders list --phases waiting', 'Did you mean --phase?'],
    ['orders list --limit', "'--limit <n>' argument missing"],
    ['orders', '"orders" is a group of commands.'],
    ['help nonsense', "Unknown command 'nonsense'."],
    ['settings set kauppa1', "Missing required argument 'change'."],
  ])('a command line that is not understood ends with 64, says why, and opens nothing: %s', async (line, words) => {
    const { code, said, complained } = await cli(line);
    expect({ code, said }).toEqual({ code: 64, said: '' });
    expect(complained).toContain(words);
  });

  test('a command line that is not understood is quoted without control characters of the terminal', async () => {
    expect((await cli('no\u001b[2Jthing')).complained).toContain("'no\\u001b[2Jthing'");
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { attentions } from '../../../src/shipments/attention.ts';
import { settingsSchema } from '../../../src/settings/settings.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const manual = readFileSync(join(root, 'docs/operations.md'), 'utf8');

/** The text below a heading of its own, `### \`code\``, up to the next heading. */
const entryOf = (code: string): string | undefined => new RegExp(`^### \`${code}\`\\n([^#]*)`, 'm').exec(manual)?.[1];

describe('the operations manual', () => {
  test.each(Object.entries(attentions))(
    'the operations manual says of %s what it means, what to do and which commands help',
    (code, commands) => {
      const entry = entryOf(code);
      expect(entry, `docs/operations.md has no entry "### \`${code}\`"`).toBeDefined();
      expect(entry!.trim().length).toBeGreaterThan(60);
      for (const command of commands)
        expect(entry, `${code} does not name the command ${command}`).toContain(`\`${command}\``);
    },
  );

  test('the operations manual has no entry for an attention that the code cannot raise', () => {
    const entries = [...manual.matchAll(/^### `([a-z_]+)`$/gm)].map(([, code]) => code);
    expect(entries.filter((code) => !Object.hasOwn(attentions, code!))).toEqual([]);
  });

  test('the operations manual explains every setting of a store', () => {
    const named = pathsOf(settingsSchema.parse({}));
    expect(named.filter((path) => !manual.includes(`\`${path}\``))).toEqual([]);
  });
});

test('every problem that the code can raise is in the list of what needs attention', () => {
  const raised = ['src/booking', 'src/orders', 'src/tracking', 'src/write-back', 'src/labels', 'activities']
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name)))
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => codesOfProblems(readFileSync(file, 'utf8')));
  expect(raised.length).toBeGreaterThan(20);
  expect(raised.filter((code) => !Object.hasOwn(attentions, code))).toEqual([]);
});

/** A problem is an object with a code, a field and words (src/domain/problem.ts); an error has no field. */
const codesOfProblems = (source: string): string[] => [
  ...[...source.matchAll(/code: '([a-z_]+)',\s+field:/g)].map(([, code]) => code!),
  ...[...source.matchAll(/wrong\(\s*'([a-z_]+)'/g)].map(([, code]) => code!),
];

/** `writeBack.moment`: the names of settings as `settings set` takes them. */
function pathsOf(settings: object, before = ''): string[] {
  return Object.entries(settings).flatMap(([key, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
      ? pathsOf(value, `${before}${key}.`)
      : [`${before}${key}`],
  );
}

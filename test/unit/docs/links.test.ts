import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const read = (page: string) => readFileSync(join(root, page), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

const pages = globSync(['*.md', 'docs/**/*.md', '.github/**/*.md'], { cwd: root, dot: true });

test.each(pages)('every link in %s leads to a page and a heading that exist', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target]) => target!);
  expect(links.filter((target) => !leadsSomewhere(page, target))).toEqual([]);
});

test.each(pages)('every npm command in %s exists', (page) => {
  const named = [...read(page).matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map(([, name]) => name!);
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
});

test.each(['CONTRIBUTING.md', 'docs/architecture.md'])('every file and folder named in %s exists', (page) => {
  const named = [
    ...read(page).matchAll(/(?<![\w./-])(?:src|workflows|activities|sandbox|harness|test|docs)\/[\w./-]*\w/g),
  ];
  expect(named.length).toBeGreaterThan(10);
  expect(named.map(([path]) => path).filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

function leadsSomewhere(page: string, target: string): boolean {
  const [path = '', heading] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, file))) return false;
  return heading === undefined || anchorsOf(read(file)).includes(heading);
}

/** What GitHub makes of headings: lower case, no punctuation, hyphens for spaces. */
const anchorsOf = (markdown: string): string[] =>
  [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

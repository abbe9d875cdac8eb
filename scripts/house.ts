/**
 * `node --import tsx scripts/house.ts`: counts what docs/architecture.md promises of the house – import cycles, imports that
 * point upward, who writes shipments, who names a carrier – and what tells how it reads. Changes nothing.
 */
import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { glob } from 'tinyglobby';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '..');
const code = await glob(['src/**/*.ts', 'workflows/**/*.ts', 'activities/**/*.ts'], { cwd: root });
const tests = await glob(['test/**/*.test.ts'], { cwd: root });
const textOf = new Map([...code, ...tests].map((file) => [file, readFileSync(join(root, file), 'utf8')]));

/** The floors of the house, from the top. Each may import from those below it, and from its own. */
const floors: readonly (readonly string[])[] = [
  ['src/main'],
  ['src/http', 'src/cli'],
  ['activities', 'src/doctor'],
  [
    ...['src/orders', 'src/planning', 'src/shipments', 'src/booking', 'src/labels', 'src/tracking', 'src/write-back'],
    ...['src/commands', 'src/changes', 'src/erasure', 'src/metrics', 'src/notices'],
  ],
  ['src/carriers', 'src/bigcommerce', 'src/stores', 'src/settings', 'src/auth'],
  ['src/inbox', 'src/exchanges', 'src/health', 'src/audit'],
  ['src/temporal', 'src/embedded', 'src/http-client', 'src/db', 'src/tracing'],
  ['src/domain'],
];
const roomOf = (file: string): string => /^(src\/[^/]+|[^/]+)/.exec(file)?.[1] ?? file;
/** Undefined for the files beside the rooms (errors, log, config …), which every room may use. */
function floorOf(file: string): number | undefined {
  const floor = floors.findIndex((rooms) => rooms.includes(roomOf(file)));
  return floor === -1 ? undefined : floor;
}

const importsOf = new Map(
  code.map((file) => {
    const { importedFiles } = ts.preProcessFile(textOf.get(file)!, true, true);
    const own = importedFiles.map(({ fileName }) => relative(root, resolve(root, dirname(file), fileName)));
    return [file, own.filter((imported) => textOf.has(imported))];
  }),
);
const importersOf = new Map<string, string[]>(code.map((file) => [file, []]));
for (const [file, imported] of importsOf) for (const one of imported) importersOf.get(one)?.push(file);

/** All files that can be reached over imports, or over importers. */
function reachable(from: string, next: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set([from]);
  for (const file of seen) for (const one of next.get(file) ?? []) seen.add(one);
  return seen;
}

function cycles(): string[][] {
  const found: string[][] = [];
  const placed = new Set<string>();
  for (const file of code) {
    if (placed.has(file)) continue;
    const above = reachable(file, importersOf);
    const circle = [...reachable(file, importsOf)].filter((one) => above.has(one));
    circle.forEach((one) => placed.add(one));
    if (circle.length > 1) found.push(circle.sort());
  }
  return found;
}

/** Without comments, so that a source may be named there. */
function withoutComments(text: string): string {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text);
  let kept = '';
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    const isComment = token === ts.SyntaxKind.SingleLineCommentTrivia || token === ts.SyntaxKind.MultiLineCommentTrivia;
    kept += isComment ? ' ' : scanner.getTokenText();
  }
  return kept;
}

/** The names of tests as they are written, also of those that run over a table. */
function testNamesOf(file: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const [name] = ts.isCallExpression(node) ? node.arguments : [];
    if (ts.isCallExpression(node) && name && ts.isStringLiteralLike(name)) {
      if (/^test\b/.test(node.expression.getText())) names.push(name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, textOf.get(file)!, ts.ScriptTarget.Latest, true));
  return names;
}

/** A guess: what begins with a verb, or with a preposition and no comma, needs the name of its `describe` to be understood. */
function isFragment(name: string): boolean {
  const verb =
    /^(is|are|was|were|has|have|had|does|do|did|can|cannot|may|must|will|stays?|gives?|takes?|tells?|says?|shows?|keeps?|leaves?|asks?|needs?|knows|counts|comes?|gets?|goes|waits|ends|lists|reads|refuses?|answers|carr(y|ies)|starts|makes|holds|lets|finds|sends|looks|follows|stands|begins)\b/;
  const relative = /^(that|which|whose|who|nor|and|then|also|so|of)\b/;
  const preposition = /^(with|without|in|on|at|to|for|from|by)\b[^,]*$/;
  const onlyOfTheTable = /^(["'(]?(%\w|\$\w+)["')]?[: ]*)+$/;
  return [verb, relative, preposition, onlyOfTheTable].some((pattern) => pattern.test(name));
}

const linesOf = (file: string): number => textOf.get(file)!.split('\n').length - 1;
const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
const list = (title: string, lines: readonly string[]): void => {
  console.log(`\n${title}: ${lines.length}`);
  if (process.argv.includes('--all')) for (const line of lines) console.log(`  ${line}`);
};

const writers = code.flatMap((file) =>
  [...textOf.get(file)!.matchAll(/(insert into|update|delete from) lahetti\.shipments\b/g)].map(() => file),
);
list(
  `statements that write lahetti.shipments (in ${new Set(writers.map((file) => dirname(file))).size} folders)`,
  writers,
);
list(
  'files outside src/carriers that name Posti in code',
  code.filter(
    (file) => !file.startsWith('src/carriers/') && /posti(?!n|v|o)/i.test(withoutComments(textOf.get(file)!)),
  ),
);
list(
  'import cycles',
  cycles().map((circle) => circle.join(' ')),
);
list(
  'imports that point upward between rooms',
  [...importsOf].flatMap(([file, imported]) =>
    imported.filter((one) => (floorOf(one) ?? Infinity) < (floorOf(file) ?? -1)).map((one) => `${file} → ${one}`),
  ),
);
list(
  'files of at most 35 lines with one importer',
  code.filter((file) => linesOf(file) <= 35 && importersOf.get(file)!.length === 1),
);
list(
  'files of more than 450 lines',
  code.filter((file) => linesOf(file) > 450),
);
list(
  'test names that are fragments',
  tests.flatMap((file) =>
    testNamesOf(file)
      .filter(isFragment)
      .map((name) => `${file}: ${name}`),
  ),
);
console.log(`\nmedian file of src: ${median(code.filter((file) => file.startsWith('src/')).map(linesOf))} lines`);

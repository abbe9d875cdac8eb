import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** With the house's own configuration, less all rules but this: that it is switched on is part of what is shown. */
const eslint = new ESLint({
  cwd: root,
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
  ruleFilter: ({ ruleId }) => ruleId === 'lahetti/constant-sql',
});

async function complaintsAbout(code: string, file = 'src/orders/some.sql.ts'): Promise<number> {
  const [result] = await eslint.lintText(code, { filePath: `${root}${file}` });
  const other = result!.messages.filter(({ ruleId }) => ruleId !== 'lahetti/constant-sql');
  expect(other).toEqual([]);
  return result!.messages.length;
}

const inFunction = (body: string) => `export async function f(db: any, id: string, table: string) { ${body} }`;

describe('a statement is refused', () => {
  test.each([
    ['with a value in it', 'await db.query(`select 1 from t where id = ${id}`);'],
    ['with a value in quotes in it', "await db.query(`select 1 from t where id = '${id}'`, []);"],
    ['that is glued together', "await db.query('select 1 from t where id = ' + id);"],
    ['whose table comes from outside', 'await db.query(`select 1 from ${table}`);'],
    ['that comes from outside as a whole', 'await db.query(id);'],
    ['that was glued together before', 'const text = `select ${id}`; await db.query(text);'],
    ['that is changed after it was made', "let text = 'select 1'; text += id; await db.query(text);"],
    ['that a function makes of a value', 'const of = (x: string) => `select ${x}`; await db.query(of(id));'],
    ['whose parts are joined', "await db.query(['select', id].join(' '));"],
    ['one of whose choices has a value in it', "await db.query(id ? 'select 1' : `select ${id}`);"],
    ['that is cleaned of quotes', 'await db.query(`select \'${id.replaceAll("\'", "")}\'`);'],
    ['in an object', 'await db.query({ text: `select ${id}`, values: [] });'],
    ['in an object that is spread', 'await db.query({ ...(id as any) });'],
    ['on a transaction', 'await db.tx.query(`select ${id}`);'],
    ['by another way of writing', "await db['query'](`select ${id}`);"],
    ['by a name of its own', 'const { query } = db; await query(`select ${id}`);'],
  ])('a statement is refused: %s', async (_name, body) => {
    expect(await complaintsAbout(inFunction(body))).toBe(1);
  });

  test('a statement is refused when a text with a value in it is exported for others to use', async () => {
    const file = "import { input } from './input.ts';\nexport const part = `where id = ${input}`;";
    expect(await complaintsAbout(file)).toBe(1);
  });

  test('a statement is refused when it is made of what a file without statements exports', async () => {
    const file = `import { part } from './parts.ts';\n${inFunction('await db.query(`select ${part}`);')}`;
    expect(await complaintsAbout(file)).toBe(1);
  });

  test('a statement is refused in activities as well', async () => {
    expect(await complaintsAbout(inFunction('await db.query(`select ${id}`);'), 'activities/orders.ts')).toBe(1);
  });
});

describe('a statement may', () => {
  test.each([
    ['have parameters', inFunction("await db.query('select 1 from t where id = $1', [id]);")],
    ['have parts of its own', `const columns = 'a, b';\n${inFunction('await db.query(`select ${columns}`);')}`],
    [
      'have parts made of parts',
      `const a = 'a';\nconst both = \`\${a}, b\`;\n${inFunction("await db.query(`select ${both}` + ' from t');")}`,
    ],
    ['choose between two', inFunction("await db.query(id ? 'select 1' : 'select 2');")],
    [
      'have parts that a function makes of constants',
      inFunction("const lower = (c: string) => `lower(${c})`; await db.query(`select ${lower('a.email')} from a`);"),
    ],
    [
      'share parts between files of statements',
      `import { part } from './other.sql.ts';\n${inFunction('await db.query(`select ${part}`);')}`,
    ],
    [
      'have the JSON of a list of ours',
      `import { list } from './list.ts';\n${inFunction("await db.query(`select '${JSON.stringify(list.some)}'::jsonb`);")}`,
    ],
    ['be in an object', inFunction("await db.query({ text: 'select $1', values: [id] });")],
  ])('a statement is allowed: %s', async (_name, file) => {
    expect(await complaintsAbout(file)).toBe(0);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OpenApiDocument } from '../../src/http/api/frame/openapi.ts';
import { createToken } from '../../src/auth/tokens.ts';
import { roles, type Role } from '../../src/auth/roles.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { checkOfAnswers } from './declared-answers.ts';
import { aStore, serveApp, type ServedApp } from './served-app.ts';

let db: TestDatabase;
let app: ServedApp;
let document: OpenApiDocument;
const tokens = {} as Record<Role, string>;

beforeAll(async () => {
  db = await testDatabase();
  app = await serveApp(db.pool);
  for (const role of roles) tokens[role] = (await createToken(db.pool, `the ${role}`, role)).token;
  await app.stores.connect(aStore('kauppa1'));
  document = (await (await fetch(`${app.url}/api/v1/openapi.json`)).json()) as OpenApiDocument;
});
afterAll(() => app.close());

interface Operation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly role: Role;
  readonly operationId: string;
  readonly responses: Readonly<Record<string, { description: string; content?: Record<string, { schema: object }> }>>;
}

/** Every operation of the document, with values in its path that look right and stand for nothing. */
const operations = (): Operation[] =>
  Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Record<string, unknown>>).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path: path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => (name === 'storeHash' ? 'kauppa1' : '999999')),
      role: operation['x-role'] as Role,
      operationId: operation['operationId'] as string,
      responses: operation['responses'] as Operation['responses'],
    })),
  );

const ask = ({ method, path }: Operation, token?: string) =>
  fetch(`${app.url}/api/v1${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
    },
    ...(method === 'GET' ? {} : { body: '{}' }),
  });

const codeOf = async (answer: Response) => ((await answer.json()) as { code: string }).code;

describe('every route of the API', () => {
  test('every route of the API refuses a request without a token, with an unknown one, or with too low a role', async () => {
    expect(operations().length).toBeGreaterThan(5);
    for (const operation of operations()) {
      const without = await ask(operation);
      expect([operation.name, without.status, await codeOf(without)]).toEqual([operation.name, 401, 'token_missing']);
      const madeUp = await ask(operation, `lht_${'A'.repeat(43)}`);
      expect([operation.name, madeUp.status, await codeOf(madeUp)]).toEqual([operation.name, 401, 'token_not_valid']);
      for (const role of roles.slice(0, roles.indexOf(operation.role))) {
        const low = await ask(operation, tokens[role]);
        expect([operation.name, role, low.status, await codeOf(low)]).toEqual([
          operation.name,
          role,
          403,
          'role_too_low',
        ]);
      }
    }
  });

  test('every route of the API answers as its declaration says', async () => {
    const answered = checkOfAnswers(document);
    for (const operation of operations()) {
      const answer = await ask(operation, tokens.admin);
      const where = `${operation.name} ${answer.status}`;
      const declared = operation.responses[answer.status];
      expect(declared, where).toBeDefined();
      const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
      expect(Object.keys(declared?.content ?? {}), where).toContain(type);
      if (type.endsWith('json')) expect(answered(operation, answer.status, await answer.json()), where).toEqual([]);
      else await answer.body?.cancel();
    }
  });

  test('every route of the API describes no named answer as null itself, but the reference to it', () => {
    const schemas = Object.entries(document.components?.schemas ?? {});
    expect(schemas.length).toBeGreaterThan(20);
    const nullable = schemas.filter(([, schema]) => 'type' in schema && [schema.type].flat().includes('null'));
    expect(nullable.map(([name]) => name)).toEqual([]);
    // All of "an object" and "an object or null" is never null.
    expect(JSON.stringify(document)).not.toMatch(/"allOf":\[\{"\$ref":"[^"]+"\},\{"type":\[[^\]]*"null"/);
  });

  test('every route of the API has an id of its own, and says which role it needs', () => {
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(operations().every(({ role }) => roles.includes(role))).toBe(true);
  });

  test('every route of the API takes only its methods', async () => {
    const answer = await fetch(`${app.url}/api/v1/orders/kauppa1/1/timeline`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${tokens.admin}` },
    });
    expect(answer.headers.get('allow')).toBe('GET');
    expect([answer.status, await codeOf(answer)]).toEqual([405, 'method_not_allowed']);
  });
});

test('a parameter that nobody declared is refused by name', async () => {
  const answer = await fetch(`${app.url}/api/v1/orders?phse=done`, {
    headers: { authorization: `Bearer ${tokens.viewer}` },
  });
  const { status, code, detail } = (await answer.json()) as Record<string, unknown>;
  expect([status, code]).toEqual([400, 'invalid_request']);
  expect(detail).toContain('"phse"');
});

describe('the page to try it', () => {
  const load = (path: string) => fetch(`${app.url}/api/v1/docs${path}`);

  test('the try-out page of the API loads everything from its own host, and nothing else may run in it', async () => {
    const page = await load('/');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    const html = await page.text();
    expect(html).not.toMatch(/https?:|<script>|onload=/);
    const wanted = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file!);
    expect(wanted.length).toBeGreaterThan(2);
    for (const file of wanted) {
      const answer = await load(`/${file}`);
      expect([file, answer.status]).toEqual([file, 200]);
      await answer.body?.cancel();
    }
  });

  test('the try-out page of the API is found without its last slash too', async () => {
    expect((await load('')).url).toBe(`${app.url}/api/v1/docs/`);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createToken } from '../../src/auth/tokens.ts';
import type { OpenApiDocument } from '../../src/http/api/frame/openapi.ts';
import { testDatabase } from '../support/postgres.ts';
import { aStore, serveApp, type ServedApp } from './served-app.ts';

/**
 * What every route does with what it can't use, by its declaration. Refused roles are in api-document.test.ts; commands that
 * do not apply, keys that are used twice and bodies that are too large in api-commands.test.ts; who asks too fast, and what
 * is answered without engine or database, in api-limits.test.ts.
 */

let app: ServedApp;
let token: string;
let operations: Operation[];
beforeAll(async () => {
  const { pool } = await testDatabase();
  app = await serveApp(pool);
  token = (await createToken(pool, 'the admin', 'admin')).token;
  await app.stores.connect(aStore('kauppa1'));
  operations = declared((await (await fetch(`${app.url}/api/v1/openapi.json`)).json()) as OpenApiDocument);
});
afterAll(() => app.close());

interface Schema {
  readonly $ref?: string;
  readonly oneOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, { readonly enum?: readonly string[]; readonly const?: string }>>;
}
interface Operation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** Of its body; undefined where it takes none. */
  readonly schema: Schema | undefined;
}

function declared({ paths = {}, components }: OpenApiDocument): Operation[] {
  type Declared = { requestBody?: { content: Record<string, { schema: Schema }> } };
  const named = (components?.schemas ?? {}) as Record<string, Schema>;
  const resolved = (schema: Schema | undefined): Schema | undefined => {
    const whole = named[schema?.$ref?.split('/').at(-1) ?? ''] ?? schema;
    // Of several kinds of bodies one, which `kindOf` names.
    return whole?.oneOf ? resolved(whole.oneOf.find((each) => kindOf(resolved(each)) === someKind)) : whole;
  };
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, Declared>).map(([method, { requestBody }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      ...{ method: method.toUpperCase(), path, schema: resolved(requestBody?.content['application/json']?.schema) },
    })),
  );
}

const someKind = 'hold';
const kindOf = (schema: Schema | undefined): unknown =>
  schema?.properties?.['kind']?.enum?.[0] ?? schema?.properties?.['kind']?.const;
/** The kind, where there are several. */
const asItsKind = ({ schema }: Operation): object => (kindOf(schema) === someKind ? { kind: someKind } : {});

/** Asks with ids that look right, for a store that there is. Gives what of the answer is checked. */
async function ask({ method, path }: Operation, body?: string, storeHash = 'kauppa1') {
  const ids: Record<string, string> = { storeHash, id: path.startsWith('/commands') ? randomUUID() : '999999' };
  const answer = await fetch(
    `${app.url}/api/v1${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '999999')}`,
    {
      method,
      headers: {
        ...{ authorization: `Bearer ${token}`, 'idempotency-key': randomUUID(), 'if-match': '"0"' },
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
    },
  );
  const { code = '', detail = '' } = (await answer.json()) as { code?: string; detail?: string };
  return { status: answer.status, code, detail };
}

const withBody = () => operations.filter(({ schema }) => schema !== undefined);

describe('every route that takes a body', () => {
  test('every route that takes a body answers bad JSON with 400', async () => {
    expect(withBody().length).toBeGreaterThan(15);
    for (const operation of withBody()) {
      const { status, code } = await ask(operation, '{"a": ');
      expect([operation.name, status, code]).toEqual([operation.name, 400, 'invalid_json']);
    }
  });

  test('every route that takes a body answers a field that nobody declared with 400, and names it', async () => {
    for (const operation of withBody()) {
      const { status, detail } = await ask(operation, JSON.stringify({ ...asItsKind(operation), nobodysField: 1 }));
      expect([operation.name, status, detail]).toEqual([operation.name, 400, expect.stringContaining('nobodysField')]);
    }
  });

  test('every route that takes a body answers each field that is missing with 400, and names it', async () => {
    const lacking = withBody().flatMap((operation) =>
      (operation.schema?.required ?? [])
        .filter((field) => !(field in asItsKind(operation)))
        .map((field) => ({ operation, field })),
    );
    expect(lacking.length).toBeGreaterThan(4);
    for (const { operation, field } of lacking) {
      const { status, detail } = await ask(operation, JSON.stringify(asItsKind(operation)));
      expect([operation.name, status, detail]).toEqual([operation.name, 400, expect.stringContaining(field)]);
    }
  });
});

describe('an id that is not known', () => {
  test.each([
    ['storeHash', 'nobodys'],
    ['orderId', 'kauppa1'],
    ['id', 'kauppa1'],
    ['version', 'kauppa1'],
  ])('an unknown id (%s) is a 404 of every route that reads what it names', async (name, storeHash) => {
    const routes = operations.filter(({ method, path }) => method === 'GET' && path.includes(`{${name}}`));
    expect(routes.length).toBeGreaterThan(0);
    for (const operation of routes) {
      const { status, code } = await ask(operation, undefined, storeHash);
      expect([operation.name, status, code]).toEqual([operation.name, 404, expect.stringMatching(/^unknown_/)]);
    }
  });
});

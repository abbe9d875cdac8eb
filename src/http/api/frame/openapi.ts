import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { Answer, Route } from './route.ts';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** The document of OpenAPI 3.1 that the declarations come to. */
export function openApiDocument(routes: readonly Route[]): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'token', {
    type: 'http',
    scheme: 'bearer',
    description: 'Made with `npm run lahetti -- tokens create --name <who> --role viewer|operator|admin`.',
  });
  for (const route of routes) registry.registerPath(pathOf(route));
  const document = new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Lähetti',
      version: '1',
      description:
        'Orders of BigCommerce stores on their way to Posti parcels. Each route names the lowest role that may use it: a viewer looks, an operator commands as well, an admin does everything. Problems are `application/problem+json` with a `code` that never changes.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
  });
  return document;
}

function pathOf(route: Route): RouteConfig {
  const { method, path, id, tag, summary, description, role, params, query, headers, body } = route;
  return {
    method,
    path,
    operationId: id,
    tags: [tag],
    summary,
    description: [description, `Role: ${role}.`].filter(Boolean).join(' '),
    'x-role': role,
    request: {
      ...(params && { params }),
      ...(query && { query }),
      ...(headers && { headers }),
      ...(body && {
        body: { required: !body.safeParse({}).success, content: { 'application/json': { schema: body } } },
      }),
    },
    responses: {
      ...Object.fromEntries(Object.entries(route.answers).map(([status, answer]) => [status, responseOf(answer)])),
      ...Object.fromEntries(
        Object.entries(problemsOf(route)).map(([status, says]) => [
          status,
          { description: says, content: { 'application/problem+json': { schema: problemSchema } } },
        ]),
      ),
    },
  };
}

function responseOf(answer: Answer): RouteConfig['responses'][string] {
  const named = Object.entries(answer.headers ?? {}).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' as const } },
  ]);
  return {
    description: answer.description,
    ...(answer.headers && { headers: Object.fromEntries(named) as never }),
    content:
      'schema' in answer
        ? { 'application/json': { schema: answer.schema } }
        : { [answer.media]: { schema: { type: 'string', format: 'binary' } } },
  };
}

const unreadable = '`invalid_request`: names each wrong field; `unreadable_request`';

/** Those that the frame gives, with those of the route itself. */
function problemsOf({ params, query, headers, body, role, problems = {} }: Route): Record<string, string> {
  const takes = params ?? query ?? headers ?? body;
  const all: [string, string][] = [
    ...(takes ? ([['400', body ? `${unreadable}, \`invalid_json\`` : unreadable]] as [string, string][]) : []),
    ['401', '`token_missing`, `token_not_valid`'],
    ...(role === 'viewer' ? [] : ([['403', '`role_too_low`']] as [string, string][])),
    ...(body
      ? ([
          ['413', '`body_too_large`'],
          ['415', '`body_not_json`, `charset_unsupported`, `encoding_unsupported`'],
        ] as [string, string][])
      : []),
    ['429', '`too_many_requests`: `Retry-After` says when to ask again'],
    ['503', '`database_away`'],
  ];
  const merged: Record<string, string> = Object.fromEntries(all);
  for (const [status, says] of Object.entries(problems)) {
    merged[status] = merged[status] === undefined ? says : `${merged[status]}; ${says}`;
  }
  return merged;
}

const problemSchema = z
  .looseObject({
    type: z.string(),
    title: z.string().optional(),
    status: z.number().int(),
    code: z.string().meta({ description: 'Never changes.' }),
    detail: z.string().meta({ description: 'A sentence for people.' }),
    advice: z.string().optional().meta({ description: 'What can be done now.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });

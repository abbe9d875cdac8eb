import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { fitting, type Fitting } from './fitting-values.ts';
import { harmed, harmful, harmfulText } from './harm.ts';
import type { Operation, Parameter } from './operations.ts';

/** One request as it is sent, byte by byte. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

export interface Requesting extends Fitting {
  /** By how often they are used; `undefined` sends none. */
  readonly tokens: readonly { readonly weight: number; readonly token: string | undefined }[];
}

/** Requests to an operation: right ones, and ones that are wrong in one place or in all. */
export const requestsTo = (operation: Operation, context: Requesting): fc.Arbitrary<WireRequest> =>
  fc.oneof(
    { weight: 1, arbitrary: rightRequests(operation, context) },
    { weight: 2, arbitrary: doubtfulRequests(operation, context) },
  );

interface Parts {
  readonly segments: readonly (readonly [string, string])[];
  readonly search: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body | undefined;
}

function wireRequest({ method, path }: Operation, { segments, search, headers, body }: Parts): WireRequest {
  const filled = segments.reduce((text, [name, value]) => text.replace(`{${name}}`, () => value), path);
  const ofBody = body && { 'content-length': String(body.bytes.length), ...body.headers };
  return { method, path: `/api/v1${filled}${search}`, headers: { ...headers, ...ofBody }, body: body?.bytes };
}

const parametersOf = ({ parameters }: Operation, where: Parameter['in']) =>
  parameters.filter((parameter) => parameter.in === where);

const bearer = (token: string | undefined) => (token === undefined ? {} : { authorization: `Bearer ${token}` });

/** By the first of the tokens, to what there is, with all that has to be. */
function rightRequests(operation: Operation, context: Requesting): fc.Arbitrary<WireRequest> {
  const value = ({ name, schema }: Parameter) =>
    (context.known[name] ? fc.constantFrom(...context.known[name]) : fitting(schema, context, name)).map(String);
  const segments = parametersOf(operation, 'path').map((it) =>
    value(it).map((text) => [it.name, encoded(text)] as const),
  );
  const headers = parametersOf(operation, 'header').map((it) => value(it).map((text) => [it.name, text] as const));
  return fc
    .record({
      segments: fc.tuple(...segments),
      headers: fc.tuple(...headers),
      body: operation.body === undefined ? fc.constant(undefined) : fitting(operation.body, context).map(asJson),
    })
    .map(({ segments, headers, body }) =>
      wireRequest(operation, {
        ...{ segments, search: '', body },
        headers: { ...bearer(context.tokens[0]?.token), ...Object.fromEntries(headers) },
      }),
    );
}

function doubtfulRequests(operation: Operation, context: Requesting): fc.Arbitrary<WireRequest> {
  const segments = parametersOf(operation, 'path').map((it) =>
    segment(it, context).map((text) => [it.name, text] as const),
  );
  return fc
    .record({
      segments: fc.tuple(...segments),
      search: query(parametersOf(operation, 'query'), context),
      token: fc.oneof(...context.tokens.map(({ weight, token }) => ({ weight, arbitrary: fc.constant(token) }))),
      declared: declaredHeaders(parametersOf(operation, 'header'), context),
      strange: strangeHeaders,
      body: operation.body === undefined ? fc.constant(undefined) : bodies(fitting(operation.body, context)),
    })
    .map(({ segments, search, token, declared, strange, body }) =>
      wireRequest(operation, { segments, search, body, headers: { ...bearer(token), ...declared, ...strange } }),
    );
}

/** One piece of a path: never empty, or it would be another path. */
const segment = (parameter: Parameter, context: Fitting): fc.Arbitrary<string> =>
  fc
    .oneof(
      {
        weight: 6,
        arbitrary: fitting(parameter.schema, context, parameter.name).map((value) => encoded(String(value))),
      },
      { weight: 2, arbitrary: harmfulText.map(encoded) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('%', '%zz', '%00', '%ff', '%ed%a0%80', 'a%2fb', '%2e%2e', ';', '~', '*'),
      },
    )
    .map((text) => (text === '' || text === '.' || text === '..' ? '-' : text));

/** As an address has it. Half of a surrogate pair, which has no encoding, becomes the bytes that it would have. */
const encoded = (text: string): string =>
  [...text].map((one) => (/\p{Surrogate}/u.test(one) ? '%ED%A0%80' : encodeURIComponent(one))).join('');

function query(parameters: readonly Parameter[], context: Fitting): fc.Arbitrary<string> {
  const pairs = parameters.map((parameter) =>
    fc.oneof(
      { weight: parameter.required ? 1 : 3, arbitrary: fc.constant('') },
      {
        weight: 2,
        arbitrary: fitting(parameter.schema, context, parameter.name).map(
          (it) => `${parameter.name}=${encoded(String(it))}`,
        ),
      },
      { weight: 1, arbitrary: harmfulText.map((text) => `${parameter.name}=${encoded(text)}`) },
    ),
  );
  const odd = fc.constantFrom(
    '',
    '',
    '',
    '',
    'limit',
    'a=1&a=2',
    '__proto__[x]=1',
    '%',
    'limit=1&limit=2',
    '&&=&',
    'é=ä',
  );
  return fc.tuple(fc.tuple(...pairs), odd).map(([declared, stray]) => {
    const all = [...declared, stray].filter((pair) => pair !== '');
    return all.length === 0
      ? ''
      : `?${all.map((pair) => pair.replaceAll(/[^\x21-\x7e]/g, encodeURIComponent)).join('&')}`;
  });
}

/** Node sends no others. */
const asHeader = (text: string): string => text.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '?').slice(0, 2_000);

const declaredHeaders = (parameters: readonly Parameter[], context: Fitting) =>
  fc.record<Record<string, string>>(
    Object.fromEntries(
      parameters.map(({ name, schema }) => [
        name,
        fc.oneof(
          { weight: 4, arbitrary: fitting(schema, context, name).map((value) => asHeader(String(value))) },
          { weight: 1, arbitrary: harmfulText.map(asHeader) },
        ),
      ]),
    ),
    { requiredKeys: [] },
  ) as fc.Arbitrary<Record<string, string>>;

const strangeHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({}) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Record<string, string>>(
      { accept: 'text/html;q=0.1, */*;q=2' },
      { 'x-request-id': `${'a'.repeat(500)} \xff` },
      { 'x-forwarded-for': 'not an address, 10.0.0.1' },
      { 'x-forwarded-proto': 'gopher', 'x-forwarded-host': 'evil.example' },
      { 'x-http-method-override': 'DELETE' },
      { range: 'bytes=0-18446744073709551615' },
      { 'if-none-match': '*', 'if-modified-since': 'never' },
      { origin: 'https://evil.example', 'access-control-request-method': 'PUT' },
      { cookie: '__proto__=1; a="; Path=/' },
      { 'accept-encoding': 'gzip;q=nan, br' },
      { traceparent: '00-zz-zz-zz', baggage: 'a=\xff' },
      { authorization: 'Basic YTpi' },
      { authorization: `Bearer ${'x'.repeat(4_000)}` },
    ),
  },
);

interface Body {
  readonly bytes: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

const json = { 'content-type': 'application/json' };
const asJson = (value: unknown): Body => ({ bytes: Buffer.from(JSON.stringify(value) ?? 'null'), headers: json });

/** Bodies around one that fits; some of them are no JSON at all. */
function bodies(fits: fc.Arbitrary<unknown>): fc.Arbitrary<Body | undefined> {
  return fc.oneof(
    { weight: 5, arbitrary: fits.map(asJson) },
    { weight: 7, arbitrary: harmed(fits).map(asJson) },
    { weight: 2, arbitrary: harmful.map(asJson) },
    { weight: 1, arbitrary: fc.constant(undefined) },
    {
      weight: 3,
      arbitrary: fc
        .tuple(
          fits.map((value) => JSON.stringify(value)),
          fc.constantFrom(...spoilers),
        )
        .map(spoilt),
    },
  );
}

type Spoiler = (text: string) => Body;
const spoilt = ([text, spoiler]: [string, Spoiler]): Body => spoiler(text);

const spoilers: readonly Spoiler[] = [
  (text) => ({ bytes: Buffer.from(text.slice(0, -1)), headers: json }),
  (text) => ({ bytes: Buffer.from(`\ufeff${text}`), headers: json }),
  (text) => ({ bytes: Buffer.from(`${text}${text}`), headers: json }),
  (text) => ({ bytes: Buffer.from(text.replaceAll(/\d+/g, '1e999')), headers: json }),
  (text) => ({ bytes: Buffer.from(text.replaceAll(/\d+/g, '123456789012345678901234567890')), headers: json }),
  (text) => ({ bytes: Buffer.from(text.replaceAll('"', '\xff'), 'latin1'), headers: json }),
  (text) => ({ bytes: Buffer.from(text), headers: { 'content-type': 'text/plain' } }),
  (text) => ({ bytes: Buffer.from(text), headers: {} }),
  (text) => ({ bytes: Buffer.from(text), headers: { 'content-type': 'application/json; charset=iso-8859-1' } }),
  (text) => ({ bytes: Buffer.from(text, 'utf16le'), headers: { 'content-type': 'application/json; charset=utf-16' } }),
  (text) => ({ bytes: Buffer.from(text), headers: { 'content-type': `application/json;${'a'.repeat(300)}` } }),
  (text) => ({ bytes: Buffer.from(text), headers: { 'content-type': 'multipart/form-data; boundary=x' } }),
  (text) => ({ bytes: Buffer.from(text), headers: { ...json, 'content-encoding': 'gzip' } }),
  (text) => ({ bytes: Buffer.from(text), headers: { ...json, 'content-encoding': 'zstd, gzip' } }),
  (text) => ({ bytes: gzipSync(text), headers: { ...json, 'content-encoding': 'gzip' } }),
  // 20 MB once it is unpacked, 20 kB on the way.
  () => ({ bytes: bomb, headers: { ...json, 'content-encoding': 'gzip' } }),
  () => ({ bytes: Buffer.from('"text"'), headers: json }),
  () => ({ bytes: Buffer.from('5'), headers: json }),
  () => ({ bytes: Buffer.alloc(0), headers: json }),
];

const bomb = gzipSync(Buffer.concat([Buffer.from('{"a":"'), Buffer.alloc(20 * 1024 * 1024, 0x61), Buffer.from('"}')]));

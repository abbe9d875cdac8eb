import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkOfAnswers, type AnswerCheck } from './declared-answers.ts';
import { fuzzedApp, type FuzzedApp } from './fuzz/fuzzed-app.ts';
import { harmfulText } from './fuzz/harm.ts';
import { complaintsAbout, complaintsAboutOperation } from './fuzz/judge.ts';
import { operationsOf, type Operation } from './fuzz/operations.ts';
import { requestsTo, type WireRequest } from './fuzz/requests.ts';
import { rawClient, type RawClient } from './fuzz/send.ts';
import { orderUpdated, shopDelivery } from './shop-delivery.ts';

/** The same seed asks the same. `FUZZ_SEED` and `FUZZ_RUNS` (for each operation) ask otherwise, and longer. */
const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_122);
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 40);
/** A request that is answered wrongly is shown as it is, or with `FUZZ_SHRINK=1` made as small as can be, which takes its time. */
const makeSmall = process.env['FUZZ_SHRINK'] === '1';
/** Milliseconds for one answer, on a machine that does much else. */
const answerLimitMs = 10_000;
const limitMs = 60_000 + numRuns * 2_000;

let fuzzed: FuzzedApp;
let operations: Operation[];
let client: RawClient;
let check: AnswerCheck;

beforeAll(async () => {
  fuzzed = await fuzzedApp();
  operations = operationsOf(fuzzed.document);
  client = rawClient(fuzzed.app.url, answerLimitMs);
  check = checkOfAnswers(fuzzed.document);
});
afterAll(async () => {
  client.close();
  await fuzzed.app.close();
});

/**
 * Asks with each of the requests; the first that is answered wrongly is shown. `own` goes to the seed: from the same one all
 * operations would be asked with the same Idempotency-Keys.
 */
async function everyAnswer(
  requests: fc.Arbitrary<WireRequest>,
  runs: number,
  complain: Complain,
  own = 0,
): Promise<void> {
  const property = fc.asyncProperty(requests, async (wire) => {
    const found = complain(await client.send(wire), wire);
    if (found.length > 0) throw new Error(`${wire.method} ${wire.path}: ${found.join('; ')}`);
  });
  await fc.assert(property, { seed: seed + own, numRuns: runs, endOnFailure: !makeSmall });
}
type Complain = (answer: Awaited<ReturnType<RawClient['send']>>, wire: WireRequest) => string[];

describe(`asked with whatever comes (seed ${seed})`, () => {
  test(
    'every operation of the API answers in time, as it declares, and never with an error of ours',
    { timeout: limitMs * 2 },
    async () => {
      expect(operations.length).toBeGreaterThan(30);
      const welcome = new Set<string>();
      for (const [own, operation] of operations.entries()) {
        await everyAnswer(
          requestsTo(operation, fuzzed.requesting),
          numRuns,
          (answer) => {
            if (answer.status < 300) welcome.add(operation.name);
            return complaintsAboutOperation(operation, answer, check);
          },
          own,
        );
      }
      // Were all of them refused at the door, nothing behind it would have been tried.
      const alwaysRefused = operations.map(({ name }) => name).filter((name) => !welcome.has(name));
      // Settings are changed by who names the version that they have at this moment: that is luck here.
      expect(alwaysRefused.filter((name) => !/^(PUT|PATCH) .+settings$/.test(name))).toEqual([]);
    },
  );

  test('webhooks are acknowledged, refused or not understood, with nothing said', { timeout: limitMs }, async () => {
    const known = [200, 400, 401, 413, 415];
    // An uninstallation without a signature is checked with the shop, and is to be delivered again until that is done.
    const later = (body: Buffer | undefined): boolean => body?.includes('store/app/uninstalled') ?? false;
    await everyAnswer(deliveries, numRuns * 5, (answer, { body }) => [
      ...complaintsAbout(answer, { mayBeLater: later(body) }),
      ...([...known, ...(later(body) ? [503] : [])].includes(answer.status)
        ? []
        : [`${answer.status} is no answer to a webhook`]),
      ...(answer.status === 400 || answer.text === '' ? [] : [`it says ${answer.text}`]),
    ]);
  });

  test('whatever else is asked for is answered as it should be', { timeout: limitMs }, async () => {
    const known = [200, 206, 304, 308, 400, 401, 404, 405, 416];
    await everyAnswer(strayRequests, numRuns * 5, (answer, { path }) => [
      ...complaintsAbout(answer),
      ...(known.includes(answer.status) ? [] : [`${answer.status} is no answer of ${path}`]),
      ...(answer.status >= 400 && answer.text !== '' && !isProblem(answer) ? [`its error is no problem+json`] : []),
    ]);
  });

  test('no prototype was changed by it', () => {
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('metrics have no series for each path that somebody made up', async () => {
    const text = await fuzzed.metricsText();
    const routes = new Set([...text.matchAll(/route="([^"]*)"/g)].map(([, route]) => route));
    expect(routes.size).toBeGreaterThan(20);
    // Beside them: webhooks, health, metrics, the document and the files of its page.
    expect(routes.size).toBeLessThan(operations.length + 15);
    const patterns = operations.map(({ path }) => `/api/v1${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
    expect([...routes].filter((route) => patterns.includes(`/api/v1${route}`))).toEqual([]);
  });
});

test('memory does not grow with what was sent', { timeout: 60_000 }, async () => {
  const collect = garbageCollector();
  const token = fuzzed.requesting.tokens[0]?.token;
  const rounds = 10;
  const send = async (round: number) => {
    // 60 kB that nobody has sent before, to every operation: in its body, and some of it in path, query and header.
    const own = `${round}-${'x'.repeat(60_000)}`;
    for (const { method, path, body } of operations) {
      const bytes =
        body === undefined ? undefined : Buffer.from(JSON.stringify({ [own]: own, settings: own, note: own }));
      await client.send({
        ...{ method, body: bytes, path: `/api/v1${path.replaceAll(/\{\w+\}/g, `p${round}`)}?q=${own.slice(0, 2_000)}` },
        headers: {
          authorization: `Bearer ${token}`,
          ...{ 'idempotency-key': `${round}-${path.length}`, 'x-request-id': `request-${round}` },
          ...(bytes && { 'content-type': 'application/json', 'content-length': String(bytes.length) }),
        },
      });
    }
  };
  await send(0);
  await send(1);
  const before = await collect();
  for (let round = 2; round < 2 + rounds; round += 1) await send(round);
  const grown = (await collect()) - before;
  const withBody = operations.filter(({ body }) => body !== undefined).length;
  // Were the bodies kept, they alone would be four times the bound.
  const sent = withBody * rounds * 120_000;
  expect(grown, `${Math.round(sent / 1e6)} MB were sent`).toBeLessThan(sent / 4);
});

/** Bytes of the heap that are in use once nothing is left to collect. */
function garbageCollector(): () => Promise<number> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  return async () => {
    for (let time = 0; time < 3; time += 1) {
      gc();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return process.memoryUsage().heapUsed;
  };
}

const isProblem = ({ headers, text }: { headers: Readonly<Record<string, unknown>>; text: string }): boolean =>
  String(headers['content-type']).startsWith('application/problem+json') &&
  typeof (JSON.parse(text) as { code?: unknown }).code === 'string';

/** Deliveries to a store that there is, by somebody who knows its secret or does not. */
const deliveries: fc.Arbitrary<WireRequest> = fc
  .record({
    secret: fc.constantFrom('current-secret', 'current-secret', 'wrong', ''),
    storeHash: fc.constantFrom('kauppa1', 'kauppa1', 'nobody9', '%00', 'A', 'x'.repeat(3_000)),
    scope: fc.oneof(fc.constantFrom('store/order/updated', 'store/app/uninstalled', 'store/order/\0'), harmfulText),
    id: fc.oneof(fc.constant(7), fc.jsonValue({ maxDepth: 1 })),
    createdAt: fc.oneof(fc.integer(), fc.double(), fc.constantFrom(1e15, -1, null, 'now')),
    cut: fc.constantFrom(0, 0, 0, 1, 20),
    webhookId: fc.constantFrom(undefined, 'msg_1', 'ä'.repeat(300), '%s'),
    encoding: fc.constantFrom('identity', 'identity', 'identity', 'gzip'),
  })
  .map(({ secret, storeHash, scope, id, createdAt, cut, webhookId, encoding }) => {
    const payload = { ...orderUpdated(7), scope, created_at: createdAt, data: { type: 'order', id, orderId: id } };
    const { headers, body } = shopDelivery(payload, { secret, ...(webhookId === undefined ? {} : { id: webhookId }) });
    const bytes = Buffer.from(body as string).subarray(cut);
    return {
      ...{ method: 'POST', path: `/webhooks/bigcommerce/${storeHash}`, body: bytes },
      headers: {
        ...(headers as Record<string, string>),
        'content-encoding': encoding,
        'content-length': String(bytes.length),
      },
    };
  });

/** To what is no operation: health, metrics, the page, and nothing at all; by any method. */
const strayRequests: fc.Arbitrary<WireRequest> = fc
  .record({
    method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'TRACE', 'PROPFIND'),
    path: fc.oneof(
      fc.constantFrom('/', '/livez', '/readyz', '/metrics', '/webhooks', '/webhooks/bigcommerce', '/favicon.ico'),
      fc.constantFrom('/api/v1', '/api/v1/openapi.json', '/api/v1/docs', '/api/v1/docs/', '/api/v1/docs/start.js'),
      fc.constantFrom(
        '/api/v1/docs/../../../package.json',
        '/api/v1/docs/%2e%2e%2fpackage.json',
        '//evil.example/%2f..',
      ),
      fc.constantFrom('/api/v1/docs/swagger-ui.css', '/api/v1/docs/favicon-32x32.png', '/%', '/%00', '/a%ff', '*'),
      harmfulText.map((text) => `/${encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '?'))}`),
    ),
    headers: fc.constantFrom<Record<string, string>>(
      {},
      { range: 'bytes=5-4' },
      { range: 'bytes=0-1,3-4' },
      { 'if-none-match': '*' },
      { 'if-modified-since': 'Sun, 22 Nov 2099 00:00:00 GMT' },
      { 'x-forwarded-for': '10.0.0.1' },
      { accept: '\xff' },
      { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    ),
  })
  .map((given) => ({ ...given, body: undefined }));

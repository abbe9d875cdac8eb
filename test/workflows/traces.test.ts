import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createEngine } from '../../src/temporal/client.ts';
import { timingsAt } from '../../src/temporal/timings.ts';
import { startWorkers, type Workers } from '../../src/temporal/worker.ts';
import { createHttpSender, type HttpSender } from '../../src/http-client/sender.ts';
import { createRelay } from '../../src/inbox/relay.ts';
import { createLog, type Logger } from '../../src/log.ts';
import { createLogScope } from '../../src/log-scope.ts';
import type { Traces } from '../../src/tracing/traces.ts';
import { openTraces } from '../../src/tracing/open-traces.ts';
import { aStore, serveApp, type ServedApp } from '../http/served-app.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { eventually } from '../support/wait.ts';
import { makeNamespace } from './support/namespace.ts';

// A namespace of its own: these workers poll the queues that orders have everywhere.
const namespace = 'traces';

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
}

/** A collector, and a shop: whatever is asked of it is 404. */
const spans: Span[] = [];
let bodies = '';
const shopHeaders: string[] = [];
let collector: Server;
let db: TestDatabase;
let app: ServedApp;
let connection: Connection;
let workers: Workers;
let traces: Traces;
let sender: HttpSender;
let relay: ReturnType<typeof createRelay>;
const lines: string[] = [];
let url: string;

beforeAll(async () => {
  collector = createServer((req, res) => {
    void buffer(req).then((body) => {
      if (req.url === '/v1/traces') {
        bodies += body.toString();
        const { resourceSpans } = JSON.parse(body.toString()) as {
          resourceSpans: { scopeSpans: { spans: Span[] }[] }[];
        };
        spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
        return res.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      }
      shopHeaders.push(...Object.keys(req.headers));
      return res.writeHead(404).end();
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  traces = await openTraces({ endpoint: url, serviceName: 'lahetti-test', share: 1 });

  const address = inject('temporalAddress');
  connection = await Connection.connect({ address });
  await makeNamespace(connection, namespace);
  db = await testDatabase();
  const scope = createLogScope();
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLog({ level: 'info', ids: () => ({ ...scope.ids(), ...traces.ids() }), destination });
  app = await serveApp(db.pool, { traces, scope, log });
  const engine = createEngine({ connection, namespace, timings: timingsAt(1_000), traces });
  relay = createRelay({ pool: db.pool, databaseUrl: db.url, engine, log, traces });
  relay.start();
  sender = traces.sender(createHttpSender());
  workers = await startWorkers({
    ...{ address, namespace, embedded: true, env: {}, log, scope, traces },
    shopActivities: { lookAtOrder: (ref: object) => lookAtOrder(ref, log) },
    ...{ carrierActivities: { none: () => {} }, maxCachedWorkflows: 10, workflowBundle: null, graceMs: 100 },
  });
}, 90_000);
afterAll(async () => {
  await relay.stop();
  workers.shutdown();
  await workers.done;
  await app.close();
  await connection.close();
  await sender.close();
  await traces.stop();
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});

async function lookAtOrder(_ref: object, log: Logger): Promise<never> {
  log.info('looking');
  await sender.send({
    method: 'GET',
    url: `${url}/stores/kauppa1/v2/orders/77123?email=aino@example.com`,
    headers: {},
  });
  throw new Error('That is all that is done here.');
}

test('a webhook is followed over relay, workflow and activity to the call to the shop', async () => {
  await app.stores.connect(aStore('kauppa1'));
  const answer = await fetch(`${app.url}/webhooks/bigcommerce/kauppa1`, {
    method: 'POST',
    headers: { 'x-lahetti-secret': 'current-secret', 'webhook-id': 'delivery-1' },
    body: JSON.stringify({ scope: 'store/order/created', data: { type: 'order', id: 77123 } }),
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);

  const path = await eventually(
    () => {
      const call = spans.find(({ name }) => name === 'GET /stores/:id/v2/orders/:id');
      const all = call && pathTo(call);
      return all?.at(0) === 'keep webhook' ? all : undefined;
    },
    { within: 20_000, every: 200 },
  );
  expect(path).toEqual([
    ...['keep webhook', 'hand over hint', 'SignalWithStartWorkflow:order'],
    ...['RunActivity:lookAtOrder', 'GET /stores/:id/v2/orders/:id'],
  ]);
  const root = spans.find(({ name }) => name === 'keep webhook')!;
  expect(new Set(spans.filter(({ traceId }) => traceId === root.traceId).map(({ name }) => name)).size).toBe(5);

  // The lines of the log say which trace, workflow and try they belong to.
  const looking = lines.map((line) => JSON.parse(line) as Record<string, unknown>).find(({ msg }) => msg === 'looking');
  expect(looking).toMatchObject({
    ...{ trace: root.traceId, workflow: 'order/kauppa1/77123', activity: 'lookAtOrder', try: 1 },
  });

  expect(bodies).not.toMatch(/aino|example\.com|current-secret|token-of/);
  expect(shopHeaders).not.toContain('traceparent');
}, 60_000);

/** Names from the root to a span. */
function pathTo(span: Span): string[] {
  const parent = spans.find(({ spanId, traceId }) => spanId === span.parentSpanId && traceId === span.traceId);
  return parent ? [...pathTo(parent), span.name] : [span.name];
}

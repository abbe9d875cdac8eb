import { afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createToken } from '../../src/auth/tokens.ts';
import { usualServerLimits, type ServerLimits } from '../../src/http/server.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { eventually } from '../support/wait.ts';
import { dribble, openSocket, type RawSocket } from './raw-socket.ts';
import { aStore, serveApp, type ServedApp } from './served-app.ts';

let db: TestDatabase;
let token: string;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  db = await testDatabase();
  token = (await createToken(db.pool, 'the operator', 'operator')).token;
});
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

/** What takes a minute of others takes less than a second here. */
const short = { headersMs: 200, requestMs: 400, checkEveryMs: 50 };

async function serve(limits: Partial<ServerLimits>): Promise<ServedApp> {
  const app = await serveApp(db.pool, {}, limits);
  open.push(app);
  return app;
}

async function socketTo(app: ServedApp): Promise<RawSocket> {
  const socket = await openSocket(app.url);
  onTestFinished(() => socket.destroy());
  return socket;
}

const alive = async (app: ServedApp) => (await fetch(`${app.url}/livez`, { headers: { connection: 'close' } })).status;
const head = (lines: readonly string[]) => `${lines.join('\r\n')}\r\n\r\n`;

describe('who says things slowly', () => {
  test('a head that is sent letter by letter is cut off', async () => {
    const app = await serve(short);
    const slow = await socketTo(app);
    slow.write('GET /livez HTTP/1.1\r\nhost: here\r\nx-slow: ');
    onTestFinished(dribble(slow, 'a', 20));
    expect(await slow.ended).toMatch(/^HTTP\/1\.1 408 /);
    expect(await alive(app)).toBe(200);
  });

  test('a connection on which nothing is said is cut off', async () => {
    const app = await serve(short);
    const silent = await socketTo(app);
    expect(await silent.ended).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });

  test.each([
    ['of a command', 'slow1', '/api/v1/orders/slow1/1/reprocess'],
    ['of a webhook', 'slow2', '/webhooks/bigcommerce/slow2'],
  ])('a body %s that comes letter by letter is cut off, and nothing is kept', async (_name, storeHash, path) => {
    const app = await serve(short);
    await app.stores.connect(aStore(storeHash));
    const slow = await socketTo(app);
    slow.write(
      head([
        `POST ${path} HTTP/1.1`,
        ...['host: here', 'content-type: application/json', 'content-length: 5000', 'x-lahetti-secret: current-secret'],
        ...[`authorization: Bearer ${token}`, `idempotency-key: slow-${path.length}`],
      ]),
    );
    slow.write('{"scope": "store/order/updated", "data": {"id": 1}');
    onTestFinished(dribble(slow, ' ', 20));
    expect(await slow.ended).not.toMatch(/HTTP\/1\.1 2/);
    expect(await alive(app)).toBe(200);
    const { rows } = await db.pool.query('select from lahetti.commands union all select from lahetti.inbox');
    expect(rows).toEqual([]);
  });

  test('hundreds of slow connections delay no other client, and are all cut off', async () => {
    const app = await serve(short);
    const slow = await Promise.all(Array.from({ length: 200 }, () => socketTo(app)));
    for (const one of slow) one.write('POST /webhooks/bigcommerce/kauppa1 HTTP/1.1\r\nhost: here\r\n');
    expect(await alive(app)).toBe(200);
    await Promise.all(slow.map(({ ended }) => ended));
    expect(await alive(app)).toBe(200);
  });

  test('a client that asks for much and reads none of it is disconnected', async () => {
    const app = await serve({ connections: 1, silenceMs: 300 });
    const deaf = await socketTo(app);
    deaf.socket.pause();
    // More than the buffers on the way hold.
    deaf.write(head(['GET /api/v1/docs/swagger-ui-bundle.js HTTP/1.1', 'host: here']).repeat(30));
    await expect(alive(app)).rejects.toThrow();
    await eventually(async () => (await alive(app)) === 200);
  });
});

describe('who says too much', () => {
  test('a request with too large a header is answered 431', async () => {
    const app = await serve({});
    const socket = await socketTo(app);
    socket.write(head(['GET /livez HTTP/1.1', 'host: here', `x-long: ${'a'.repeat(usualServerLimits.headerBytes)}`]));
    expect(await socket.ended).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('a request with too long an address is answered 431', async () => {
    const app = await serve({});
    const socket = await socketTo(app);
    socket.write(head([`GET /api/v1/orders?recipient=${'a'.repeat(20_000)} HTTP/1.1`, 'host: here']));
    expect(await socket.ended).toMatch(/^HTTP\/1\.1 431 /);
  });

  const labels = (how: string) =>
    head([
      ...['POST /api/v1/labels/pdf HTTP/1.1', 'host: here', 'content-type: application/json'],
      ...[`authorization: Bearer ${token}`, how],
    ]);
  const piece = `${(60_000).toString(16)}\r\n${' '.repeat(60_000)}\r\n`;

  test('a request with too large a declared body is answered 413 before it has come', async () => {
    const app = await serve({});
    const socket = await socketTo(app);
    socket.write(labels('content-length: 90000000'));
    expect(await socket.ended).toMatch(/^HTTP\/1\.1 413 [^]*"code":"body_too_large"/);
  });

  test('a request with too large a body of undeclared length is answered 413, and none of it is kept', async () => {
    const app = await serve({});
    const socket = await socketTo(app);
    socket.write(labels('transfer-encoding: chunked'));
    for (let sent = 0; sent < 3; sent += 1) socket.write(piece);
    socket.write('0\r\n\r\n');
    await eventually(() => /^HTTP\/1\.1 413 [^]*"code":"body_too_large"/.test(socket.received()));
  });

  test('a request with an endless body is cut off', async () => {
    const app = await serve(short);
    const socket = await socketTo(app);
    socket.write(labels('transfer-encoding: chunked'));
    onTestFinished(dribble(socket, piece, 0));
    for (let sent = 0; sent < 3; sent += 1) socket.write(piece);
    expect(await socket.ended).not.toMatch(/HTTP\/1\.1 2/);
  });

  test('a request with a compressed body is answered 413 before all of it is unpacked', async () => {
    const { gzipSync } = await import('node:zlib');
    const app = await serve({});
    const answer = await fetch(`${app.url}/api/v1/labels/pdf`, {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-encoding': 'gzip' },
      },
      body: gzipSync(Buffer.alloc(50 * 1024 * 1024, ' ')),
    });
    expect(answer.status).toBe(413);
  });
});

test('what is no HTTP is answered 400 and cut off', async () => {
  const app = await serve({});
  const socket = await socketTo(app);
  socket.write('\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n');
  expect(await socket.ended).toMatch(/^HTTP\/1\.1 400 /);
  expect(await alive(app)).toBe(200);
});

test('two lengths of one body are refused, so that no proxy in front reads it otherwise', async () => {
  const app = await serve({});
  const socket = await socketTo(app);
  socket.write(
    head(['POST /webhooks/bigcommerce/x HTTP/1.1', 'host: here', 'content-length: 4', 'transfer-encoding: chunked']),
  );
  expect(await socket.ended).toMatch(/^HTTP\/1\.1 400 /);
});

describe('more connections than there is room for', () => {
  test('connections above the limit are closed at once, and places that become free are used again', async () => {
    const app = await serve({ connections: 3 });
    const held = await Promise.all([socketTo(app), socketTo(app), socketTo(app)]);
    expect(await (await socketTo(app)).ended).toBe('');
    held[0].destroy();
    await eventually(async () => (await alive(app)) === 200);
  });
});

describe('every answer', () => {
  test.each([
    ['of a route', '/livez', 200],
    ['of a path that there is not', '/nothing', 404],
    ['without a token', '/api/v1/stores', 401],
    ['of the page', '/api/v1/docs/', 200],
    ['of a webhook', '/webhooks/bigcommerce/nobody', 401, 'POST'],
    ['of a webhook whose address cannot be read', '/webhooks/bigcommerce/%', 400, 'POST'],
  ])('every answer %s has the headers that keep a browser from running, framing or sharing it', async (...row) => {
    const [, path, status, method = 'GET'] = row as [string, string, number, string?];
    const app = await serve({});
    const { headers, status: got } = await fetch(app.url + path, {
      method,
      headers: { origin: 'https://evil.example' },
    });
    expect(got).toBe(status);
    expect(headers.get('content-security-policy')).toMatch(/default-src 'none'/);
    expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toMatch(/max-age=\d{7,}/);
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(headers.get('x-powered-by')).toBeNull();
  });

  test('every answer to a cross-origin preflight is a refusal', async () => {
    const app = await serve({});
    const answer = await fetch(`${app.url}/api/v1/stores`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    });
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(answer.status).toBe(401);
  });
});

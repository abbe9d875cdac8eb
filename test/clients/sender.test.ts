import { createServer, type AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { SendFailure } from '../../src/http-client/send-failure.ts';
import { createHttpSender, type HttpRequest, type HttpSenderDeps } from '../../src/http-client/sender.ts';
import { eventually } from '../support/wait.ts';
import { inTurn, startServer, type Reply } from './server.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function serverThat(...replies: Reply[]) {
  const server = await startServer(inTurn(...replies));
  closers.push(server.close);
  return server;
}

async function failureOf(request: HttpRequest, deps: HttpSenderDeps = {}): Promise<SendFailure> {
  const sender = createHttpSender(deps);
  const failure: unknown = await sender.send(request).then(
    (answer) => expect.fail(`answered ${answer.status}`),
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(SendFailure);
  return failure as SendFailure;
}

const post = (url: string): HttpRequest => ({ method: 'POST', url, headers: {}, body: '{"a":1}' });

test('an answer comes back whole, whatever its status', async () => {
  const server = await serverThat({ status: 500, headers: { 'X-Some': 'thing' }, body: 'Välillä näin' });
  const sender = createHttpSender();
  closers.push(sender.close);
  const answer = await sender.send(post(`${server.url}/x`));
  expect(answer.status).toBe(500);
  expect(answer.headers['x-some']).toBe('thing');
  expect(answer.text()).toBe('Välillä näin');
  expect(server.received[0]).toMatchObject({ method: 'POST', path: '/x', body: '{"a":1}' });
});

test('redirects are answers and are not followed', async () => {
  const server = await serverThat({ status: 301, headers: { location: '/elsewhere' } });
  const sender = createHttpSender();
  closers.push(sender.close);
  expect((await sender.send({ method: 'GET', url: server.url, headers: {} })).status).toBe(301);
  expect(server.received).toHaveLength(1);
});

test('a refused connection is known to have carried nothing', async () => {
  const server = await serverThat({ status: 200 });
  await server.close();
  expect(await failureOf(post(server.url))).toMatchObject({ kind: 'not_sent', reason: 'connection_refused' });
});

test('a host name that does not exist is known to have been sent nothing', async () => {
  expect(await failureOf(post('http://posti.invalid/'))).toMatchObject({ kind: 'not_sent', reason: 'name_not_found' });
});

test('a connection that cannot be made trusted is known to have carried no request', async () => {
  // Speaks no TLS: the handshake fails after the TCP connection was opened.
  const server = createServer((socket) => socket.once('data', () => socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  expect((await failureOf(post(`https://127.0.0.1:${port}/`))).kind).toBe('not_sent');
});

test('a reset after the request was read may have been carried out', async () => {
  const server = await serverThat({ harm: 'reset' });
  expect(await failureOf(post(server.url))).toMatchObject({ kind: 'no_answer', reason: 'reset', status: null });
});

test('half an answer may have been carried out, and the status that came is kept', async () => {
  const server = await serverThat({ harm: 'half', status: 200, body: '[{"id":"1"' });
  expect(await failureOf(post(server.url))).toMatchObject({ kind: 'no_answer', reason: 'answer_cut', status: 200 });
});

test('silence ends with the time for the whole call, and may have been carried out', async () => {
  const server = await serverThat({ harm: 'never' });
  const failure = await failureOf(post(server.url), { timeouts: { total: 100 } });
  expect(failure).toMatchObject({ kind: 'no_answer', reason: 'total_timeout' });
  expect(server.received).toHaveLength(1);
});

test('silence ends with the time limit for an answer, and may have been carried out', async () => {
  const server = await serverThat({ harm: 'never' });
  const failure = await failureOf(post(server.url), { timeouts: { headers: 100 } });
  expect(failure).toMatchObject({ kind: 'no_answer', reason: 'answer_timeout' });
});

test('an answer beyond the limit is cut off and counts as none', async () => {
  const server = await serverThat({ status: 200, body: 'x'.repeat(200_000) });
  const failure = await failureOf({ ...post(server.url), maxBytes: 100_000 });
  expect(failure).toMatchObject({ kind: 'no_answer', reason: 'too_large', status: 200 });
});

test('connections that a burst opened are closed when no more calls are made, also where the server would keep them longer', async () => {
  const server = await serverThat({ status: 200, headers: { connection: 'keep-alive', 'keep-alive': 'timeout=65' } });
  const sender = createHttpSender({ idleMs: 100 });
  closers.push(sender.close);
  await Promise.all(Array.from({ length: 8 }, () => sender.send(post(server.url))));
  // Sooner than the test's server would close them by itself.
  await eventually(async () => (await server.connections()) === 0, { within: 3_000 });
});

test('a caller that gives up while waiting is told that the request went out', async () => {
  const server = await serverThat({ harm: 'never' });
  const caller = new AbortController();
  const failure = failureOf({ ...post(server.url), signal: caller.signal });
  await expect.poll(() => server.received.length).toBe(1);
  caller.abort();
  expect(await failure).toMatchObject({ kind: 'no_answer', reason: 'aborted' });
});

test('a caller that had given up before sends nothing', async () => {
  const server = await serverThat({ status: 200 });
  const failure = await failureOf({ ...post(server.url), signal: AbortSignal.abort() });
  expect(failure).toMatchObject({ kind: 'not_sent', reason: 'aborted' });
  expect(server.received).toHaveLength(0);
});

test('failures say nothing of host, path or body', async () => {
  const server = await serverThat({ harm: 'reset' });
  const { message } = await failureOf(post(`${server.url}/secret-path`));
  expect(message).toBe('the connection broke before the answer');
});

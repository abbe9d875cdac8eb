import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a test server got. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** How a test server answers one request; `whole` is the usual way, the others do harm. */
export type Reply =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  | { readonly harm: 'reset' | 'never' }
  | { readonly harm: 'half'; readonly status: number; readonly body: string };

export interface TestServer {
  readonly url: string;
  readonly host: string;
  readonly received: Received[];
  /** How many are open now. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

/** A real HTTP server on the loopback whose answers a test decides, one request at a time. */
export async function startServer(reply: (request: Received, server: { url: string }) => Reply): Promise<TestServer> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const got = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      received.push(got);
      answer(response, reply(got, { url }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    host: `127.0.0.1:${port}`,
    received,
    connections: () =>
      new Promise((resolve, reject) => {
        server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers in this order; the last one again and again. */
export function inTurn(...replies: Reply[]): () => Reply {
  let next = 0;
  return () => replies[Math.min(next++, replies.length - 1)]!;
}

function answer(response: ServerResponse, reply: Reply): void {
  if ('harm' in reply) {
    switch (reply.harm) {
      case 'never':
        return;
      case 'reset':
        response.socket?.resetAndDestroy();
        return;
      case 'half':
        response.writeHead(reply.status, {
          'content-type': 'application/json',
          'content-length': reply.body.length * 2,
        });
        response.write(reply.body, () => response.socket?.destroy());
        return;
    }
  }
  const { status, headers, body } = reply;
  const text =
    typeof body === 'string' || Buffer.isBuffer(body) ? body : body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

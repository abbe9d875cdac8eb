import { createServer, type RequestListener, type Server } from 'node:http';

/** What one client may cost, before anything of ours has seen its request. Times in milliseconds. */
export interface ServerLimits {
  /** Until the head of a request is whole, from the opening of the connection or the end of the request before. */
  readonly headersMs: number;
  /** Until all of a request is here, its body too. Then it is answered 408, and the connection is closed. */
  readonly requestMs: number;
  /** Without a byte in either direction: who reads no answer, or waits for ever. Streams of ours write every 15 seconds. */
  readonly silenceMs: number;
  /** How often the first two are looked at. */
  readonly checkEveryMs: number;
  /** Of a request's head; a longer one is answered 431. */
  readonly headerBytes: number;
  /** Open at once; one more is closed at once. */
  readonly connections: number;
}

export const usualServerLimits: ServerLimits = {
  headersMs: 10_000,
  // 8 MB, the largest body of the API, come through within it at 1.1 Mbit/s.
  requestMs: 60_000,
  silenceMs: 120_000,
  checkEveryMs: 2_000,
  headerBytes: 16 * 1024,
  connections: 2_000,
};

/** A server that somebody who says everything slowly, or nothing at all, holds up for a while only. Does not listen yet. */
export function createLimitedServer(app: RequestListener, limits: Partial<ServerLimits> = {}): Server {
  const { headersMs, requestMs, silenceMs, checkEveryMs, headerBytes, connections } = {
    ...usualServerLimits,
    ...limits,
  };
  const server = createServer(
    {
      headersTimeout: headersMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: checkEveryMs,
      maxHeaderSize: headerBytes,
    },
    app,
  );
  server.maxConnections = connections;
  server.setTimeout(silenceMs);
  return server;
}

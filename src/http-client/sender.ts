import { Agent, request as undiciRequest, type Dispatcher } from 'undici';
import { noticeStart } from './notice-start.ts';
import { SendFailure, toSendFailure } from './send-failure.ts';

/** One HTTP request, as both clients send it. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Larger answers are cut off and count as no answer. Default 5 MB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case; repeated headers are joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array;
  readonly durationMs: number;
  /** The body as UTF-8. */
  text(): string;
}

/** Milliseconds. `total` counts from the call of `send` to the last byte of the answer. */
export interface SendTimeouts {
  readonly connect: number;
  readonly headers: number;
  readonly body: number;
  readonly total: number;
}

export interface HttpSender {
  /**
   * Sends once: no retries, no redirects followed. Every status is an answer.
   * @throws SendFailure which tells whether anything can have reached the other side
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Waits for what is under way, then closes the kept-alive connections. */
  close(): Promise<void>;
}

export interface HttpSenderDeps {
  readonly timeouts?: Partial<SendTimeouts>;
  /** Parallel connections to one host. */
  readonly connections?: number;
  /** Milliseconds that a connection on which nothing is asked is kept. Default 20 s, or less where the server says so. */
  readonly idleMs?: number;
}

const defaultTimeouts: SendTimeouts = { connect: 5_000, headers: 30_000, body: 30_000, total: 45_000 };
const defaultMaxBytes = 5 * 1024 * 1024;
// Shorter than the idle limit of common load balancers, so that we seldom write into a connection just closed.
const defaultIdleMs = 20_000;

export function createHttpSender(deps: HttpSenderDeps = {}): HttpSender {
  const timeouts = { ...defaultTimeouts, ...deps.timeouts };
  const idleMs = deps.idleMs ?? defaultIdleMs;
  const agent = new Agent({
    connections: deps.connections ?? 32,
    connect: { timeout: timeouts.connect },
    headersTimeout: timeouts.headers,
    bodyTimeout: timeouts.body,
    keepAliveTimeout: idleMs,
    // A server may ask for less. More is not taken: there may be a load balancer between that does not know of it, and
    // what one burst opened would be held for as long as it likes.
    keepAliveMaxTimeout: idleMs,
    pipelining: 1,
  });

  return {
    async send(request) {
      const startedAt = performance.now();
      const elapsed = () => Math.round(performance.now() - startedAt);
      const limit = startLimit(timeouts.total, request.signal);
      let started = false;
      let status: number | null = null;
      try {
        const answer = await undiciRequest(request.url, {
          method: request.method,
          headers: { ...request.headers },
          body: request.body ?? null,
          signal: limit.signal,
          dispatcher: noticeStart(agent, () => (started = true)),
        });
        status = answer.statusCode;
        const bytes = await readBody(answer.body, request.maxBytes ?? defaultMaxBytes);
        return {
          status,
          headers: flatten(answer.headers),
          bytes,
          durationMs: elapsed(),
          text: () => bytes.toString('utf8'),
        };
      } catch (error) {
        throw toSendFailure(error, { started, status, timedOut: limit.timedOut(), durationMs: elapsed() });
      } finally {
        limit.stop();
      }
    },
    close: () => agent.close(),
  };
}

/** A signal that fires when the caller's does or when the time is up. Its timer and listener end with `stop`. */
function startLimit(totalMs: number, outer: AbortSignal | undefined) {
  const controller = new AbortController();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    controller.abort();
  }, totalMs);
  const onAbort = () => controller.abort();
  if (outer?.aborted) controller.abort();
  outer?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    timedOut: () => timedOut,
    stop() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onAbort);
    },
  };
}

async function readBody(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new SendFailure('no_answer', 'too_large', { status: null, durationMs: 0 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

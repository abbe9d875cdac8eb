import { isAppError } from '../../errors.ts';
import type { Call, ExchangeSink } from '../../exchanges/exchange.ts';
import { readableBody, redactExchange, redactPath } from '../../exchanges/redact.ts';
import { SendFailure } from '../../http-client/send-failure.ts';
import type { HttpAnswer, HttpSender } from '../../http-client/sender.ts';
import { isPdf } from './pdf.ts';

/** What came back, or why nothing did. */
export type PostiResult =
  | {
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly text: string;
      readonly bytes: Uint8Array;
    }
  | { readonly failure: SendFailure };

export interface Ask {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** In our words, like `book shipment`. */
  readonly purpose: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** What the log shows of the request; it is redacted there. */
  readonly logged?: unknown;
  readonly maxBytes?: number;
  readonly call: Call;
}

/** What a call came to: `settle` gives its value or throws its error. */
export interface Settled<T> {
  readonly status: number | null;
  /** Of what `settle` throws, or of a value that tells of an error. */
  readonly errorCode: string | null;
  readonly settle: () => T;
}

export interface PostiRequests {
  /**
   * Sends once and writes one exchange. `read` turns the result into a value or throws an AppError; `codeOf` names the
   * error of a value that tells of one.
   */
  ask<T>(it: Ask, read: (result: PostiResult) => T, codeOf?: (value: T) => string | null): Promise<Settled<T>>;
}

export interface PostiRequestDeps {
  readonly accountId: string;
  readonly userAgent: string;
  readonly sender: HttpSender;
  readonly log: ExchangeSink;
  readonly clock: { now(): Date };
}

export function createPostiRequests(deps: PostiRequestDeps): PostiRequests {
  return {
    async ask(it, read, codeOf = () => null) {
      const at = deps.clock.now();
      const { result, durationMs } = await send(deps, it);
      const status = 'failure' in result ? result.failure.status : result.status;
      const settled = settle(result, read, codeOf);
      deps.log({
        system: 'posti',
        account: deps.accountId,
        at,
        method: it.method,
        path: redactPath(pathOf(it.url)),
        purpose: it.purpose,
        status,
        durationMs,
        errorCode: settled.errorCode,
        requestId:
          'failure' in result ? null : (result.headers['x-request-id'] ?? result.headers['x-amz-cf-id'] ?? null),
        ...redactExchange(it.logged ?? null, loggedAnswer(result)),
        about: it.call.about,
      });
      return { status, ...settled };
    },
  };
}

async function send(deps: PostiRequestDeps, it: Ask): Promise<{ result: PostiResult; durationMs: number }> {
  try {
    const answer = await deps.sender.send({
      method: it.method,
      url: it.url,
      // Posti's gateway wants one (posti.md 2, User-Agent).
      headers: { accept: 'application/json', 'user-agent': deps.userAgent, ...it.headers },
      ...(it.body === undefined ? {} : { body: it.body }),
      ...(it.maxBytes === undefined ? {} : { maxBytes: it.maxBytes }),
      ...(it.call.signal === undefined ? {} : { signal: it.call.signal }),
    });
    return { result: toResult(answer), durationMs: answer.durationMs };
  } catch (error) {
    if (error instanceof SendFailure) return { result: { failure: error }, durationMs: error.durationMs };
    throw error;
  }
}

const toResult = (answer: HttpAnswer): PostiResult => ({
  status: answer.status,
  headers: answer.headers,
  bytes: answer.bytes,
  text: answer.text(),
});

function settle<T>(
  result: PostiResult,
  read: (result: PostiResult) => T,
  codeOf: (value: T) => string | null,
): { settle: () => T; errorCode: string | null } {
  try {
    const value = read(result);
    return { settle: () => value, errorCode: codeOf(value) };
  } catch (error) {
    return {
      settle: () => {
        throw error;
      },
      errorCode: isAppError(error) ? error.code : 'bug',
    };
  }
}

function loggedAnswer(result: PostiResult): unknown {
  if ('failure' in result) return result.failure.message;
  return isPdf(result.bytes) ? `‹PDF of ${result.bytes.length} bytes›` : readableBody(result.text);
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}

/**
 * - `not_sent`: the connection was never opened, so the other side cannot have done anything
 * - `no_answer`: the request went out, or may have, and no whole answer came back
 */
export type SendFailureKind = 'not_sent' | 'no_answer';

export type SendFailureReason =
  | 'connection_refused'
  | 'name_not_found'
  | 'connect_timeout'
  | 'tls'
  | 'unreachable'
  | 'reset'
  | 'answer_timeout'
  | 'total_timeout'
  | 'answer_cut'
  | 'too_large'
  | 'aborted';

interface Circumstances {
  /** The status, where the head of the answer had come. */
  readonly status: number | null;
  readonly durationMs: number;
  readonly cause?: unknown;
}

/** Why there is no whole answer. The message holds no host, no path and no body. */
export class SendFailure extends Error {
  readonly kind: SendFailureKind;
  readonly reason: SendFailureReason;
  readonly status: number | null;
  readonly durationMs: number;

  constructor(kind: SendFailureKind, reason: SendFailureReason, circumstances: Circumstances) {
    super(`${wordsOf[reason]}${kind === 'not_sent' ? ' (nothing was sent)' : ''}`, { cause: circumstances.cause });
    this.name = 'SendFailure';
    this.kind = kind;
    this.reason = reason;
    this.status = circumstances.status;
    this.durationMs = circumstances.durationMs;
  }
}

const wordsOf: Record<SendFailureReason, string> = {
  connection_refused: 'the connection was refused',
  name_not_found: 'the host name was not found',
  connect_timeout: 'the connection could not be opened in time',
  tls: 'no trusted connection could be made',
  unreachable: 'the connection could not be opened',
  reset: 'the connection broke before the answer',
  answer_timeout: 'no answer came in time',
  total_timeout: 'the whole time for the call was used up',
  answer_cut: 'the answer broke off',
  too_large: 'the answer was too large',
  aborted: 'the call was given up',
};

/** Puts whatever undici threw into our words. `started`: the request had been handed to an open connection. */
export function toSendFailure(
  error: unknown,
  seen: { started: boolean; status: number | null; timedOut: boolean; durationMs: number },
): SendFailure {
  const kind = seen.started ? 'no_answer' : 'not_sent';
  const reason = error instanceof SendFailure ? error.reason : reasonOf(error, seen);
  return new SendFailure(kind, reason, { status: seen.status, durationMs: seen.durationMs, cause: error });
}

function reasonOf(
  error: unknown,
  seen: { started: boolean; status: number | null; timedOut: boolean },
): SendFailureReason {
  const code = codeOf(error);
  if (seen.timedOut) return 'total_timeout';
  if (code === 'UND_ERR_ABORTED' || (error instanceof Error && error.name === 'AbortError')) return 'aborted';
  if (!seen.started) return openingReason(code);
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return 'answer_timeout';
  return seen.status === null ? 'reset' : 'answer_cut';
}

function openingReason(code: string): SendFailureReason {
  if (code === 'ECONNREFUSED') return 'connection_refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'name_not_found';
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'connect_timeout';
  if (/CERT|TLS|SSL|EPROTO|SIGNATURE|ISSUER/.test(code)) return 'tls';
  return 'unreachable';
}

/** The code of an error; of the first of several, where a host has more than one address. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

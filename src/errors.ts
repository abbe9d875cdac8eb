/** The errors of the house, and the one place that says what each kind means to the engine and to HTTP. */

/**
 * - `refused`: the other side said no, and will say no again
 * - `retryable`: it may work later (network, 5xx, maintenance)
 * - `throttled`: it will work after `retryAfterMs`
 * - `credentials`: the account is not let in; nothing of this order's fault
 * - `forbidden`: the account is let in, and may not do this: a scope is missing, or this one object is not for it
 * - `outcome_unknown`: sent, but nobody can say what came of it
 * - `not_found`, `conflict`, `invalid`: of the request at hand
 * - `paused`: the system's row in `system_health` says to wait
 */
export type ErrorKind =
  | 'refused'
  | 'retryable'
  | 'throttled'
  | 'credentials'
  | 'forbidden'
  | 'outcome_unknown'
  | 'not_found'
  | 'conflict'
  | 'invalid'
  | 'paused';

export interface AppErrorOptions {
  readonly kind: ErrorKind;
  /** Stable name for programs, like `posti_unreachable`. */
  readonly code: string;
  /** What the reader can do now. */
  readonly advice?: string;
  readonly retryAfterMs?: number;
  /** HTTP status of the other side, where there was one. */
  readonly status?: number;
  /** The other side's id of the request, for its support. */
  readonly requestId?: string;
  /** It tells of the one thing that was asked for, and nothing of the system: `system_health` is left as it is. */
  readonly ofThisRequest?: boolean;
  /** The other side's own words. May hold personal data: goes to Postgres only, never to logs or the engine. */
  readonly words?: string;
  readonly cause?: unknown;
}

/** `message` is for people, and free of personal data and secrets: it reaches logs and workflow histories. */
export class AppError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly advice: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly words: string | undefined;
  readonly ofThisRequest: boolean;

  constructor(message: string, options: AppErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.kind = options.kind;
    this.code = options.code;
    this.advice = options.advice;
    this.retryAfterMs = options.retryAfterMs;
    this.status = options.status;
    this.requestId = options.requestId;
    this.words = options.words;
    this.ofThisRequest = options.ofThisRequest ?? false;
  }
}

export const isAppError = (error: unknown): error is AppError => error instanceof AppError;

/** Whether the same request may succeed later without anybody changing anything. */
export function canRetryHelp(kind: ErrorKind): boolean {
  switch (kind) {
    case 'retryable':
    case 'throttled':
    case 'credentials':
    case 'forbidden':
    case 'paused':
    case 'outcome_unknown':
      return true;
    case 'refused':
    case 'not_found':
    case 'conflict':
    case 'invalid':
      return false;
    default:
      return kind satisfies never;
  }
}

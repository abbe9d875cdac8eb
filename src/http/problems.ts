import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import { isAppError, type ErrorKind } from '../errors.ts';
import type { Logger } from '../log.ts';

/** An answer of RFC 9457, `application/problem+json`. `code` never changes; the sentences may. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  /** A sentence for people. */
  readonly detail: string;
  /** What the reader can do now. */
  readonly advice?: string | undefined;
  /** Milliseconds after which asking again may help. */
  readonly retryAfterMs?: number | undefined;
  /** Members of its own beside those of every problem. */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
}

/** An answer that no kind of AppError stands for: a precondition, a limit, members of its own. */
export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

export function sendProblem(res: Response, problem: Problem): void {
  const { status, code, detail, advice, retryAfterMs, more } = problem;
  if (retryAfterMs !== undefined) res.set('retry-after', String(Math.ceil(retryAfterMs / 1000)));
  res
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        ...more,
        ...{ type: `urn:lahetti:problem:${code}`, title: titles[status], status, code, detail, advice },
      }),
    );
}

/** For a path that we do not have. */
export const noSuchPath: RequestHandler = (_req, res) =>
  sendProblem(res, { status: 404, code: 'no_such_path', detail: 'There is nothing at this path.' });

/** The last handler: says in the house's words what went wrong, and nothing that only a log should have. */
export function problemHandler(log: Pick<Logger, 'error' | 'warn'>): ErrorRequestHandler {
  return (err: unknown, req, res, next) => {
    if (res.headersSent) return next(err);
    const problem = problemOf(err);
    if (problem.status >= 500) log.error({ err, method: req.method, route: routeOf(req.route) }, 'a request failed');
    sendProblem(res, problem);
  };
}

export function problemOf(err: unknown): Problem {
  if (err instanceof ProblemError) return err.problem;
  if (isAppError(err)) {
    const { code, message: detail, advice, retryAfterMs } = err;
    return { status: statusOf(err.kind), code, detail, advice, retryAfterMs };
  }
  if (isDatabaseAway(err)) {
    const detail = 'Our database does not answer.';
    return { status: 503, code: 'database_away', detail, advice: 'Ask again in a moment.', retryAfterMs: 5_000 };
  }
  // What body-parser and Express's own router say (`entity.too.large`, a malformed %-sequence).
  const { status, type } = (err ?? {}) as { status?: unknown; type?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return { status, ...(bodyProblems[String(type)] ?? unreadable) };
  }
  return { status: 500, code: 'internal_error', detail: 'Something went wrong on our side. The log says what.' };
}

type Told = Pick<Problem, 'code' | 'detail'>;

export const tooLarge: Told = { code: 'body_too_large', detail: 'The body is larger than this path takes.' };
const unreadable = { code: 'unreadable_request', detail: 'The request could not be read.' };
const notJson = { code: 'invalid_json', detail: 'The body is not JSON.' };

/** What body-parser calls what it could not read. */
const bodyProblems: Readonly<Record<string, Told>> = {
  'entity.parse.failed': notJson,
  'entity.too.large': tooLarge,
  'encoding.unsupported': {
    code: 'encoding_unsupported',
    detail: 'The body is packed in a way that is not read here.',
  },
  'charset.unsupported': { code: 'charset_unsupported', detail: 'The body has to be UTF-8.' },
};

function statusOf(kind: ErrorKind): number {
  switch (kind) {
    case 'invalid':
      return 400;
    case 'not_found':
      return 404;
    case 'conflict':
      return 409;
    case 'refused':
      return 422;
    case 'credentials':
    case 'forbidden':
    case 'outcome_unknown':
      return 502;
    case 'retryable':
    case 'throttled':
    case 'paused':
      return 503;
    default:
      return kind satisfies never;
  }
}

/** Connection refused or lost, a pool without a free connection, a server that starts or stops (SQLSTATE 08, 53, 57P). */
export function isDatabaseAway(err: unknown): boolean {
  if (!(err instanceof Error)) return false;
  const code = (err as { code?: unknown }).code;
  if (typeof code === 'string' && /^(08|53|57P|ECONN|ENOTFOUND|EPIPE|ETIMEDOUT|ENOENT)/.test(code)) return true;
  return /timeout exceeded when trying to connect|Connection terminated|Cannot use a pool after/.test(err.message);
}

/** The route's pattern: a path itself may hold what a person typed. */
function routeOf(route: unknown): string | undefined {
  const path = (route as { path?: unknown } | undefined)?.path;
  return typeof path === 'string' ? path : undefined;
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

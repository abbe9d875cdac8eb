import type { RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { ProblemError } from './problems.ts';

/** Requests to the API in a minute, as each process counts them for itself. Null: as many as they like. */
export interface RequestLimits {
  readonly perAddress: number | null;
  readonly perToken: number | null;
}

export const noLimits: RequestLimits = { perAddress: null, perToken: null };

/** Of everything beneath /api/v1, with or without a valid token. Webhooks and health have no limit: a hook is never lost to one. */
export const limitPerAddress = ({ perAddress }: RequestLimits): RequestHandler =>
  limiter(perAddress, 'address', (req) => ipKeyGenerator(req.ip ?? 'unknown'));

/** @param idOf whose token the request came with */
export const limitPerToken = (
  { perToken }: RequestLimits,
  idOf: (res: Parameters<RequestHandler>[1]) => number,
): RequestHandler => limiter(perToken, 'token', (_req, res) => String(idOf(res)));

function limiter(
  limit: number | null,
  identifier: string,
  keyOf: (req: Parameters<RequestHandler>[0], res: Parameters<RequestHandler>[1]) => string,
): RequestHandler {
  if (limit === null) return (_req, _res, next) => next();
  return rateLimit({
    windowMs: 60_000,
    limit,
    identifier,
    keyGenerator: keyOf,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Who is behind which proxy is said once, in the app's `trust proxy`; a header that nobody trusts is no mistake of ours.
    validate: { xForwardedForHeader: false, forwardedHeader: false },
    handler: (req, _res, next) => {
      const resetTime = (req as { rateLimit?: { resetTime?: Date } }).rateLimit?.resetTime;
      next(tooMany(identifier, limit, Math.max(1_000, (resetTime?.getTime() ?? 0) - Date.now())));
    },
  });
}

const tooMany = (whose: string, limit: number, retryAfterMs: number): ProblemError =>
  new ProblemError({
    status: 429,
    code: 'too_many_requests',
    detail: `More than ${limit} requests a minute came with this ${whose}.`,
    advice: 'Ask again when Retry-After says so.',
    retryAfterMs,
  });

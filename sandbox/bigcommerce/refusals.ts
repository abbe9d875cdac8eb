import type { ErrorRequestHandler } from 'express';

/** An answer other than success, with the body that the wire gives it. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: unknown;

  constructor(status: number, body: unknown) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
  }
}

interface V2Problem {
  message: string;
  details?: Record<string, unknown>;
}

/** V2 answers an array, possibly with several entries (bigcommerce.md 6.4). */
export function v2Refusal(status: number, ...problems: V2Problem[]): Refusal {
  return new Refusal(
    status,
    problems.map((problem) => ({ status, ...problem })),
  );
}

export const v2NotFound = () => v2Refusal(404, { message: 'The requested resource was not found.' });

export const readOnlyField = (name: string) =>
  v2Refusal(400, {
    message: `The field '${name}' cannot be written to. Please remove it from your request before trying again.`,
  });

/** The exact texts for most bad fields are a gap (bigcommerce.md 3.6); this is the shape that the known ones share. */
export const invalidField = (name: string, reason: string) =>
  v2Refusal(400, { message: `The field '${name}' is invalid.`, details: { invalid_reason: reason } });

/** What the real system does and this stand-in doesn't: said aloud rather than ignored. */
export const notSimulated = (what: string) =>
  v2Refusal(501, { message: `The sandbox does not simulate this: ${what}.` });

/** V3 and the gateway answer an object, the gateway also on V2 paths (bigcommerce.md 6.4). */
export function v3Refusal(status: number, title: string, errors: Record<string, string> = {}): Refusal {
  const type = 'https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes';
  return new Refusal(status, { status, title, type, errors });
}

export const v3NotFound = () => v3Refusal(404, 'The requested resource was not found.');

/** Answers refusals as they are, and bodies that are no JSON as the generation of the path would. */
export const answerRefusal: ErrorRequestHandler = (error: unknown, req, res, next) => {
  const isV3 = req.originalUrl.includes('/v3/');
  if (res.headersSent) return next(error);
  if (error instanceof Refusal) return void res.status(error.status).json(error.body);
  if (error instanceof SyntaxError) {
    const refusal = isV3
      ? v3Refusal(400, 'Input is invalid')
      : v2Refusal(400, { message: 'The request body is not valid JSON.' });
    return void res.status(400).json(refusal.body);
  }
  next(error);
};

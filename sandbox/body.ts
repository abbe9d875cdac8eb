import express, { type Request, type RequestHandler } from 'express';

/**
 * Keeps every request body as the text that came in, in `req.body`.
 * Mounted before everything else: faults match on the text, and each stand-in parses, and refuses, in its own words.
 */
export function rawBody(): RequestHandler {
  return express.text({ type: () => true, limit: '5mb' });
}

/** The text of the body, '' when there is none. */
export function bodyText(req: Request): string {
  return typeof req.body === 'string' ? req.body : '';
}

/** The body as JSON, undefined when there is none. @throws SyntaxError when it is something else. */
export function bodyJson(req: Request): unknown {
  const text = bodyText(req);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

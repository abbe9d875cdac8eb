import type { Request, Response } from 'express';
import type { z } from 'zod';
import { bodyJson } from '../body.ts';
import { gatewayError } from './answers.ts';

/** The body of a gateway request, or undefined after it was refused: with 400 for unknown fields, too (posti.md 5). */
export function readStrictly<T>(req: Request, res: Response, schema: z.ZodType<T>): T | undefined {
  let body: unknown;
  try {
    body = bodyJson(req);
  } catch {
    gatewayError(res, 'JSON_DECODE_ERROR', 'JSON decode error');
    return undefined;
  }
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const details = read.error.issues.map((issue) => ({
    loc: ['body', ...issue.path, ...(issue.code === 'unrecognized_keys' ? issue.keys : [])],
    msg: issue.code === 'unrecognized_keys' ? 'Extra inputs are not permitted' : issue.message,
  }));
  gatewayError(res, 'VALIDATION_ERROR', 'Request validation failed', details);
  return undefined;
}

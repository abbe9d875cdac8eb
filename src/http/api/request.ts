import type { z } from 'zod';
import { AppError } from '../../errors.ts';

/** @throws AppError `invalid_request` that names each wrong field, without its value */
export function parseRequest<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the request'}: ${issue.message}`);
  throw new AppError(`The request is not valid: ${problems.join('; ')}.`, { kind: 'invalid', code: 'invalid_request' });
}

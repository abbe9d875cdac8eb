import { z } from 'zod';
import { AppError } from '../../errors.ts';

const storeHash = z.string().regex(/^[a-z0-9]{1,40}$/, 'is not a store hash');
const orderId = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

export const orderPath = z.object({ storeHash, orderId });
export const labelPath = z.object({ id });

/** A page of a list: `limit` rows that come after the row `after`. */
export const page = z.object({ limit: z.coerce.number().int().min(1).max(200).default(50), after: id.optional() });

export const orderSearch = page.extend({
  store: storeHash.optional(),
  tracking: z.string().min(3).max(50).optional(),
  number: orderId.optional(),
  phase: z.enum(['waiting', 'under_way', 'needs_attention', 'done', 'ignored', 'cancelled']).optional(),
});
export type OrderSearch = z.infer<typeof orderSearch>;
export type Page = z.infer<typeof page>;

/** @throws AppError `invalid_request` that names each wrong parameter, without its value */
export function parseRequest<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new AppError(`The request is not valid: ${problems.join('; ')}.`, { kind: 'invalid', code: 'invalid_request' });
}

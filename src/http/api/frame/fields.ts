import { z } from 'zod';

/** Fields that requests and answers of several subjects share. */

export const storeHash = z.string().regex(/^[a-z0-9]{1,40}$/, 'is not a store hash');
export const orderId = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);
export const rowId = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

export const orderPath = z.object({ storeHash, orderId });

/** A page of a list: `limit` rows that come after the row `after`. */
export const page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  after: rowId.optional().meta({ description: 'The `next` of the page before.' }),
});
export type Page = z.infer<typeof page>;

/** In a query: a moment that PostgreSQL knows too; JavaScript's own go back to the year -271821. */
export const moment = z.coerce
  .date()
  .refine((at) => at.getUTCFullYear() >= 0 && at.getUTCFullYear() <= 9999, 'has to be in the years 0 to 9999')
  .meta({ type: 'string', format: 'date-time' });

/** In an answer: a Date of ours or the text of JSON from the database, sent as ISO 8601. */
export const instant = z
  .union([z.date().transform((date) => date.toISOString()), z.string()])
  .meta({ id: 'Instant', type: 'string', format: 'date-time' });

/** The same, or null: said outright, since the document makes a nullable reference one that is not. */
export const instantOrNull = instant.nullable().meta({ type: ['string', 'null'] });

/**
 * In an answer: of a schema with a name (an `id`), or null. `.nullable()` would make the document refuse null for a schema that
 * it has met before, and call it null everywhere that it has not.
 */
export const namedOrNull = <T extends z.ZodType>(schema: T) => z.union([schema, z.null()]);

/** In an answer: a whole number, as ids and counts are. */
export const integer = z.number().int();

/** In an answer: the value of `after` for the page that follows, or null. */
export const next = integer.nullable().meta({ description: '`after` of the page that follows; null at the end.' });

export const nextPage = (rows: readonly { readonly id: number }[], { limit }: Pick<Page, 'limit'>): number | null =>
  rows.length < limit ? null : (rows.at(-1)?.id ?? null);

/** The header of a request that must happen once however often it is sent: any text that is the sender's own. */
export const idempotencyKey = z
  .string({ error: 'is missing: every command has one of its own, a UUID for example' })
  .regex(/^[\x21-\x7e]{1,200}$/, 'has to be 1 to 200 printable characters without spaces')
  .meta({ description: 'Made by the sender for this one request, a UUID for example. Kept for a week.' });

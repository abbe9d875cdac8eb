/**
 * Readers of single values. The specs err in types, and V2 writes numbers as text as it pleases (bigcommerce.md 0.4), so
 * each takes what can be read for certain. They come in two kinds:
 * - what we could do without (`text`, `intOr`, `bool` …) is left out where it cannot be read;
 * - what decides what is shipped, how many, and to whom (`textThatCounts`, `countThatDecides`, `boolThatDecides`) fails
 *   instead: a guess would be a parcel.
 */
import { z } from 'zod';
import { isInCalendar } from '../http-client/calendar.ts';

/** A whole number, also where the wire has text. */
export const int = z
  .union([z.number(), z.string().regex(/^-?\d+(\.0*)?$/)])
  .transform(Number)
  .pipe(z.number().int());

export const intOr = <T extends number | null>(otherwise: T) =>
  int
    .nullish()
    .catch(null)
    .transform((n) => n ?? otherwise);

/** What stands for "nothing" in answers that PHP wrote: an absent string comes as `{}` or `[]` too (checkout-shoppers.md 1). */
function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (typeof value !== 'object') return false;
  return Object.keys(value).length === 0;
}

/** Reads by the schema what is something; what stands for nothing is null. */
const orNull = <T>(schema: z.ZodType<T>) =>
  z.unknown().transform((value, context): T | null => {
    if (isNothing(value)) return null;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const { message } of parsed.error.issues) context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });

/** Text, or null where there is none. A shape that no text has is an error. */
export const textThatCounts = orNull(z.union([z.string(), z.number()], 'is no text').transform(String));

/** The same where we could do without: what cannot be read is null. */
export const text = textThatCounts.catch(null);

/** A whole number that decides what is shipped; `otherwise` only where there is none. */
export const countThatDecides = <T extends number | null>(otherwise: T) =>
  orNull(int).transform((value) => value ?? otherwise);

/** A yes or no that decides what is shipped; no where there is none. */
export const boolThatDecides = orNull(
  z.union(
    [
      z.boolean(),
      z.enum(['true', 'false', '1', '0']).transform((word) => word === 'true' || word === '1'),
      z.union([z.literal(0), z.literal(1)]).transform((n) => n === 1),
    ],
    'is no yes or no',
  ),
).transform((value) => value ?? false);

/** Decimal text like "109.0000"; never a float in between, except where the wire itself has a JSON number. */
export const decimal = z
  .union([z.string().regex(/^-?\d+(\.\d+)?$/), z.number().transform(String)])
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

export const decimalOrZero = decimal.transform((value) => value ?? '0');

export const bool = z
  .union([z.boolean(), z.literal('true').transform(() => true), z.number().transform((n) => n !== 0)])
  .nullish()
  .catch(null)
  .transform((value) => value ?? false);

/** RFC 2822 (V2) or ISO 8601 (V3). */
export const instant = z
  .string()
  .transform((value) => new Date(value))
  .refine(isInCalendar, 'is not a date');

export const instantOrNull = instant
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

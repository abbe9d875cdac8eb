/** Lenient readers of single values: the specs err in types, and V2 writes numbers as text as it pleases (bigcommerce.md 0.4). */
import { z } from 'zod';
import { isInCalendar } from '../http-sender/calendar.ts';

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

/** Text, or null where it is missing, null or "". */
export const text = z
  .union([z.string(), z.number()])
  .nullish()
  .catch(null)
  .transform((value) => (value === null || value === undefined || value === '' ? null : String(value)));

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

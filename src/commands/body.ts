import { z } from 'zod';
import type { CommandKind } from '../domain/commands.ts';
import { AppError } from '../errors.ts';
import { visibleTexts } from '../visible-text.ts';

/** What a command of each kind may say. Strict: a field that is misspelt must not look as if it had been heeded. */

/** Somebody found every printed copy of the label and destroyed it. */
const labelDestroyed = z.boolean().default(false);

const text = z.string().trim().max(200).nullable();

const address = z
  .strictObject({
    firstName: text,
    lastName: text,
    company: text,
    street1: text,
    street2: text,
    postcode: text,
    city: text,
    state: text,
    country: z
      .string()
      .trim()
      .regex(/^[A-Za-z]{2}$/)
      .transform((code) => code.toUpperCase())
      .nullable(),
    phone: text,
    email: text,
  })
  .partial();

const change = z
  .strictObject({
    address: address.optional(),
    /** Null: to the address, and to no pickup point. */
    pickupPointId: z.string().trim().min(1).max(20).nullable().optional(),
    service: z.strictObject({ service: z.string().min(1), addons: z.array(z.string()).default([]) }).optional(),
    /** The code of a warehouse of the store. */
    warehouse: z.string().trim().min(1).max(40).optional(),
    parcels: z
      .array(z.strictObject({ weightGrams: z.number().int().positive().max(1_000_000) }))
      .min(1)
      .max(99)
      .optional(),
    labelDestroyed,
  })
  .refine(
    (body) =>
      Boolean(body.address ?? body.service ?? body.parcels ?? body.warehouse) || body.pickupPointId !== undefined,
    'Say what to change: address, pickupPointId, service, warehouse or parcels.',
  );

/** A label's file in base64, at most 5 MB. What is in it is looked at where it comes in (src/commands/label-upload.ts), once. */
const pdf = z
  .base64()
  .max(7_000_000)
  .transform((file) => Buffer.from(file, 'base64'));

const resolve = z
  .strictObject({
    /** Of the booking that was found at the carrier, in the order of the parcels. */
    trackingNumbers: z
      .array(
        z
          .string()
          .trim()
          .regex(/^[A-Za-z0-9]{8,35}$/)
          .transform((number) => number.toUpperCase()),
      )
      .min(1)
      .max(99)
      .optional(),
    /** Its label. */
    labelPdfBase64: pdf.optional(),
    note: z.string().max(500).optional(),
  })
  .refine(
    (body) => (body.trackingNumbers === undefined) === (body.labelPdfBase64 === undefined),
    'A booking that was found needs both: its tracking numbers and its label file.',
  );

const nothing = z.strictObject({});

/** By kind; the API may show them. */
export const commandBodies = {
  cancel: z.strictObject({ labelDestroyed }),
  hold: nothing,
  unhold: nothing,
  change,
  retry: nothing,
  resolve,
  book: nothing,
  reprocess: nothing,
  mark_printed: nothing,
} satisfies Record<CommandKind, z.ZodType>;

export type CommandBody<Kind extends CommandKind> = z.output<(typeof commandBodies)[Kind]>;

/**
 * What a command says, checked.
 *
 * @throws AppError `invalid_command` (invalid) that names each wrong field, and no value
 */
export function parseCommandBody<Kind extends CommandKind>(kind: Kind, given: unknown): CommandBody<Kind> {
  const parsed = commandBodies[kind].safeParse(visibleTexts(given ?? {}));
  if (parsed.success) return parsed.data as CommandBody<Kind>;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw new AppError(`The command ${kind.replace('_', ' ')} cannot be read: ${problems.join('; ')}`, {
    kind: 'invalid',
    code: 'invalid_command',
  });
}

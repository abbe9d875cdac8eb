import { AppError } from '../errors.ts';

/** Names one try at booking one shipment, over all our stores. */
export interface BookingReference {
  /** Our number of the store, not BigCommerce's hash. */
  readonly storeNumber: number;
  readonly orderId: number;
  /** Shipment within the order. */
  readonly n: number;
  readonly attempt: number;
}

/** Posti's `senderReference`: 17 characters without spaces are safe (posti.md 4.3). */
const longest = 17;

/**
 * What Posti is told as `senderReference` and `orderNo`: store number in base 36, order, shipment, attempt.
 *
 * @throws AppError `invalid` when a part is no positive whole number, or the reference would be too long
 */
export function bookingReference(parts: BookingReference): string {
  const { storeNumber, orderId, n, attempt } = parts;
  for (const [name, value] of Object.entries({ storeNumber, orderId, n, attempt })) {
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new AppError(`A booking reference needs a positive whole ${name}, and got ${value}.`, {
      kind: 'invalid',
      code: 'booking_reference_invalid',
    });
  }
  const reference = `${storeNumber.toString(36)}-${orderId}-${n}-${attempt}`;
  if (reference.length <= longest) return reference;
  throw new AppError(`The booking reference ${reference} has ${reference.length} characters; Posti takes ${longest}.`, {
    kind: 'invalid',
    code: 'booking_reference_too_long',
    advice: 'Book this shipment by hand and resolve it with its tracking number.',
  });
}

/** The reverse of {@link bookingReference}; undefined for what is none of ours. */
export function parseBookingReference(text: string): BookingReference | undefined {
  const match = /^([1-9a-z][0-9a-z]*)-([1-9]\d*)-([1-9]\d*)-([1-9]\d*)$/.exec(text);
  if (!match || text.length > longest) return undefined;
  return {
    storeNumber: parseInt(match[1]!, 36),
    orderId: Number(match[2]),
    n: Number(match[3]),
    attempt: Number(match[4]),
  };
}

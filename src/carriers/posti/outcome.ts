import { z } from 'zod';
import type { BookedLabel, BookingAnswer } from '../port.ts';
import { parseJson } from '../../http-client/body-text.ts';
import type { SendFailure } from '../../http-client/send-failure.ts';
import { readWords, type AnswerWords } from './answer-words.ts';
import { codeOfForbidden, defaultPauseMs, movedTo, readRetryAfter } from './errors.ts';
import { asPdf } from './pdf.ts';

/** What came of sending a booking, as raw as it was. */
export type BookingResult =
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string }
  | { readonly failure: SendFailure };

/**
 * Says which row of the outcome table (docs/architecture.md, booking) an answer is. Pure. The first row that fits counts:
 *
 * 1. 200 with a parcel number for every parcel and a print → created
 * 2. body `E##` or `errors`, whatever the status; 400, 422 → refused
 * 3. 401, 403 → not let in
 * 4. connection never opened; 429; 503 with Retry-After; nothing at the address (404, 405, 301, 307, 308) → not created
 * 5. all else → unknown
 *
 * Posti has no idempotency key, so a row too high loses a parcel and a row too low books it twice.
 */
export function readBookingAnswer(result: BookingResult, parcels: number, now: Date): BookingAnswer {
  if ('failure' in result) {
    const code = `posti_${result.failure.reason}`;
    return result.failure.kind === 'not_sent'
      ? { outcome: 'not_created', code, retryAfterMs: null }
      : { outcome: 'unknown', code, trackingNumbers: [] };
  }

  const { status, headers, text } = result;
  const seen = readShipments(text);
  const said = readWords(text);
  const retryAfterMs = readRetryAfter(headers, now);

  if (isSuccess(status) && seen.trackingNumbers.length >= parcels && seen.labels.length > 0) {
    return {
      outcome: 'created',
      carrierShipmentId: seen.id,
      trackingNumbers: seen.trackingNumbers.slice(0, parcels),
      labels: seen.labels,
    };
  }
  // Complaints next to parcel numbers are no refusal: something was created, and row 5 keeps an eye on it.
  const nothingNumbered = seen.trackingNumbers.length === 0;
  if (nothingNumbered && (said.businessCode !== null || said.hasErrors)) return refusal(said, status);
  if (status === 400 || status === 422) return refusal(said, status);
  if (status === 401) return { outcome: 'not_let_in', code: 'posti_token_refused', status, words: said.words };
  if (status === 403) return { outcome: 'not_let_in', code: codeOfForbidden(text), status, words: said.words };
  if (status === 429)
    return { outcome: 'not_created', code: 'posti_throttled', retryAfterMs: retryAfterMs ?? defaultPauseMs };
  if (status === 503 && retryAfterMs !== null) return { outcome: 'not_created', code: 'posti_closed', retryAfterMs };
  if (nothingNumbered && (status === 404 || status === 405 || movedTo.includes(status)))
    return { outcome: 'not_created', code: 'posti_address_unknown', retryAfterMs: null };
  return { outcome: 'unknown', code: unknownCode(status, seen), trackingNumbers: seen.trackingNumbers };
}

/** Stable names for Posti's business errors. Only E41 is known (posti.md 4.6); others keep their number. */
function refusal(said: AnswerWords, status: number): BookingAnswer {
  const { businessCode } = said;
  const code =
    businessCode === 'E41'
      ? 'pickup_point_inactive'
      : businessCode === null
        ? 'posti_refused'
        : `posti_${businessCode.toLowerCase()}`;
  return { outcome: 'refused', code, words: said.words === '' ? `HTTP ${status} without a word` : said.words };
}

function unknownCode(status: number, seen: Shipments): string {
  if (!isSuccess(status)) return `posti_http_${status}`;
  if (!seen.readable) return 'posti_unreadable';
  return seen.labels.length === 0 ? 'posti_label_missing' : 'posti_parcel_number_missing';
}

const isSuccess = (status: number): boolean => status === 200 || status === 201;

interface Shipments {
  readonly readable: boolean;
  readonly id: string | null;
  readonly trackingNumbers: readonly string[];
  readonly labels: readonly BookedLabel[];
}

const textOrNull = z
  .union([z.string(), z.number()])
  .nullish()
  .catch(null)
  .transform((value) => (value === null || value === undefined || value === '' ? null : String(value).trim()));
const listOf = <T>(item: z.ZodType<T>) => z.array(item.nullable().catch(null)).nullish().catch([]);

/** posti.md 4.5 [V-obs]; anything else in it is ignored. */
const shipments = z.array(
  z.object({
    id: textOrNull,
    parcels: listOf(z.object({ parcelNo: textOrNull })),
    prints: listOf(
      z.object({ href: textOrNull, media: textOrNull, pdf_type: textOrNull, data: z.string().nullish().catch(null) }),
    ),
  }),
);

function readShipments(text: string): Shipments {
  const parsed = shipments.safeParse(parseJson(text));
  if (!parsed.success) return { readable: false, id: null, trackingNumbers: [], labels: [] };
  const numbers = parsed.data.flatMap((each) => each.parcels ?? []).flatMap((parcel) => parcel?.parcelNo ?? []);
  const prints = parsed.data.flatMap((each) => each.prints ?? []);
  const labels = prints.flatMap((print): BookedLabel[] => {
    if (print === null) return [];
    // Where the bytes are missing or no PDF, the link serves; without either the print is none.
    const pdf = asPdf(print.data ?? null);
    if (pdf === null && print.href === null) return [];
    return [{ kind: print.pdf_type ?? 'ADDRESSLABEL', media: print.media ?? '', pdf, link: print.href }];
  });
  return { readable: true, id: parsed.data[0]?.id ?? null, trackingNumbers: [...new Set(numbers)], labels };
}

import { AppError, type ErrorKind } from '../../errors.ts';
import type { SendFailure } from '../../http-client/send-failure.ts';
import { parseJson } from '../../http-client/body-text.ts';
import { readWords } from './answer-words.ts';

/** An answer that is no success, or the reason why there is none. */
export type Mishap =
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string }
  | { readonly failure: SendFailure };

/** Where Posti names no time to stay away after too many requests. */
export const defaultPauseMs = 2_000;

/**
 * What an answer of Posti to a question means (to a booking: outcome.ts, to a log-in: token.ts). Pure.
 * Questions change nothing, so all trouble of the network is retryable.
 */
export function toPostiError(purpose: string, mishap: Mishap, now: Date): AppError {
  if ('failure' in mishap) {
    return new AppError(`Posti could not be reached (${purpose}): ${mishap.failure.message}.`, {
      kind: 'retryable',
      code: 'posti_unreachable',
      cause: mishap.failure,
    });
  }
  const { status, headers, text } = mishap;
  if (status === 404 ? !isOfTheGateway(text) : status === 405 || movedTo.includes(status))
    return addressUnknown(purpose, status);
  const retryAfterMs = readRetryAfter(headers, now);
  const error = (kind: ErrorKind, code: string, what: string, advice?: string) =>
    new AppError(`Posti ${what} (${purpose}, HTTP ${status}).`, {
      kind,
      code,
      status,
      words: readWords(text).words,
      ...(advice === undefined ? {} : { advice }),
      ...(retryAfterMs === null || kind === 'refused' ? {} : { retryAfterMs }),
    });

  if (status === 401) return error('credentials', 'posti_token_refused', 'does not accept the access token');
  if (status === 403)
    return error('credentials', codeOfForbidden(text), 'does not allow this to the account', checkRoles);
  if (status === 404) return error('not_found', 'posti_not_found', 'does not know what was asked for');
  if (status === 429) {
    return new AppError(`Posti asks for fewer requests (${purpose}).`, {
      kind: 'throttled',
      code: 'posti_throttled',
      status,
      retryAfterMs: retryAfterMs ?? defaultPauseMs,
    });
  }
  if (status === 408 || status >= 500) return error('retryable', 'posti_unavailable', 'failed');
  if (status < 300) return error('retryable', 'posti_unreadable', 'gave an answer that cannot be read');
  return error('refused', 'posti_refused', 'refused');
}

/** Where it is told that the address is another one. A POST that is answered so was not carried out (RFC 9110, 15.4). */
export const movedTo: readonly number[] = [301, 307, 308];

/**
 * Nothing of Posti's is at the configured address. That is never the fault of what was asked for: an order that was refused
 * for it would be one of all orders.
 */
const addressUnknown = (purpose: string, status: number): AppError =>
  new AppError(`Nothing of Posti's is at the address that was asked (${purpose}, HTTP ${status}).`, {
    kind: 'retryable',
    code: 'posti_address_unknown',
    status,
    advice: 'Check the POSTI_… addresses of the configuration: without any they are those of production.',
  });

/** The gateway itself says that it has not what was asked for: it has these three always (posti.md 5.6). */
function isOfTheGateway(text: string): boolean {
  const body = parseJson(text);
  return typeof body === 'object' && body !== null && 'errorCode' in body && 'message' in body;
}

/** In front of the demo gateway a page answers 403 before the API does; the API itself answers JSON (posti.md 4.6). */
export function codeOfForbidden(text: string): 'posti_gateway_refused' | 'posti_role_missing' {
  return /^\s*</.test(text) ? 'posti_gateway_refused' : 'posti_role_missing';
}

/** Milliseconds, or null where there is no such header. Both forms of it: seconds, and a date. */
export function readRetryAfter(headers: Readonly<Record<string, string>>, now: Date): number | null {
  const value = headers['retry-after'];
  if (value === undefined) return null;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : Math.max(0, at - now.getTime());
}

export const checkRoles =
  'Enable the API roles (shippingapi, 2026-04) for the application account in Posti’s developer portal; the demo also wants its gateway secret.';

import { AppError, type ErrorKind } from '../errors.ts';
import type { SendFailure } from '../http-client/send-failure.ts';
import { wordsOf } from './error-words.ts';
import { scopeOf } from './scopes.ts';
import { pauseAfterThrottling } from './throttling.ts';

/** An answer that is no success, or the reason why there is none. */
export type Mishap =
  | { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string }
  | { readonly failure: SendFailure };

/** What was asked: `purpose` is in our words, like "create shipment". */
export interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly purpose: string;
  /** From the version on: `/v2/orders/1`. */
  readonly path?: string;
}

/** The one place that says what an answer of BigCommerce means for the caller. Pure. Statuses: bigcommerce.md 6.3. */
export function toBigCommerceError(asked: Asked, mishap: Mishap): AppError {
  if ('failure' in mishap) return ofFailure(asked, mishap.failure);
  const { status, headers, text } = mishap;
  const error = (kind: ErrorKind, code: string, what: string, advice?: string, retryAfterMs?: number) =>
    new AppError(`BigCommerce ${what} (${asked.purpose}, HTTP ${status}).`, {
      kind,
      code,
      status,
      ...(advice === undefined ? {} : { advice }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...requestIdOf(headers),
      ...(text === '' ? {} : { words: wordsOf(text) }),
    });

  switch (status) {
    case 401:
      return error('credentials', 'bigcommerce_token_refused', 'does not accept the access token', reconnect);
    case 403: {
      // Of this scope or this object; whether the token is taken at all, the store's own route says (requests.ts).
      const { name } = scopeOf(asked);
      return isAboutScope(text)
        ? error(
            'forbidden',
            scopeMissing,
            `does not let the access token do this without the scope ${name}`,
            newAccount(name),
          )
        : error('forbidden', 'bigcommerce_forbidden', 'does not allow this to the access token', checkScopes(name));
    }
    case 404:
    case 410:
      return error('not_found', 'bigcommerce_not_found', 'does not know what was asked for');
    case 409:
      return error('conflict', 'bigcommerce_conflict', 'has something that is in the way');
    case 429:
    case 509:
      return error(
        'throttled',
        'bigcommerce_throttled',
        'asks for fewer requests',
        undefined,
        pauseAfterThrottling(headers),
      );
    case 423:
      return error('conflict', 'bigcommerce_locked', 'has locked what was asked for', undefined, retryAfter(headers));
    case 425:
    case 503:
      return error(
        'retryable',
        'bigcommerce_unavailable',
        'is not available at the moment',
        undefined,
        retryAfter(headers),
      );
    case 507:
      return error('refused', 'bigcommerce_store_full', 'says that a limit of the store is reached', freeSpace);
    case 501:
    case 505:
      return error('refused', 'bigcommerce_refused', 'cannot do what was asked');
    default:
  }
  if (status >= 500 || status === 408 || status === 499) {
    // Gateways answer so although the request may have been carried out (bigcommerce.md 6.3, 502 and 504).
    return isWrite(asked)
      ? error('outcome_unknown', 'bigcommerce_outcome_unknown', 'failed, and may have done it all the same')
      : error('retryable', 'bigcommerce_unavailable', 'failed');
  }
  if (status >= 300 && status < 400) {
    return error('refused', 'bigcommerce_redirected', 'sent us elsewhere', 'Check the base address of the API.');
  }
  if (status < 300) return garbled(asked, status, text);
  if (/greater than the quantity/i.test(text)) {
    // The only guard of the shop against shipping twice (bigcommerce.md 3.6).
    return error('refused', 'bigcommerce_more_than_left_to_ship', 'has fewer units left to ship', lookAtShipments);
  }
  return error('refused', 'bigcommerce_refused', 'refused');
}

/** A success whose body is no JSON, or another request's. A write that says so was probably carried out. */
function garbled(asked: Asked, status: number, text: string): AppError {
  return new AppError(`BigCommerce gave an answer that cannot be read (${asked.purpose}, HTTP ${status}).`, {
    kind: isWrite(asked) ? 'outcome_unknown' : 'retryable',
    code: isWrite(asked) ? 'bigcommerce_outcome_unknown' : 'bigcommerce_garbled',
    status,
    words: wordsOf(text),
  });
}

/**
 * A whole answer that is not as we know it. Of a read, that is about what was asked for and not about the shop, which
 * works: other orders are read meanwhile.
 *
 * @param fields which of them, and what is wrong with each; never their values
 */
export function unreadableAnswer(asked: Asked, status: number, fields: string): AppError {
  if (isWrite(asked)) return garbled(asked, status, fields);
  return new AppError(`BigCommerce gave an answer that we cannot read (${asked.purpose}, HTTP ${status}): ${fields}`, {
    kind: 'invalid',
    code: 'bigcommerce_unreadable',
    status,
    words: fields,
    advice: 'Look at it in the shop. If it looks right there, its answer is not as we know it: see the exchanges.',
  });
}

function ofFailure(asked: Asked, failure: SendFailure): AppError {
  const maybeDone = failure.kind === 'no_answer' && isWrite(asked);
  return new AppError(
    maybeDone
      ? `BigCommerce gave no answer, and may have done it (${asked.purpose}): ${failure.message}.`
      : `BigCommerce could not be reached (${asked.purpose}): ${failure.message}.`,
    {
      kind: maybeDone ? 'outcome_unknown' : 'retryable',
      code: maybeDone ? 'bigcommerce_outcome_unknown' : 'bigcommerce_unreachable',
      cause: failure,
    },
  );
}

/** A scope that the access token lacks. */
export const scopeMissing = 'bigcommerce_scope_missing';

/** The title of a 403 for a missing scope names it as such (bigcommerce.md 6.4). */
const isAboutScope = (text: string): boolean => /\bscopes?\b/i.test(text);

/** A delete that is asked for again does no harm, so its lost answer is like that of a read. */
const isWrite = (asked: Asked): boolean => asked.method === 'POST' || asked.method === 'PUT';

const reconnect = 'Connect the store again: its token was withdrawn, or the scopes of the API account changed.';
const checkScopes = (scope: string) =>
  `Look at it in the shop, and check that the API account has the scope ${scope} and that the store is not suspended.`;
/** Scopes of an account of one store cannot be changed (bigcommerce.md 1.2). */
const newAccount = (scope: string) => `Make an API account that has the scope ${scope}, and connect the store with it.`;
const freeSpace = 'Remove something from the store, or ask BigCommerce for a higher limit.';
const lookAtShipments = 'Look at the shipments of the order in the shop: somebody has shipped these units already.';

function retryAfter(headers: Readonly<Record<string, string>>): number | undefined {
  const seconds = Number(headers['x-retry-after'] ?? headers['retry-after']);
  return seconds > 0 ? seconds * 1000 : undefined;
}

function requestIdOf(headers: Readonly<Record<string, string>>): { requestId?: string } {
  const requestId = headers['x-request-id'] ?? headers['cf-ray'];
  return requestId === undefined ? {} : { requestId };
}

import { isAppError } from '../errors.ts';

/** What can be looked at. The first six are the house's own; the others are a store's. */
export const checkNames = [
  'database',
  'engine',
  'workers',
  'clock',
  'public_address',
  'stores',
  'store',
  'shop_token',
  'shop_scopes',
  'hooks',
  'posti_login',
  'posti_roles',
  'contract',
  'orders',
] as const;
export type CheckName = (typeof checkNames)[number];

/**
 * What one look found.
 * - `right`: proven
 * - `wrong`: an order might not be booked, read or told now; `words` say what is wrong, and `advice` how it is mended
 * - `unproven`: nothing shows it yet, or it is so by choice; orders go on all the same
 *
 * What keeps a look from being taken keeps orders from going on too, so that it is `wrong`.
 *
 * Nothing in it is a secret or about a person: it is shown in terminals, logs and the API.
 */
export interface Finding {
  readonly check: CheckName;
  /** The store that it is about, or null for the house. */
  readonly storeHash: string | null;
  readonly verdict: 'right' | 'wrong' | 'unproven';
  /** Stable name of what is wrong, like `hooks_missing`; null where nothing is. */
  readonly code: string | null;
  readonly words: string;
  readonly advice: string | null;
}

export type Findings = ReturnType<typeof findingsOf>;

/** Makes findings of one check about one store (or about the house, with null). */
export function findingsOf(check: CheckName, storeHash: string | null) {
  const subject = { check, storeHash };
  const wrong = (code: string, words: string, advice: string): Finding => ({
    ...{ ...subject, verdict: 'wrong', code, words, advice },
  });
  return {
    right: (words: string): Finding => ({ ...subject, verdict: 'right', code: null, words, advice: null }),
    wrong,
    unproven: (words: string, advice: string | null = null): Finding => ({
      ...{ ...subject, verdict: 'unproven', code: null, words, advice },
    }),
    /**
     * For what kept the look from being taken.
     * @param advice where the error itself has none
     * @throws what is no AppError: a bug
     */
    notLooked(error: unknown, advice: string): Finding {
      if (!isAppError(error)) throw error;
      return wrong(error.code, error.message, error.advice ?? advice);
    },
  };
}

export const isWrong = ({ verdict }: Finding): boolean => verdict === 'wrong';

/** `2026-11-30 22:35 UTC` */
export const minuteOf = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

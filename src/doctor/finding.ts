import { isAppError } from '../errors.ts';

/** What can be looked at. The first three are the house's own; the others are a store's. */
export const checkNames = [
  'database',
  'engine',
  'clock',
  'public_address',
  'shop_token',
  'shop_scopes',
  'hooks',
  'posti_login',
  'posti_roles',
  'contract',
] as const;
export type CheckName = (typeof checkNames)[number];

/**
 * What one look found.
 * - `right`: proven
 * - `wrong`: `words` say what, and `advice` how it is mended
 * - `unproven`: could not be looked at, or nothing shows it yet
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

/** Makes findings of one check about one store (or about the house, with null). */
export function findingsOf(check: CheckName, storeHash: string | null) {
  const subject = { check, storeHash };
  return {
    right: (words: string): Finding => ({ ...subject, verdict: 'right', code: null, words, advice: null }),
    wrong: (code: string, words: string, advice: string): Finding => ({
      ...{ ...subject, verdict: 'wrong', code, words, advice },
    }),
    unproven: (words: string, advice: string | null = null): Finding => ({
      ...{ ...subject, verdict: 'unproven', code: null, words, advice },
    }),
    /** For what kept the look from being taken. @throws what is no AppError: a bug */
    notLooked(error: unknown): Finding {
      if (!isAppError(error)) throw error;
      return { ...subject, verdict: 'unproven', code: null, words: error.message, advice: error.advice ?? null };
    },
  };
}

export const isWrong = ({ verdict }: Finding): boolean => verdict === 'wrong';

// The full metadata: only it tells mobile numbers from others.
import { isSupportedCountry, parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max';

export interface Phone {
  /** Like +358401234567. */
  readonly e164: string;
  /** Whether it can take text messages; true also where a country's numbers do not tell. */
  readonly mobile: boolean;
}

/** Reads a phone number as people write it. A number without a country code is of `country`; null when it is no number. */
export function readPhone(text: string | null, country: string | null): Phone | null {
  if (text === null) return null;
  const known = country !== null && isSupportedCountry(country) ? { defaultCountry: country } : {};
  const number = parsePhoneNumberFromString(text.normalize('NFKC').trim(), { ...known, extract: false });
  return number?.isValid() ? { e164: number.number, mobile: isMobileType(number) } : null;
}

/** Whether an E.164 number can take text messages. */
export function isMobile(e164: string): boolean {
  return readPhone(e164, null)?.mobile ?? false;
}

function isMobileType(number: PhoneNumber): boolean {
  const type = number.getType();
  return type === 'MOBILE' || type === 'FIXED_LINE_OR_MOBILE';
}

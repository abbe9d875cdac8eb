import type { Problem } from '../domain/problem.ts';

export interface PostalPlace {
  /** In the country's own way of writing; empty where the country has none. */
  readonly postcode: string;
  /** ISO 3166 alpha-2; AX where the postcode is on Åland, whatever the shop calls it. */
  readonly country: string;
}

interface PostcodeRule {
  readonly digits: number;
  readonly write: (digits: string) => string;
  readonly example: string;
}

const plain = (digits: string): string => digits;

const rules: Readonly<Record<string, PostcodeRule>> = {
  FI: { digits: 5, write: plain, example: '00100' }, // posti.md 11 [V SS]
  AX: { digits: 5, write: plain, example: '22100' },
  EE: { digits: 5, write: plain, example: '10111' },
  LV: { digits: 4, write: (digits) => `LV-${digits}`, example: 'LV-1010' },
  LT: { digits: 5, write: (digits) => `LT-${digits}`, example: 'LT-01100' },
  SE: { digits: 5, write: (digits) => `${digits.slice(0, 3)} ${digits.slice(3)}`, example: '111 22' },
};

/**
 * Countries and territories that have no postcodes, or none that letters need: those without a postcode format in the
 * address metadata that Google publishes (libaddressinput, chromium-i18n.appspot.com/ssl-address) [R]. What an address there
 * has as postcode all the same is taken as it is.
 */
const withoutPostcodes = new Set(
  (
    'AE AG AN AO AW BF BI BJ BO BQ BS BW BZ CD CF CG CI CK CM CW DJ DM ER FJ GA GD GH GM GQ GY HK JM KI KM KN KP LY ML MO MR ' +
    'MW NR NU QA RW SB SC SL SR SS ST SX SY TD TG TK TL TO TV UG VU YE ZW'
  ).split(' '),
);

export const hasNoPostcodes = (country: string): boolean => withoutPostcodes.has(country);

/** Longest postcode that Posti's interfaces are known to take (posti.md 11, Prinetti XSD). */
const longest = 10;

/**
 * Writes a postcode the way its country does: spaces, hyphens and a country prefix (`fi-00100`) are put right. Finland and
 * Åland are told apart by the postcode: 22xxx is Åland (posti.md 11). Countries without a rule are taken as they are.
 */
export function readPostcode(text: string | null, country: string): PostalPlace | Problem {
  const upper = (text ?? '').normalize('NFKC').trim().toUpperCase().replace(/\s+/g, ' ');
  if (upper === '') {
    if (hasNoPostcodes(country)) return { postcode: '', country };
    return wrong('postcode_missing', 'The address has no postcode.', 'Add the postcode of the address.');
  }
  const rule = rules[country];
  if (!rule) {
    if (upper.length <= longest) return { postcode: upper, country };
    return wrong('postcode_invalid', `"${upper}" has more than ${longest} characters.`, 'Correct the postcode.');
  }

  const digits = withoutPrefix(upper, country).replace(/[\s-]/g, '');
  if (!new RegExp(`^\\d{${rule.digits}}$`).test(digits)) {
    return wrong(
      'postcode_invalid',
      `"${upper}" is not a postcode of ${country}: it has ${rule.digits} digits, like ${rule.example}.`,
      'Correct the postcode, or the country.',
    );
  }
  const onAland = digits.startsWith('22');
  if (country === 'AX' && !onAland) {
    return wrong(
      'postcode_country_mismatch',
      `The country is Åland (AX), but the postcode ${digits} is not: Åland's begin with 22.`,
      'Correct the postcode, or the country.',
    );
  }
  return { postcode: rule.write(digits), country: country === 'FI' && onAland ? 'AX' : country };
}

/** SF and S, FIN and so on are old road signs that people still write. */
const prefixes: Readonly<Record<string, RegExp>> = {
  FI: /^(FIN|FI|SF|AX)[\s-]*/,
  AX: /^(FIN|FI|SF|AX)[\s-]*/,
  EE: /^(EST|EE)[\s-]*/,
  LV: /^LV[\s-]*/,
  LT: /^LT[\s-]*/,
  SE: /^(SE|S)[\s-]*/,
};

function withoutPrefix(postcode: string, country: string): string {
  const prefix = prefixes[country];
  return prefix ? postcode.replace(prefix, '') : postcode;
}

const wrong = (code: string, problem: string, remedy: string): Problem => ({
  code,
  field: 'receiver.postcode',
  problem,
  remedy,
});

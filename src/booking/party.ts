import type { Address } from '../orders/order.ts';
import type { Party } from './carrier.ts';
import { labelText, wrap } from './label-text.ts';
import { readPhone } from './phone.ts';
import { readPostcode } from './postcode.ts';
import { isProblem, type Problem } from './problem.ts';

export interface PartyOptions {
  /** Characters of a label line; Posti's A5 label has 35 (posti.md 10, 11). */
  readonly lineLength?: number;
  /** For an address that names no country, ISO 3166 alpha-2; null or left out makes it a problem. */
  readonly defaultCountry?: string | null;
}

/** Something that was put right or left out on the way, for staff to see; holds no value of the order. */
export type PartyNote =
  'emoji_removed' | 'phone_unreadable' | 'email_unreadable' | 'phone_from_billing' | 'email_from_billing';

export type PartyResult =
  { readonly party: Party; readonly notes: readonly PartyNote[] } | { readonly problems: readonly Problem[] };

/**
 * The receiver as Posti takes it, from an address as the shop has it. Phone and e-mail come from `billing` where the
 * address has none that is usable; a mobile number is preferred to another.
 *
 * Nothing is cut. A company is the `name` and the person the `contact`; a long name goes on in the contact line, and then
 * in the second address line where that is free. What still does not fit, or can't be printed, is a problem. Åland is
 * country AX, whatever the shop calls it.
 */
export function toParty(address: Address, billing: Address | null, options: PartyOptions = {}): PartyResult {
  const width = options.lineLength ?? 35;
  const notes = new Set<PartyNote>();
  const problems: Problem[] = [];
  const printable = (raw: string | null, field: string): string | null => {
    const { text, emojiRemoved, printable } = labelText(raw);
    if (emojiRemoved) notes.add('emoji_removed');
    if (!printable) problems.push(notPrintable(field));
    return text;
  };

  const company = printable(address.company, 'company');
  const person = printable([address.firstName, address.lastName].filter(Boolean).join(' '), 'name');
  const street1 = printable(address.street1, 'street1');
  const street2 = printable(address.street2, 'street2');
  const city = printable(address.city, 'city');
  const country = address.country ?? options.defaultCountry ?? null;

  const names = [company, person].filter((text) => text !== null);
  const streets = [street1, street2].filter((text) => text !== null);
  if (names.length === 0) problems.push(missing('name', 'a name or company'));
  if (streets.length === 0) problems.push(missing('street1', 'a street'));
  if (city === null) problems.push(missing('city', 'a city'));
  if (country === null) problems.push(missing('country', 'a country'));

  const lines = arrange(names, streets, width);
  if (isProblem(lines)) problems.push(lines);
  if (city !== null && city.length > width) problems.push(tooLong('city', 'The city', width));

  const place = country === null ? null : readPostcode(address.postcode, country);
  if (place && isProblem(place)) problems.push(place);
  if (problems.length > 0 || isProblem(lines) || !place || isProblem(place) || city === null) return { problems };

  const party: Party = {
    ...lines,
    city,
    postcode: place.postcode,
    country: place.country,
    phone: choosePhone(address, billing, place.country, notes),
    email: chooseEmail(address, billing, notes),
  };
  return { party, notes: [...notes] };
}

type NameAndStreet = Pick<Party, 'name' | 'contact' | 'address1' | 'address2'>;

/** Lays names and streets over the four lines that there are, each part on lines of its own as long as there is room. */
function arrange(names: readonly string[], streets: readonly string[], width: number): NameAndStreet | Problem {
  const street = fewest(streets, width, 2);
  if (street.length > 2) return tooLong('street1', 'The street', 2 * width);
  // At least two lines are left for the name, and a third where the street leaves the second address line free.
  const room = 4 - Math.max(1, street.length);
  const two = fewest(names, width, 2);
  const name = two.length > 2 ? fewest(names, width, room) : two;
  if (name.length > room) return tooLong('name', 'The name, with the company,', room * width);
  const [first = '', second = null, overflow = null] = name;
  return { name: first, contact: second, address1: street[0] ?? '', address2: street[1] ?? overflow };
}

/** Lines of all parts; the parts run on, with a comma between, where that is what it takes to have at most `limit`. */
function fewest(parts: readonly string[], width: number, limit: number): string[] {
  const apart = parts.flatMap((part) => wrap(part, width));
  return apart.length <= limit ? apart : wrap(parts.join(', '), width);
}

/** Whose number it is tells the country that it is read for. */
function choosePhone(address: Address, billing: Address | null, country: string, notes: Set<PartyNote>): string | null {
  const own = readPhone(address.phone, country);
  if (own?.mobile) return own.e164;
  const theirs = readPhone(billing?.phone ?? null, billing?.country ?? country);
  if (theirs && (theirs.mobile || !own)) {
    notes.add('phone_from_billing');
    return theirs.e164;
  }
  if (!own && (address.phone ?? billing?.phone)) notes.add('phone_unreadable');
  return own?.e164 ?? null;
}

function chooseEmail(address: Address, billing: Address | null, notes: Set<PartyNote>): string | null {
  const own = readEmail(address.email);
  if (own !== null) return own;
  const theirs = readEmail(billing?.email ?? null);
  if (theirs !== null) notes.add('email_from_billing');
  else if (address.email ?? billing?.email) notes.add('email_unreadable');
  return theirs;
}

/** Only whether it looks like an address; whether it works, only a mail would tell. */
function readEmail(raw: string | null): string | null {
  const email = (raw ?? '').trim();
  return email.length <= 254 && /^[^\s@,;<>"]+@[^\s@.,;<>"]+(\.[^\s@.,;<>"]+)+$/.test(email) ? email : null;
}

const missing = (field: string, what: string): Problem => ({
  code: `${field === 'street1' ? 'street' : field}_missing`,
  field: `receiver.${field}`,
  problem: `The shipping address has no ${what.replace(/^a /, '')}.`,
  remedy: `Add ${what} to the address.`,
});

const tooLong = (field: string, what: string, limit: number): Problem => ({
  code: `${field === 'street1' ? 'street' : field}_too_long`,
  field: `receiver.${field}`,
  problem: `${what} does not fit on Posti's label, which has room for ${limit} characters of it beside the rest.`,
  remedy: 'Shorten it so that the carrier still finds the receiver.',
});

const notPrintable = (field: string): Problem => ({
  code: 'characters_not_printable',
  field: `receiver.${field}`,
  problem: `The ${field} has letters that Posti's labels cannot print; they have Western and Cyrillic ones.`,
  remedy: 'Write it in Latin letters.',
});

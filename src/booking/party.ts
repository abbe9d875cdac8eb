import type { Address } from '../orders/order.ts';
import type { LabelSize, Party } from '../carriers/port.ts';
import { knownLabelFacts, type LabelFacts } from '../carriers/label-facts.ts';
import { labelText } from './label-text.ts';
import { arrangeLines, roomForName, type LabelLines } from './name-lines.ts';
import type { PlanNote } from '../planning/plan-notes.ts';
import { readPhone } from '../planning/phone.ts';
import { postalState } from '../planning/postal-states.ts';
import { readPostcode } from '../planning/postcode.ts';
import { isProblem, type Problem } from '../domain/problem.ts';

export interface PartyOptions {
  /** A5 where it is left out. */
  readonly labelSize?: LabelSize;
  readonly label?: LabelFacts;
  /** Its label has the address of a pickup point in place of the receiver's. */
  readonly toPickupPoint?: boolean;
  /** For an address that names no country, ISO 3166 alpha-2; null or left out makes it a problem. */
  readonly defaultCountry?: string | null;
}

export type PartyResult =
  | { readonly party: Party; readonly notes: readonly PlanNote[] }
  | {
      readonly problems: readonly Problem[];
      /** What is known of it all the same, for rules about the rest; never to be booked. Null without a country. */
      readonly soFar: Party | null;
    };

/**
 * The receiver as Posti takes it, from an address as the shop has it. Phone and e-mail come from `billing` where the
 * address has none that is usable; a mobile number is taken from there, too, where the address has a landline.
 *
 * Every part of a name and address stands in a line that the label prints (name-lines.ts); first names may become
 * initials, which a note says. What still does not fit, or can't be printed, is a problem. Åland is country AX, whatever
 * the shop calls it.
 */
export function toParty(address: Address, billing: Address | null, options: PartyOptions = {}): PartyResult {
  const label = options.label ?? knownLabelFacts;
  const lines: LabelLines = {
    width: label.lineLength[options.labelSize ?? 'A5'],
    contact: label.contact,
    street: options.toPickupPoint !== true,
  };
  const notes = new Set<PlanNote>();
  const problems: Problem[] = [];
  const unprintable = new Set<string>();
  const printable = (raw: string | null, field: string): string | null => {
    const { text, emojiRemoved, entities, printable } = labelText(raw);
    if (emojiRemoved) notes.add('emoji_removed');
    if (entities !== 'none') notes.add(entities === 'decoded' ? 'entities_decoded' : 'entities_unclear');
    if (!printable && !unprintable.has(field)) {
      unprintable.add(field);
      problems.push(notPrintable(field));
    }
    return text;
  };

  const names = {
    company: printable(address.company, 'company'),
    firstName: printable(address.firstName, 'name'),
    lastName: printable(address.lastName, 'name'),
  };
  const street1 = printable(address.street1, 'street1');
  const street2 = printable(address.street2, 'street2');
  const town = printable(address.city, 'city');
  const country = address.country ?? options.defaultCountry ?? null;
  const state = country === null ? null : printable(postalState(address.state, country), 'state');

  const streets = [street1, street2].filter((text) => text !== null);
  if (Object.values(names).every((name) => name === null)) problems.push(missing('name', 'a name or company'));
  if (streets.length === 0) problems.push(missing('street1', 'a street'));
  if (town === null) problems.push(missing('city', 'a city'));
  if (country === null) problems.push(missing('country', 'a country'));

  const arranged = arrangeLines(names, streets, lines);
  if (arranged === 'street_too_long') problems.push(tooLong('street1', 'The street', 2 * lines.width));
  if (arranged === 'name_too_long') {
    problems.push(tooLong('name', 'The name, with the company,', roomForName(lines)));
  }
  // Where nobody knows that the label prints the state, it goes with the city, which every label prints.
  const city = town === null || state === null || label.state ? town : `${town}, ${state}`;
  if (city !== null && city.length > lines.width) problems.push(tooLong('city', 'The city', lines.width));

  const place = country === null ? null : readPostcode(address.postcode, country);
  if (place && isProblem(place)) problems.push(place);
  if (problems.length > 0 || typeof arranged === 'string' || !place || isProblem(place) || city === null) {
    return { problems, soFar: country === null ? null : soFar(place && !isProblem(place) ? place.country : country) };
  }
  if (arranged.shortened) notes.add('name_shortened');
  if (arranged.nameBesideStreet) notes.add('name_beside_street');

  const party: Party = {
    name: arranged.name,
    contact: arranged.contact,
    address1: arranged.address1,
    address2: arranged.address2,
    city,
    state,
    postcode: place.postcode,
    country: place.country,
    ...choosePhones(address, billing, place.country, notes),
    email: chooseEmail(address, billing, notes),
  };
  return { party, notes: [...notes] };

  function soFar(known: string): Party {
    return {
      ...{ name: '', contact: null, address1: street1 ?? '', address2: street2, city: '', state: null },
      ...{ postcode: place && !isProblem(place) ? place.postcode : '', country: known },
      ...choosePhones(address, billing, known, notes),
      email: chooseEmail(address, billing, notes),
    };
  }
}

/** Whose number it is tells the country that it is read for. */
function choosePhones(
  address: Address,
  billing: Address | null,
  country: string,
  notes: Set<PlanNote>,
): Pick<Party, 'phone' | 'mobile'> {
  const own = readPhone(address.phone, country);
  const theirs = own?.mobile ? null : readPhone(billing?.phone ?? null, billing?.country ?? country);
  const mobile = [own, theirs].find((number) => number?.mobile) ?? null;
  const phone = own ?? theirs;
  if (theirs !== null && (phone === theirs || mobile === theirs)) notes.add('phone_from_billing');
  if (phone === null && (address.phone ?? billing?.phone)) notes.add('phone_unreadable');
  return { phone: phone?.e164 ?? null, mobile: mobile?.e164 ?? null };
}

function chooseEmail(address: Address, billing: Address | null, notes: Set<PlanNote>): string | null {
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

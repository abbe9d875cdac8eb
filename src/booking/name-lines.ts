import { wrap } from './label-text.ts';

/** Whose name it is. At least one of them is there. */
export interface Names {
  readonly company: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
}

export interface LabelLines {
  /** Characters of a line. */
  readonly width: number;
  /** The label prints `contact` under the name. */
  readonly contact: boolean;
  /** The label prints the receiver's street: not on a parcel to a pickup point, which has the point's (posti.md 10). */
  readonly street: boolean;
}

export interface Arranged {
  readonly name: string;
  readonly contact: string | null;
  readonly address1: string;
  readonly address2: string | null;
  /** First names are initials: the whole name did not fit. */
  readonly shortened: boolean;
  /** A part of the name stands in the second address line. */
  readonly nameBesideStreet: boolean;
}

/**
 * Lays names and streets over the lines that a label is known to print: name, `contact` only where the store says that its
 * labels have it, and two address lines. The surname and the company are never shortened, and what is not printed is not
 * relied on.
 *
 * In this order, the first that fits counts: company and person on lines of their own, or on one; the person in the second
 * address line; first names as initials, the middle ones first; the name run on into the second address line.
 */
export function arrangeLines(
  names: Names,
  streets: readonly string[],
  { width, contact, street: streetPrinted }: LabelLines,
): Arranged | 'street_too_long' | 'name_too_long' {
  const streetWidth = streetPrinted ? width : Math.max(width, unprintedWidth);
  const street = fewest(streets, streetWidth, 2);
  if (street.length > 2) return 'street_too_long';
  const [inOneLine, more] = wrap(streets.join(', '), streetWidth);
  const addressLineFree = streetPrinted && inOneLine !== undefined && more === undefined;

  const nameLines = contact ? 2 : 1;
  const put = (lines: readonly string[], shortened: boolean): Arranged => {
    const [name = '', second = null, third = null] = lines;
    const beside = contact ? third : second;
    return {
      name,
      contact: contact ? second : null,
      address1: beside === null ? (street[0] ?? '') : (inOneLine ?? ''),
      address2: beside ?? street[1] ?? null,
      shortened,
      nameBesideStreet: beside !== null,
    };
  };

  for (const [i, parts] of waysToWrite(names).entries()) {
    const lines = fewest(parts, width, nameLines);
    if (lines.length <= nameLines) return put(lines, i > 0);
    // A line of its own for the person, before anything is shortened.
    const apart = parts.length === 2 && parts.every((part) => part.length <= width);
    if (apart && addressLineFree) return put(parts, i > 0);
  }
  if (addressLineFree) {
    for (const [i, parts] of waysToWrite(names).entries()) {
      const lines = fewest(parts, width, nameLines + 1);
      if (lines.length <= nameLines + 1) return put(lines, i > 0);
    }
  }
  return 'name_too_long';
}

/** How many characters a name has room for, for who has to shorten it. */
export const roomForName = ({ width, contact, street }: LabelLines): number =>
  width * ((contact ? 2 : 1) + (street ? 1 : 0));

/** What Posti takes in a line that it does not print (posti.md 4.3: 35 recommended). */
const unprintedWidth = 35;

/** Company and person, as they are, then with fewer and fewer letters. */
function waysToWrite({ company, firstName, lastName }: Names): string[][] {
  // Where only one of the two is filled it may hold the whole name: which part of it is the surname, nobody knows.
  const given = lastName === null ? [] : (firstName?.split(' ') ?? []);
  const [first, ...middle] = given;
  const people = [join(firstName, lastName)];
  if (first !== undefined && middle.length > 0) people.push(join(first, ...middle.map(initial), lastName));
  if (given.length > 0) people.push(join(...given.map(initial), lastName));
  return [...new Set(people)].map(
    (person) => [company, person].filter((part) => part !== null && part !== '') as string[],
  );
}

const join = (...parts: readonly (string | null)[]): string => parts.filter((part) => part !== null).join(' ');

/** `Anna-Liisa` is `A-L.` */
const initial = (name: string): string =>
  `${name
    .split('-')
    .map((part) => [...part][0] ?? '')
    .join('-')}.`;

/** Lines of all parts; the parts run on, with a comma between, where that is what it takes to have at most `limit`. */
export function fewest(parts: readonly string[], width: number, limit: number): string[] {
  const apart = parts.flatMap((part) => wrap(part, width));
  return apart.length <= limit ? apart : wrap(parts.join(', '), width);
}

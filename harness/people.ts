/** Somebody who does not exist. Everything about them can be searched for, so that a test sees where it got to. */
export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  readonly street: string;
  readonly phone: string;
  readonly email: string;
}

/**
 * The person of the n-th order. Names, streets and e-mails have the marker and the number in them; the phone is a valid
 * Finnish mobile number that ends in the number.
 */
export function personFor(n: number): Person {
  const code = String(n).padStart(4, '0');
  return {
    firstName: 'Lintu',
    lastName: `Kanaria${code}`,
    street: `Kanariakuja ${code} B 3`,
    phone: `+35844${9_000_000 + (n % 1_000_000)}`,
    email: `kanaria.${code}@example.com`,
  };
}

/** The same person, as their name is written in Russian. */
export const inCyrillic = (person: Person): Person => ({
  ...person,
  firstName: 'Ольга',
  lastName: person.lastName.replace('Kanaria', 'Канарейка'),
});

/** The same person with a name of exactly 60 characters, which no line of a label holds but with first names as initials. */
export function withLongName(person: Person): Person {
  const given = 'Annakristiinawilhelmina Laululinnunpesa';
  return { ...person, firstName: given.padEnd(60 - person.lastName.length - 1, 'n') };
}

/** Finds anything of anybody above: names in both scripts, streets, e-mails, phones with or without the country's code. */
export const canaries = /kanaria|канарейка|laululinnun|(?:358|0)\s?449\d{6}/i;

/**
 * First names by which the stand-in Posti knows what becomes of a parcel (posti.ts, prepareParcels). Short, so that no line
 * of a label makes initials of them.
 */
export const keptAtTheSender = 'Viivi';
export const staysOnTheRoad = 'Taival';
export const neverCollected = 'Paluu';

/** The same for what the file of their label is like. */
export const withATurnedLabel = 'Kierto';
export const withALateHeader = 'Johdanto';

/** The same person under another first name, like one of those above. */
export const called = (firstName: string, person: Person): Person => ({ ...person, firstName });

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toParty, type PartyResult } from '../../../src/booking/party.ts';
import type { Address } from '../../../src/orders/order.ts';

const anAddress = (changes: Partial<Address> = {}): Address => ({
  firstName: 'Aino',
  lastName: 'Esimerkki',
  company: null,
  street1: 'Keksitty katu 1',
  street2: null,
  city: 'Helsinki',
  state: null,
  postcode: '00100',
  country: 'FI',
  phone: '040 123 4567',
  email: 'aino@example.com',
  formFields: {},
  ...changes,
});

const party = (result: PartyResult) => {
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return result.party;
};
const codes = (result: PartyResult) => ('problems' in result ? result.problems.map((p) => `${p.code} ${p.field}`) : []);

type Lines = [name: string, contact: string | null, address1: string, address2: string | null];
const linesOf = (result: PartyResult): Lines => {
  const { name, contact, address1, address2 } = party(result);
  return [name, contact, address1, address2];
};
const notesOf = (result: PartyResult) => ('notes' in result ? result.notes : []);
const x = (length: number) => 'x'.repeat(length);
const osuuskunta = 'Pohjoisen Keksittyjen Tarvikkeiden Osuuskunta';

describe('the lines of an A5 label, which has 35 characters and is not known to print a contact', () => {
  test.each<[string, Partial<Address>, Lines]>([
    ['a person', {}, ['Aino Esimerkki', null, 'Keksitty katu 1', null]],
    [
      'a company and a person are on the line of the name, where they fit on it',
      { company: 'Keksi Oy' },
      ['Keksi Oy, Aino Esimerkki', null, 'Keksitty katu 1', null],
    ],
    [
      'a person has the second address line, where company and person do not fit on one',
      { company: 'Keksittyjen Tarvikkeiden Osuuskunta' },
      ['Keksittyjen Tarvikkeiden Osuuskunta', null, 'Keksitty katu 1', 'Aino Esimerkki'],
    ],
    [
      'the same where the street has two parts that fit on one line',
      { company: 'Keksittyjen Tarvikkeiden Osuuskunta', street2: 'C 34' },
      ['Keksittyjen Tarvikkeiden Osuuskunta', null, 'Keksitty katu 1, C 34', 'Aino Esimerkki'],
    ],
    [
      'a company without a person',
      { company: 'Keksi Oy', firstName: null, lastName: null },
      ['Keksi Oy', null, 'Keksitty katu 1', null],
    ],
    ['a person of one name', { firstName: 'Aino', lastName: null }, ['Aino', null, 'Keksitty katu 1', null]],
    ['a person of a surname', { firstName: null }, ['Esimerkki', null, 'Keksitty katu 1', null]],
    [
      'a person has the second address line before a first name is shortened',
      { company: 'Keksittyjen Tavarat', firstName: 'Aleksandra' },
      ['Keksittyjen Tavarat', null, 'Keksitty katu 1', 'Aleksandra Esimerkki'],
    ],
    ['a street in two parts', { street2: 'C 34' }, ['Aino Esimerkki', null, 'Keksitty katu 1', 'C 34']],
    [
      'a c/o line stays above its street',
      { street1: 'c/o Keksi', street2: 'Katu 1' },
      ['Aino Esimerkki', null, 'c/o Keksi', 'Katu 1'],
    ],
    [
      'a street that is longer than a line',
      { street1: 'Keskimmäisen Kuvittelijan kujan sivukatu 112 B 45' },
      ['Aino Esimerkki', null, 'Keskimmäisen Kuvittelijan kujan', 'sivukatu 112 B 45'],
    ],
    [
      'a name that is too long has its first names as initials, and the surname whole',
      { firstName: 'Maximiliana Aleksandra', lastName: 'Esimerkkilä-Kuvitteellinen' },
      ['M. A. Esimerkkilä-Kuvitteellinen', null, 'Keksitty katu 1', null],
    ],
    [
      'a name that does not fit even so runs on in the second address line, whole',
      { firstName: 'Maximiliana Aleksandra', lastName: 'von Esimerkkilä-Kuvitteellinen' },
      ['Maximiliana Aleksandra von', null, 'Keksitty katu 1', 'Esimerkkilä-Kuvitteellinen'],
    ],
    [
      'only the middle names are initials where that is enough',
      { firstName: 'Kaarina Aleksandra', lastName: 'Keksitty-Esimerkkilä' },
      ['Kaarina A. Keksitty-Esimerkkilä', null, 'Keksitty katu 1', null],
    ],
    [
      'a long company runs on in the second address line',
      { company: osuuskunta, firstName: null, lastName: null },
      ['Pohjoisen Keksittyjen Tarvikkeiden', null, 'Keksitty katu 1', 'Osuuskunta'],
    ],
    [
      'a word longer than a line is broken, not cut',
      { firstName: x(40), lastName: null },
      [x(35), null, 'Keksitty katu 1', x(5)],
    ],
    [
      'Cyrillic is printed',
      { firstName: 'Анна', lastName: 'Примерова' },
      ['Анна Примерова', null, 'Keksitty katu 1', null],
    ],
    [
      'line breaks, tabs and invisible marks are put right',
      { firstName: ' Aino\t\u200b', street1: 'Keksitty\r\nkatu\u00a01' },
      ['Aino Esimerkki', null, 'Keksitty katu 1', null],
    ],
    ['emoji are left out', { firstName: 'Aino 👩‍🚀🇫🇮❤️' }, ['Aino Esimerkki', null, 'Keksitty katu 1', null]],
    [
      'HTML entities are written as what they stand for, once',
      { company: 'Muki &amp; Pannu', street1: 'T&auml;hti&shy;katu&#32;1' },
      ['Muki & Pannu, Aino Esimerkki', null, 'Tähtikatu 1', null],
    ],
    [
      'what only looks like an entity stays as it is',
      { company: 'R&D; Oy', street1: 'Katu &copy 1' },
      ['R&D; Oy, Aino Esimerkki', null, 'Katu &copy 1', null],
    ],
    [
      'what was encoded twice stays as it is',
      { company: 'A &amp;amp; B' },
      ['A &amp;amp; B, Aino Esimerkki', null, 'Keksitty katu 1', null],
    ],
  ])('an address is printed on an A5 label: %s', (_name, changes, lines) =>
    expect(linesOf(toParty(anAddress(changes), null))).toEqual(lines),
  );

  test('a printed line that was shortened, moved or decoded is noted', () => {
    const notes = (changes: Partial<Address>) => notesOf(toParty(anAddress(changes), null));
    expect(notes({})).toEqual([]);
    expect(notes({ firstName: 'Kaarina Aleksandra', lastName: 'Keksitty-Esimerkkilä' })).toEqual(['name_shortened']);
    expect(notes({ company: 'Keksittyjen Tarvikkeiden Osuuskunta' })).toEqual(['name_beside_street']);
    expect(notes({ company: 'Muki &amp; Pannu' })).toEqual(['entities_decoded']);
    expect(notes({ company: 'A &amp;amp; B' })).toEqual(['entities_unclear']);
  });
});

describe('the lines of a label of another kind', () => {
  const onThermal = { labelSize: '107x225' } as const;

  test('a thermal label has lines of 20 characters', () => {
    const street = { street1: 'Keksittyjenkatu 112 B 45' };
    expect(linesOf(toParty(anAddress(street), null, onThermal))).toEqual([
      'Aino Esimerkki',
      null,
      'Keksittyjenkatu 112',
      'B 45',
    ]);
    const named = { firstName: 'Anna-Liisa Kristiina', lastName: 'Esimerkki' };
    expect(linesOf(toParty(anAddress(named), null, onThermal))[0]).toBe('A-L. K. Esimerkki');
    expect(codes(toParty(anAddress({ street1: x(41) }), null, onThermal))).toEqual([
      'street_too_long receiver.street1',
    ]);
  });

  test('a parcel to a pickup point has no room beside the street, whose address is printed there', () => {
    const toPoint = { toPickupPoint: true };
    expect(linesOf(toParty(anAddress({ company: 'Keksi Oy' }), null, toPoint))[0]).toBe('Keksi Oy, Aino Esimerkki');
    expect(codes(toParty(anAddress({ company: osuuskunta }), null, toPoint))).toEqual(['name_too_long receiver.name']);
    expect(codes(toParty(anAddress({ company: osuuskunta }), null))).toEqual([]);
  });

  test('a label has the person in the contact line where the store says that its labels print it', () => {
    const label = { lineLength: { A5: 35, '107x225': 20 }, contact: true, state: false };
    const named = { company: 'Keksi Oy', street2: 'C 34' };
    expect(linesOf(toParty(anAddress(named), null, { label }))).toEqual([
      'Keksi Oy',
      'Aino Esimerkki',
      'Keksitty katu 1',
      'C 34',
    ]);
  });
});

describe('the state of an address', () => {
  const boston = { city: 'Boston', state: 'Massachusetts', country: 'US', postcode: '02101' };
  test.each<[string, Partial<Address>, [city: string, state: string | null]]>([
    ['stands with the city, in the way of the country', boston, ['Boston, MA', 'MA']],
    ['of Canada', { ...boston, city: 'Montréal', state: 'Québec', country: 'CA' }, ['Montréal, QC', 'QC']],
    [
      'of a country whose post has no abbreviations',
      { ...boston, city: 'Kobe', state: 'Hyogo', country: 'JP' },
      ['Kobe, Hyogo', 'Hyogo'],
    ],
    ['is left out where an address has none', { state: 'Uusimaa' }, ['Helsinki', null]],
    ['that was left empty', { ...boston, state: null }, ['Boston', null]],
  ])('the state of an address is printed: %s', (_name, changes, [city, state]) =>
    expect(party(toParty(anAddress(changes), null))).toMatchObject({ city, state }),
  );
  test('the state of an address is not repeated where the store says that its labels print it', () => {
    const label = { lineLength: { A5: 35, '107x225': 20 }, contact: false, state: true };
    expect(party(toParty(anAddress(boston), null, { label }))).toMatchObject({ city: 'Boston', state: 'MA' });
  });
});

test('company, surname and street reach printed lines whole or are a problem, whatever their length', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'Ö', '-', 'ж', 'z'), minLength: 1, maxLength: 50 });
  const words = fc.array(word, { minLength: 1, maxLength: 8 }).map((all) => all.join(' '));
  const size = fc.constantFrom('A5' as const, '107x225' as const);
  fc.assert(
    fc.property(fc.option(words), words, words, words, size, (company, firstName, lastName, street1, labelSize) => {
      const result = toParty(anAddress({ company, firstName, lastName, street1 }), null, { labelSize });
      if ('problems' in result) {
        expect(result.problems[0]?.code).toMatch(/^(name|street)_too_long$/);
        return;
      }
      const { name, contact, address1, address2 } = result.party;
      expect(contact).toBeNull();
      const lines = [name, address1, address2 ?? ''];
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(labelSize === 'A5' ? 35 : 20);
      const letters = (text: string) => [...text.replace(/[\s,.]/g, '')].sort().join('');
      const printed = letters(lines.join(''));
      if (!result.notes.includes('name_shortened')) {
        expect(printed).toBe(letters([company, firstName, lastName, street1].join('')));
        return;
      }
      for (const letter of letters([company, lastName, street1].join(''))) expect(printed).toContain(letter);
    }),
  );
});

describe('problems', () => {
  test.each<[string, Partial<Address>, string[]]>([
    ['no name at all', { firstName: null, lastName: null }, ['name_missing receiver.name']],
    ['no street', { street1: null }, ['street_missing receiver.street1']],
    ['no city', { city: null }, ['city_missing receiver.city']],
    ['no country', { country: null }, ['country_missing receiver.country']],
    ['no postcode', { postcode: null }, ['postcode_missing receiver.postcode']],
    ['a script without glyphs', { firstName: '美咲' }, ['characters_not_printable receiver.name']],
    ['only emoji', { street1: '🏠' }, ['street_missing receiver.street1']],
    ['a street of three lines', { street1: 'x'.repeat(80) }, ['street_too_long receiver.street1']],
    ['a name of four lines', { lastName: 'x'.repeat(71) }, ['name_too_long receiver.name']],
    ['a city longer than its line', { city: 'x'.repeat(36) }, ['city_too_long receiver.city']],
    [
      'several at once',
      { city: null, postcode: '12' },
      ['city_missing receiver.city', 'postcode_invalid receiver.postcode'],
    ],
  ])('an address has a problem: %s', (_name, changes, expected) =>
    expect(codes(toParty(anAddress(changes), null))).toEqual(expected),
  );
});

test('an address with mistakes keeps its country, its postcode and the contacts of the person', () => {
  const soFar = (changes: Partial<Address>) => {
    const result = toParty(anAddress({ city: null, ...changes }), null);
    return 'soFar' in result ? result.soFar : undefined;
  };
  const reached = { phone: '+358401234567', mobile: '+358401234567', email: 'aino@example.com' };
  expect(soFar({})).toMatchObject({ country: 'FI', postcode: '00100', address1: 'Keksitty katu 1', ...reached });
  expect(soFar({ postcode: '22100' })).toMatchObject({ country: 'AX', postcode: '22100' });
  expect(soFar({ postcode: '12' })).toMatchObject({ country: 'FI', postcode: '', ...reached });
  expect(soFar({ street1: null })).toMatchObject({ address1: '', address2: null });
  expect(soFar({ country: null })).toBeNull();
});

describe('phone, mobile and e-mail', () => {
  const billing = anAddress({ phone: '+372 5123 4567', email: 'billing@example.com', country: 'EE' });

  test('blank contacts of an address come from billing', () => {
    const result = toParty(anAddress({ phone: null, email: null }), billing);
    expect(party(result)).toMatchObject({
      phone: '+37251234567',
      mobile: '+37251234567',
      email: 'billing@example.com',
    });
    expect(result).toMatchObject({ notes: ['phone_from_billing', 'email_from_billing'] });
  });
  test('a landline is the phone, and the mobile number is the one of billing', () =>
    expect(party(toParty(anAddress({ phone: '09 123 4567' }), billing))).toMatchObject({
      phone: '+35891234567',
      mobile: '+37251234567',
    }));
  test('a landline alone is no mobile number', () =>
    expect(party(toParty(anAddress({ phone: '09 123 4567' }), null))).toMatchObject({
      phone: '+35891234567',
      mobile: null,
    }));
  test('where a country does not tell the kinds apart, a number counts as both', () =>
    expect(
      party(toParty(anAddress({ phone: '(212) 555-2368', country: 'US', postcode: '10001' }), null)),
    ).toMatchObject({
      phone: '+12125552368',
      mobile: '+12125552368',
    }));
  test('an invalid phone or e-mail is left out and noted', () => {
    const result = toParty(anAddress({ phone: 'ask the caretaker', email: 'aino(at)example' }), null);
    expect(party(result)).toMatchObject({ phone: null, mobile: null, email: null });
    expect(result).toMatchObject({ notes: ['phone_unreadable', 'email_unreadable'] });
  });
  test('an address without a country is in the default one', () =>
    expect(party(toParty(anAddress({ country: null }), null, { defaultCountry: 'FI' })).country).toBe('FI'));
  test('a postcode of Åland makes the country Åland', () =>
    expect(party(toParty(anAddress({ postcode: 'FI-22100' }), null))).toMatchObject({
      country: 'AX',
      postcode: '22100',
    }));
});

test('no code or field of a problem holds a value of the order', () => {
  const canary = '漢字Kanarialintu';
  const result = toParty(anAddress({ firstName: canary, city: canary, street1: canary, postcode: canary }), null);
  expect(codes(result).join()).not.toContain('Kanaria');
});

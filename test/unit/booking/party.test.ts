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

describe('lines', () => {
  const x = (length: number) => 'x'.repeat(length);
  test.each<[string, Partial<Address>, [string, string | null, string, string | null]]>([
    ['a person', {}, ['Aino Esimerkki', null, 'Keksitty katu 1', null]],
    ['a company with a person', { company: 'Keksi Oy' }, ['Keksi Oy', 'Aino Esimerkki', 'Keksitty katu 1', null]],
    [
      'a company without a person',
      { company: 'Keksi Oy', firstName: null, lastName: null },
      ['Keksi Oy', null, 'Keksitty katu 1', null],
    ],
    ['a street in two parts', { street2: 'C 34' }, ['Aino Esimerkki', null, 'Keksitty katu 1', 'C 34']],
    [
      'a street that is longer than a line',
      { street1: 'Keskimmäisen Kuvittelijan kujan sivukatu 112 B 45' },
      ['Aino Esimerkki', null, 'Keskimmäisen Kuvittelijan kujan', 'sivukatu 112 B 45'],
    ],
    [
      'a name of sixty characters goes on in the contact line',
      { firstName: 'Maximiliana Aleksandra Wilhelmiina', lastName: 'von Esimerkkilä-Kuvitteellinen' },
      ['Maximiliana Aleksandra Wilhelmiina', 'von Esimerkkilä-Kuvitteellinen', 'Keksitty katu 1', null],
    ],
    [
      'a long company beside a person runs on where two lines hold both',
      { company: 'Pohjoisen Keksittyjen Tarvikkeiden Osuuskunta' },
      ['Pohjoisen Keksittyjen Tarvikkeiden', 'Osuuskunta, Aino Esimerkki', 'Keksitty katu 1', null],
    ],
    [
      'a name of three lines ends in the free address line',
      { firstName: x(35), lastName: `${x(35)} ${x(30)}` },
      [x(35), x(35), 'Keksitty katu 1', x(30)],
    ],
    [
      'a word longer than a line is broken, not cut',
      { firstName: x(40), lastName: null },
      [x(35), x(5), 'Keksitty katu 1', null],
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
  ])('%s', (_name, changes, lines) => {
    const { name, contact, address1, address2 } = party(toParty(anAddress(changes), null));
    expect([name, contact, address1, address2]).toEqual(lines);
  });

  test('a name reaches the label whole or is a problem, whatever its length', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'Ö', '-', 'ж', 'z'), minLength: 1, maxLength: 50 });
    const words = fc.array(word, { minLength: 1, maxLength: 8 }).map((all) => all.join(' '));
    fc.assert(
      fc.property(words, words, words, (firstName, lastName, street1) => {
        const result = toParty(anAddress({ firstName, lastName, street1 }), null);
        if ('problems' in result) {
          expect(result.problems[0]?.code).toMatch(/^(name|street)_too_long$/);
          return;
        }
        const { name, contact, address1, address2 } = result.party;
        const lines = [name, contact ?? '', address1, address2 ?? ''];
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(35);
        const letters = (text: string) => [...text.replace(/\s/g, '')].sort().join('');
        expect(letters(lines.join(''))).toBe(letters(firstName + lastName + street1));
      }),
    );
  });
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
    ['a name of five lines', { firstName: 'x'.repeat(160) }, ['name_too_long receiver.name']],
    ['a city longer than its line', { city: 'x'.repeat(36) }, ['city_too_long receiver.city']],
    [
      'several at once',
      { city: null, postcode: '12' },
      ['city_missing receiver.city', 'postcode_invalid receiver.postcode'],
    ],
  ])('%s', (_name, changes, expected) => expect(codes(toParty(anAddress(changes), null))).toEqual(expected));
});

describe('fallbacks', () => {
  const billing = anAddress({ phone: '+372 5123 4567', email: 'billing@example.com', country: 'EE' });

  test('a blank phone and e-mail come from billing', () => {
    const result = toParty(anAddress({ phone: null, email: null }), billing);
    expect(party(result)).toMatchObject({ phone: '+37251234567', email: 'billing@example.com' });
    expect(result).toMatchObject({ notes: ['phone_from_billing', 'email_from_billing'] });
  });
  test('a landline gives way to a mobile number of billing', () =>
    expect(party(toParty(anAddress({ phone: '09 123 4567' }), billing)).phone).toBe('+37251234567'));
  test('a landline stays where billing has nothing better', () =>
    expect(party(toParty(anAddress({ phone: '09 123 4567' }), null)).phone).toBe('+35891234567'));
  test('what is no phone and no e-mail is left out and noted', () => {
    const result = toParty(anAddress({ phone: 'ask the caretaker', email: 'aino(at)example' }), null);
    expect(party(result)).toMatchObject({ phone: null, email: null });
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

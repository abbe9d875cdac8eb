import { expect, test } from 'vitest';
import { partyInTodaysForm, type KeptParty } from '../../../src/booking/old-parties.ts';

const kept = (changes: Partial<KeptParty>): KeptParty => ({
  ...{ name: 'Aino Esimerkki', contact: null, address1: 'Keksitty katu 1', address2: null },
  ...{ postcode: '00100', city: 'Helsinki', country: 'FI', phone: '+358401234567', email: null },
  ...changes,
});

test.each<[string, Partial<KeptParty>, { mobile: string | null; state: string | null }]>([
  ['a mobile number', {}, { mobile: '+358401234567', state: null }],
  ['a landline', { phone: '+35891234567' }, { mobile: null, state: null }],
  ['no number', { phone: null }, { mobile: null, state: null }],
])('a party that was kept before mobile numbers were told apart, with %s, is booked with it', (_name, changes, now) =>
  expect(partyInTodaysForm(kept(changes))).toEqual({ ...kept(changes), ...now }),
);

test('what a plan of today says of a party stays as it is', () => {
  const today = { ...kept({}), mobile: null, state: 'MA' };
  expect(partyInTodaysForm(today)).toEqual(today);
  expect(partyInTodaysForm({ ...today, mobile: '+372512345' })).toMatchObject({ mobile: '+372512345' });
});

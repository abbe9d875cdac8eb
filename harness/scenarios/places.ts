import type { Person } from '../people.ts';
import type { AddressToPlace } from '../shop.ts';

type Place = Pick<AddressToPlace, 'city' | 'zip' | 'country' | 'countryIso2'>;

export const helsinki: Place = { city: 'Helsinki', zip: '00530', country: 'Finland', countryIso2: 'FI' };
export const tampere: Place = { city: 'Tampere', zip: '33100', country: 'Finland', countryIso2: 'FI' };
export const oulu: Place = { city: 'Oulu', zip: '90100', country: 'Finland', countryIso2: 'FI' };
export const mariehamn: Place = { city: 'Mariehamn', zip: '22100', country: 'Åland Islands', countryIso2: 'AX' };
export const tallinn: Place = { city: 'Tallinn', zip: '10111', country: 'Estonia', countryIso2: 'EE' };

/** Somebody's address; with the method that they chose where it is one to ship to. */
export const addressOf = (
  { firstName, lastName, street, phone, email }: Person,
  place: Place,
  shippingMethod?: string,
): AddressToPlace => ({
  firstName,
  lastName,
  street1: street,
  phone,
  email,
  ...place,
  ...(shippingMethod === undefined ? {} : { shippingMethod }),
});

/** The methods that the demo's shops offer (demo-stores.ts says which Posti service each is). */
export const toTheDoor = 'Kotiinkuljetus';
export const toAPickupPoint = 'Noutopiste';
export const inTheMailbox = 'Postilaatikkoon';
export const abroadToAPoint = 'Noutopiste ulkomailla';
/** The merchant chose an add-on that Posti does not have for the service. */
export const withAWrongAddon = 'Kotiin ilman lokeroa';

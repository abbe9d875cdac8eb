import { describe, expect, test } from 'vitest';
import { findAddon, findService, postiServices } from '../../../src/booking/catalogue.ts';
import {
  checkService,
  chooseService,
  type BookingDraft,
  type ServiceLimits,
} from '../../../src/booking/service-rules.ts';

const aDraft = ({
  receiver,
  ...changes
}: Partial<Omit<BookingDraft, 'receiver'>> & { receiver?: object } = {}): BookingDraft => ({
  service: 'PO2103',
  addons: [],
  pickupPointId: null,
  parcels: [{ weightGrams: 1200, contents: null }],
  receiver: {
    name: 'Aino Esimerkki',
    contact: null,
    address1: 'Keksitty katu 1',
    address2: null,
    postcode: '00100',
    city: 'Helsinki',
    state: null,
    country: 'FI',
    phone: '+358401234567',
    mobile: '+358401234567',
    email: 'aino@example.com',
    ...receiver,
  },
  ...changes,
});
const codesOf = (draft: Parameters<typeof aDraft>[0]) => checkService(aDraft(draft)).map(({ code }) => code);
const noPhone = { phone: null, mobile: null };
const landline = { phone: '+35891234567', mobile: null };
const grams = (...weights: number[]) => weights.map((weightGrams) => ({ weightGrams, contents: null }));

const toPoint = (service: string, changes: Parameters<typeof aDraft>[0] = {}): Parameters<typeof aDraft>[0] => ({
  ...{ service, pickupPointId: '001003200' },
  ...changes,
});

describe('what Posti would take', () => {
  test.each<[string, Parameters<typeof aDraft>[0]]>([
    ['a parcel to an address', {}],
    ['a parcel to a pickup point', { pickupPointId: '001003200' }],
    ['a parcel to Åland', { receiver: { country: 'AX', postcode: '22100' } }],
    ['the heaviest parcels', { parcels: grams(35_000, 35_000) }],
    ['a fragile parcel handed over personally', { addons: ['FRAG', 'PERS'] }],
    ['a parcel to an address where only the e-mail is known', { receiver: noPhone }],
    ['a mailbox parcel without any contact', { service: 'PO2461', receiver: { ...noPhone, email: null } }],
    ['a heavy parcel to the address', { parcels: grams(26_000) }],
    ['a parcel to a pickup point where only the e-mail is known', toPoint('PO2102', { receiver: noPhone })],
    [
      'a parcel to a box at a post office, from where its notice goes to the nearest point',
      { receiver: { address1: 'PL 12' } },
    ],
    [
      'an express parcel to a pickup point of somebody with a box',
      toPoint('PO2102', { receiver: { address1: 'PL 12' } }),
    ],
    ['a parcel overseas', { service: 'PO2015', receiver: { country: 'JP' } }],
  ])('a booking that Posti would take has no problem: %s', (_name, draft) =>
    expect(checkService(aDraft(draft))).toEqual([]),
  );
});

describe('what Posti would refuse', () => {
  test.each<[string, Parameters<typeof aDraft>[0], string[]]>([
    ['an unknown service', { service: 'PO9999' }, ['service_unknown']],
    ['a country that is not served', { receiver: { country: 'EE' } }, ['service_country_not_served']],
    ['a parcel that is too heavy', { parcels: grams(1000, 35_001) }, ['service_weight_exceeded']],
    ['a parcel that is too light', { parcels: grams(99) }, ['service_weight_too_small']],
    ['a weight that is no number', { parcels: grams(NaN) }, ['service_weight_too_small']],
    ['no parcel', { parcels: [] }, ['parcels_missing']],
    ['an add-on of another service', { addons: ['DLVSAT'] }, ['addon_not_allowed']],
    ['an add-on that nobody knows', { addons: ['3101'] }, ['addon_not_allowed']],
    ['cash on delivery without an amount', { addons: ['COD'] }, ['addon_details_missing']],
    ['two delivery times', { service: 'PO2102', addons: ['DLV00', 'DLV09'] }, ['addons_exclude_each_other']],
    ['a pickup service without a point', { service: 'PO2351', receiver: { country: 'SE' } }, ['pickup_point_missing']],
    ['a home service with a point', { service: 'PO2104', pickupPointId: '001003200' }, ['pickup_point_not_possible']],
    ['a pickup point without a phone', { pickupPointId: '001003200', receiver: noPhone }, ['phone_missing']],
    ['a home parcel with a landline', { service: 'PO2104', receiver: landline }, ['phone_missing']],
    [
      'a pickup point of a service that asks for nothing at the door, without phone and e-mail',
      toPoint('PO2102', { receiver: { ...noPhone, email: null } }),
      ['contact_missing'],
    ],
    ['the same with a landline', toPoint('PO2102', { receiver: { ...landline, email: null } }), ['contact_missing']],
    ['a pickup point with eight digits', { pickupPointId: '00100320' }, ['pickup_point_invalid']],
    ['a pickup point with its name', { pickupPointId: 'K-Kauppa Keksi' }, ['pickup_point_invalid']],
    [
      'more than Posti offers pickup points for',
      { pickupPointId: '001003200', parcels: grams(25_001) },
      ['service_weight_exceeded'],
    ],
    [
      'a box at a post office for a courier',
      { service: 'PO2104', receiver: { address1: 'PL 12' } },
      ['post_box_not_possible'],
    ],
    [
      'poste restante for an express parcel to the address',
      { service: 'PO2102', receiver: { address2: 'Poste restante' } },
      ['post_box_not_possible'],
    ],
    [
      'a notice of arrival to nobody',
      { service: 'PO2102', addons: ['NOT'], receiver: { ...noPhone, email: null } },
      ['contact_missing'],
    ],
    [
      'a call before delivery without a number',
      { service: 'PO2102', addons: ['DLVCALL'], receiver: noPhone },
      ['phone_missing'],
    ],
    ['no contact at all', { receiver: { ...noPhone, email: null } }, ['contact_missing']],
    [
      'everything at once',
      { receiver: { country: 'US' }, parcels: grams(40_000), addons: ['COLD'] },
      ['service_country_not_served', 'service_weight_exceeded', 'addon_not_allowed'],
    ],
  ])('a booking that Posti would refuse has a problem: %s', (_name, draft, codes) =>
    expect(checkService(aDraft(draft)).map((problem) => problem.code)).toEqual(codes),
  );

  test('each service that reaches people by message or e-mail is refused where neither is known', () => {
    const receiver = { phone: null, mobile: null, email: null, country: 'SE', postcode: '111 22' };
    const refused = postiServices
      .map(({ id }) => id)
      .filter((service) => codesOf({ service, receiver }).includes('contact_missing'));
    expect(refused).toContain('PO2103');
    expect(refused).toContain('PO2711');
    expect(refused).not.toContain('PO2461');
  });

  test('the problem names the parcel, the rule and the limit', () =>
    expect(checkService(aDraft({ parcels: grams(1000, 36_000) }))[0]).toEqual({
      code: 'service_weight_exceeded',
      field: 'parcels[1].weightGrams',
      problem: 'Parcel 2 of 2 weighs 36 kg; PO2103 Postal Parcel takes at most 35 kg per parcel.',
      remedy: 'Split the goods into more parcels, or choose a service that takes more.',
    }));
});

describe('what a store says besides', () => {
  const codes = (draft: Parameters<typeof aDraft>[0], limits: ServiceLimits) =>
    checkService(aDraft(draft), limits).map(({ code }) => code);

  test('heavier parcels to pickup points are taken where the store says that Posti takes them', () => {
    const heavy = { pickupPointId: '001003200', parcels: grams(30_000) };
    expect(codes(heavy, {})).toEqual(['service_weight_exceeded']);
    expect(codes(heavy, { pickupPointGrams: 30_000 })).toEqual([]);
  });

  test('nothing is booked to a country that Posti takes no goods to', () => {
    const overseas = { service: 'ITPR', receiver: { country: 'US' } };
    expect(codes(overseas, { stoppedCountries: ['US'] })).toEqual(['destination_stopped']);
    expect(codes(overseas, { stoppedCountries: [] })).toEqual([]);
  });
});

test('the receiver with a box at a post office is told which services need no door', () => {
  const [problem] = checkService(aDraft({ service: 'PO2104', receiver: { address1: 'PL 12' } }));
  expect(problem).toMatchObject({ field: 'receiver.street1' });
  expect(problem?.problem).toContain('"PL 12" is a box at a post office');
  expect(problem?.remedy).toContain('PO2103 Postal Parcel, PO2102 Express Parcel to a pickup point');
  expect(problem?.remedy).not.toContain('PO2104');
});

describe('the service of a shipping method', () => {
  const home = { service: 'PO2104', addons: ['PERS'] };
  const pickup = { service: 'PO2103', addons: [] };
  const services = { 'Kotiinkuljetus (Posti)': home };
  test.each<[string, string | null, typeof home | typeof pickup]>([
    ['is the one that is named for it', 'Kotiinkuljetus (Posti)', home],
    ['does not depend on case and spaces', '  kotiinkuljetus   (POSTI) ', home],
    ['is the default where it is not named', 'Nouto', pickup],
    ['is the default where there is no method', null, pickup],
  ])('the service of a shipping method is chosen: %s', (_name, method, choice) =>
    expect(chooseService(method, { services, defaultService: pickup })).toEqual(choice),
  );
  test.each([['Nouto'], [null], ['']])('a shipping method without a default service needs attention (%j)', (method) =>
    expect(chooseService(method, { services, defaultService: null })).toMatchObject({ code: 'service_not_chosen' }),
  );
});

describe('the catalogue', () => {
  test('the catalogue of services knows every add-on that a service takes', () => {
    for (const id of postiServices.flatMap((service) => service.addons)) expect(findAddon(id), id).toBeDefined();
  });
  test('the catalogue of services has each id once', () => {
    const ids = postiServices.map((service) => service.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
  test('the catalogue of services finds Priority under both of its names', () =>
    expect(findService('PO2015')).toBe(findService('ITPR')));
});

/** Where a parcel goes, as customs and VAT see it from the rest of the EU. */
export type TaxArea =
  /** A member state's VAT area: no papers between two of these. */
  | 'eu'
  | 'aland'
  /** In the EU's customs area and outside of its VAT area: a tax border. */
  | 'outside_vat_area'
  /** Outside of the EU's customs area: an export. */
  | 'outside_customs_area';

interface Territory {
  readonly area: TaxArea;
  /** For the words of a problem; null where the country's code says it. */
  readonly name: string | null;
}

/** Member states, and what counts as one: Monaco as France, Northern Ireland (XI) for goods (carriers.md 9 [V TULLI, EC]). */
const inTheEu = new Set(
  'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MC MT NL PL PT RO SE SI SK XI'.split(' '),
);

/** Territories that have a country code of their own (carriers.md 9 [V]); IC and EA are codes that some shops use [R]. */
const byCode: Readonly<Record<string, Territory>> = {
  AX: { area: 'aland', name: 'Åland' },
  IC: { area: 'outside_vat_area', name: 'the Canary Islands' },
  GP: { area: 'outside_vat_area', name: 'Guadeloupe' },
  GF: { area: 'outside_vat_area', name: 'French Guiana' },
  MQ: { area: 'outside_vat_area', name: 'Martinique' },
  RE: { area: 'outside_vat_area', name: 'Réunion' },
  YT: { area: 'outside_vat_area', name: 'Mayotte' },
  MF: { area: 'outside_vat_area', name: 'Saint Martin' },
  EA: { area: 'outside_customs_area', name: 'Ceuta or Melilla' },
  FO: { area: 'outside_customs_area', name: 'the Faroe Islands' },
  GL: { area: 'outside_customs_area', name: 'Greenland' },
};

/**
 * Territories that are told from their country by the postcode alone (carriers.md 9: which ones [V TULLI, EC], their
 * postcodes [R]). Of a country's rows, the first that fits counts. Digits and letters only, without spaces.
 */
const byPostcode: readonly (readonly [country: string, postcode: RegExp, territory: Territory])[] = [
  ['FI', /^22\d{3}$/, { area: 'aland', name: 'Åland' }],
  ['ES', /^3[58]\d{3}$/, { area: 'outside_vat_area', name: 'the Canary Islands' }],
  ['ES', /^51\d{3}$/, { area: 'outside_customs_area', name: 'Ceuta' }],
  ['ES', /^52\d{3}$/, { area: 'outside_customs_area', name: 'Melilla' }],
  ['IT', /^23041$/, { area: 'outside_customs_area', name: 'Livigno' }],
  ['IT', /^22061$/, { area: 'outside_vat_area', name: 'Campione d’Italia' }],
  ['DE', /^27498$/, { area: 'outside_customs_area', name: 'Heligoland' }],
  ['DE', /^78266$/, { area: 'outside_customs_area', name: 'Büsingen' }],
  ['GR', /^63086$/, { area: 'outside_vat_area', name: 'Mount Athos' }],
  // Saint Barthélemy, Saint Pierre and Miquelon and the Pacific ones are outside of both; Monaco is 980.
  ['FR', /^97(133|5\d\d|7\d\d)$/, { area: 'outside_customs_area', name: 'a French territory overseas' }],
  ['FR', /^98[4-9]\d\d$/, { area: 'outside_customs_area', name: 'a French territory overseas' }],
  ['FR', /^97[0-9]\d\d$/, { area: 'outside_vat_area', name: 'a French department overseas' }],
  ['GB', /^BT\d/, { area: 'eu', name: 'Northern Ireland' }],
];

/** @param postcode as it is written in the country, or in a way like it */
export function territoryOf(country: string, postcode: string): Territory {
  const plain = postcode
    .toUpperCase()
    .replace(/[^A-Z\d]/g, '')
    .replace(new RegExp(`^${country}(?=\\d)`), '');
  const special = byPostcode.find(([of, code]) => of === country && code.test(plain))?.[2] ?? byCode[country];
  return special ?? { area: inTheEu.has(country) ? 'eu' : 'outside_customs_area', name: null };
}

/** Whether goods between the two need customs data: all but those within one VAT area, and those within Åland. */
export const crossesBorder = (from: TaxArea, to: TaxArea): boolean => from !== to || !['eu', 'aland'].includes(to);

/**
 * Posti's parcel services as data. Marks after a fact are the reference's: [V] verified in a source, [R] reasonable but
 * unverified (posti.md 8.1, 8.3, 8.4). Freight and letters are left out: they are not parcels of a web shop.
 */

export interface Service {
  /** What a booking names, like PO2103. */
  readonly id: string;
  /** Numeric product for pickup point search and tracking; null where Posti has none. */
  readonly product: string | null;
  readonly names: { readonly fi: string; readonly en: string; readonly sv: string | null };
  /** ISO 3166 alpha-2 codes of destinations, or `anywhere`. */
  readonly countries: readonly string[] | 'anywhere';
  readonly pickupPoint: 'possible' | 'required' | 'impossible';
  /** Whether a courier comes to the door of the address, where no box at a post office is (po-box.ts). */
  readonly courier: 'always' | 'without_pickup_point' | 'never';
  /** Of one parcel. */
  readonly minWeightGrams: number;
  readonly maxWeightGrams: number;
  /** Above it Posti's own shop apps offer no pickup point, though a booking is not known to be refused (posti.md 8.2 [V PKS]). */
  readonly pickupPointGrams: number | null;
  /** Of one parcel, longest side first; null where no source says. */
  readonly maxSizeMillimetres: readonly [length: number, width: number, height: number] | null;
  /** The same with the add-on SPTR (oversized); left out where no source says. */
  readonly oversizedMillimetres?: readonly [length: number, width: number, height: number];
  /** Of one parcel in a locker; left out where no source says. Larger ones are taken to another point. */
  readonly lockerMillimetres?: readonly [length: number, width: number, height: number];
  /** The least parcel; left out where no source says. */
  readonly minSizeMillimetres?: readonly [length: number, width: number, height: number];
  /** When the receiver must have a mobile number. */
  readonly mobileRequired: 'always' | 'with_pickup_point' | 'never';
  /** Whether the receiver must be reachable by mobile or e-mail; with a pickup point always (posti.md 11 [V SSPY, GLUE]). */
  readonly mobileOrEmailRequired: boolean;
  /** The add-ons that may be combined with it, by id. */
  readonly addons: readonly string[];
}

export interface Addon {
  readonly id: string;
  readonly name: string;
  /** What Posti needs beside the id, as a half sentence. A booking that has no room for it may not use the add-on. */
  readonly needs: string | null;
  /** How Posti has to reach the receiver for it [I from what it does]. */
  readonly reaches?: 'mobile_or_email' | 'phone';
}

const finland = ['FI', 'AX'];
const baltics = ['EE', 'LV', 'LT'];
/** Member states beside Finland; which of them Parcel Connect reaches is not in the sources [R]. */
const union = 'AT BE BG CY CZ DE DK EE ES FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');

const words = (text: string): readonly string[] => text.split(' ');

export const postiServices: readonly Service[] = [
  {
    id: 'PO2103',
    product: '2103',
    names: { fi: 'Postipaketti', en: 'Postal Parcel', sv: 'Postpaket' }, // [V]
    countries: finland, // [V]
    pickupPoint: 'possible',
    courier: 'never', // to a point, also where none is chosen
    minWeightGrams: 100, // [V]
    maxWeightGrams: 35_000, // [V]
    pickupPointGrams: 25_000, // [V PKS]
    maxSizeMillimetres: [1200, 600, 600], // [V]
    oversizedMillimetres: [1800, 800, 600], // [V]
    lockerMillimetres: [600, 600, 360], // [V]
    minSizeMillimetres: [150, 150, 10], // [V]
    mobileRequired: 'with_pickup_point', // [V SSPY]
    mobileOrEmailRequired: true, // [V VAL, GLUE] (posti.md 10, 11)
    addons: words('COD FDNGPP FRAG NOBOX NOT NOTLTR OPAY PERS PUPOPT RBLOCK REG REMIPOST RETNEXT SPTR'), // [V SSPY]
  },
  {
    id: 'PO2102',
    product: '2102',
    names: { fi: 'Express-paketti', en: 'Express Parcel', sv: 'Expresspaket' }, // [V], sv [R]
    countries: finland, // [V]
    pickupPoint: 'possible', // [V WCP]
    courier: 'without_pickup_point', // [I]
    minWeightGrams: 100, // [R] as PO2103
    maxWeightGrams: 35_000, // [R]
    pickupPointGrams: null,
    maxSizeMillimetres: null,
    mobileRequired: 'never',
    mobileOrEmailRequired: false,
    addons: words(
      'COD DLV00 DLV09 DLVCALL DLVINST DLVNOPOD DLVSAT DNG FDNGPP FRAG NOT OPAY PERS PRENOT RBLOCK RECYCLE SPTR',
    ), // [V SSPY]
  },
  {
    id: 'PO2104',
    product: '2104',
    names: { fi: 'Kotipaketti', en: 'Home Parcel', sv: 'Hempaket' }, // [V], sv [R]
    countries: finland, // [V]
    pickupPoint: 'impossible', // [V]
    courier: 'always', // [V]
    minWeightGrams: 100, // [R] as PO2103
    maxWeightGrams: 35_000, // [R]
    pickupPointGrams: null,
    maxSizeMillimetres: null,
    mobileRequired: 'always', // [V SSPY]
    mobileOrEmailRequired: true,
    addons: words('COD DLVNOPOD DLVANOT DNG FDNGPP FRAG OPAY PERS SPTR'), // [V SSPY]
  },
  {
    id: 'PO2461',
    product: '2461',
    names: { fi: 'Pikkupaketti', en: 'Small Parcel', sv: 'Småpaket' }, // [V]
    countries: finland, // [V]
    pickupPoint: 'impossible', // [V] goes into the mailbox
    courier: 'never', // the mailbox; whether a box at a post office is one, no source says
    minWeightGrams: 1, // [R] no minimum is named
    maxWeightGrams: 2_000, // [R]
    pickupPointGrams: null,
    maxSizeMillimetres: [350, 250, 30], // [V]
    mobileRequired: 'never',
    mobileOrEmailRequired: false,
    addons: words('OPAY'), // [V SSPY]
  },
  {
    id: 'PO2331',
    product: '2331',
    names: { fi: 'Baltian Postipaketti', en: 'Postal Parcel Baltics', sv: null }, // [V]
    countries: baltics, // [V]
    pickupPoint: 'possible', // [V] "yes"; whether a parcel without one is refused is unknown
    courier: 'without_pickup_point', // [I]
    minWeightGrams: 100, // [R] as PO2103
    maxWeightGrams: 35_000, // [V]
    pickupPointGrams: 35_000, // [V PKS]
    maxSizeMillimetres: null,
    mobileRequired: 'with_pickup_point', // [R] as PO2103
    mobileOrEmailRequired: true, // [V GLUE] pickup products
    addons: words('FDNGPP OPAY SPTR FRAG NOT'), // [V SSPY]
  },
  {
    id: 'PO2351',
    product: '2351',
    names: { fi: 'Pickup Parcel', en: 'Pickup Parcel', sv: null }, // [V], fi [R]
    countries: union, // [R]
    pickupPoint: 'required', // [V] partner points only
    courier: 'never', // [V]
    minWeightGrams: 100, // [V] Parcel Connect
    maxWeightGrams: 31_500, // [V] 31.5 to 35 kg by country: the smaller is safe everywhere
    pickupPointGrams: null,
    maxSizeMillimetres: null,
    mobileRequired: 'with_pickup_point', // [R]
    mobileOrEmailRequired: true, // [V GLUE] pickup products
    addons: [], // not in the matrix
  },
  {
    id: 'PO2352',
    product: '2352',
    names: { fi: 'Home Parcel', en: 'Home Parcel (international)', sv: null }, // [V], fi [R]
    countries: union, // [R]
    pickupPoint: 'impossible', // [V]
    courier: 'always', // [V]
    minWeightGrams: 100, // [R]
    maxWeightGrams: 31_500, // [R] as PO2351
    pickupPointGrams: null,
    maxSizeMillimetres: null,
    mobileRequired: 'never',
    mobileOrEmailRequired: true, // [V GLUE] home products
    addons: [], // not in the matrix
  },
  {
    id: 'PO2711',
    product: '2711',
    names: { fi: 'Parcel Connect', en: 'Parcel Connect', sv: 'Parcel Connect' }, // [V], sv [R]
    countries: union, // [R]
    pickupPoint: 'possible', // [V] optional
    courier: 'without_pickup_point', // [V]
    minWeightGrams: 100, // [V]
    maxWeightGrams: 35_000, // [V]
    pickupPointGrams: 31_500, // [V PKS]
    maxSizeMillimetres: [1200, 600, 600], // [V] by courier; lockers 600 × 360 × 600
    lockerMillimetres: [600, 600, 360], // [V]
    minSizeMillimetres: [150, 150, 10], // [V] of lockers
    mobileRequired: 'with_pickup_point', // [R]
    mobileOrEmailRequired: true, // [V GLUE]
    addons: words('COD DLV OPAY PUPOPT SPTR'), // [V SSPY]
  },
  {
    id: 'ITPR',
    product: '2015',
    names: { fi: 'Priority', en: 'Priority parcel', sv: null }, // [V]
    countries: 'anywhere', // [V]
    pickupPoint: 'impossible', // [V]
    courier: 'never', // [I] by post
    minWeightGrams: 1, // [R]
    maxWeightGrams: 31_500, // [V] UPU, typical; some countries take less
    pickupPointGrams: null,
    maxSizeMillimetres: null,
    mobileRequired: 'never',
    mobileOrEmailRequired: false,
    addons: words('OPAY'), // [V SSPY]
  },
  {
    id: 'PO2017',
    product: '2017',
    names: { fi: 'EMS', en: 'EMS express', sv: 'EMS' }, // [V], sv [R]
    countries: 'anywhere', // [V]
    pickupPoint: 'impossible', // [V]
    courier: 'always', // [I]
    minWeightGrams: 1, // [R]
    maxWeightGrams: 31_500, // [R] UPU; country limits apply
    pickupPointGrams: null,
    maxSizeMillimetres: null,
    mobileRequired: 'never',
    mobileOrEmailRequired: false,
    addons: words('OPAY'), // [V SSPY]
  },
];

/** Add-ons of the services above [V SSPY] (posti.md 8.3). */
export const postiAddons: readonly Addon[] = [
  { id: 'COD', name: 'cash on delivery', needs: 'an amount, an account (IBAN, BIC) and a bank reference' },
  { id: 'DNG', name: 'dangerous goods', needs: 'the classification of the goods and a declarant' },
  { id: 'OPAY', name: 'other payer', needs: 'the contract number of the payer' },
  { id: 'FRAG', name: 'fragile', needs: null },
  { id: 'SPTR', name: 'oversized', needs: null },
  { id: 'PERS', name: 'personal delivery', needs: null },
  { id: 'RETNEXT', name: 'longer storage', needs: null },
  { id: 'NOT', name: 'electronic notice of arrival', needs: null, reaches: 'mobile_or_email' },
  { id: 'NOTLTR', name: 'notice of arrival by letter', needs: null },
  { id: 'REMIPOST', name: 'reminder by letter', needs: null },
  { id: 'PRENOT', name: 'electronic pre-notification', needs: null, reaches: 'mobile_or_email' },
  { id: 'PUPOPT', name: 'optional pickup point', needs: null },
  { id: 'NOBOX', name: 'no outdoor locker', needs: null },
  { id: 'RBLOCK', name: 'no redirection', needs: null },
  { id: 'FDNGPP', name: 'limited quantities permit', needs: null },
  { id: 'DLV', name: 'home delivery', needs: null },
  { id: 'DLV00', name: 'delivery on the same day', needs: null },
  { id: 'DLV09', name: 'delivery by 9', needs: null },
  { id: 'DLVSAT', name: 'delivery on Saturday', needs: null },
  { id: 'DLVCALL', name: 'call before delivery', needs: null, reaches: 'phone' },
  { id: 'DLVANOT', name: 'delivery time agreed by phone', needs: null, reaches: 'phone' },
  { id: 'DLVINST', name: 'installation', needs: null },
  { id: 'DLVNOPOD', name: 'delivery without signature', needs: null },
  { id: 'RECYCLE', name: 'recycling of the old one', needs: null },
  { id: 'REG', name: 'registered', needs: null },
];

/** The service with this id, or undefined. PO2015 is the other name of ITPR (posti.md 8.1). */
export function findService(id: string, catalogue: readonly Service[] = postiServices): Service | undefined {
  const known = id === 'PO2015' ? 'ITPR' : id;
  return catalogue.find((service) => service.id === known);
}

export const findAddon = (id: string): Addon | undefined => postiAddons.find((addon) => addon.id === id);

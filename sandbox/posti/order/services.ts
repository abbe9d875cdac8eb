/** One Posti product as the order API names it (posti.md 8.1, 8.4). */
export interface Service {
  id: string;
  name: string;
  /** Printed as 2W…; the numeric twin of the id. */
  product: string;
  /** The large number that sorts the parcel (posti.md 10, an example value is all that is known). */
  process: string;
  destinations: readonly string[] | 'abroad';
  numbers: 'JJFI' | 'CC' | 'EE';
  maxKg: number;
  /** undefined: no list is known, every known additional service goes. */
  addons: readonly string[] | undefined;
  isReturn?: true;
}

const FI = ['FI', 'AX'];
const BALTICS = ['EE', 'LV', 'LT'];
const EU = 'AT BE BG CZ DE DK EE ES FR GR HR HU IE IT LT LU LV NL PL PT RO SE SI SK'.split(' ');

const row = (
  id: string,
  name: string,
  process: string,
  destinations: Service['destinations'],
  addons?: string,
  rest: Partial<Service> = {},
): Service => ({
  id,
  name,
  process,
  destinations,
  product: rest.product ?? id.replace(/\D/g, ''),
  numbers: 'JJFI',
  maxKg: 35,
  addons: addons?.split(' '),
  ...rest,
});

const services: readonly Service[] = [
  row('PO2101', 'Economy-paketti', '16', FI),
  row(
    'PO2102',
    'Express-paketti',
    '14',
    FI,
    'COD DLV00 DLV09 DLVCALL DLVINST DLVNOPOD DLVSAT DNG FDNGPP FRAG NOT OPAY PERS PRENOT RBLOCK RECYCLE SPTR',
  ),
  row(
    'PO2103',
    'Postipaketti',
    '16',
    FI,
    'COD FDNGPP FRAG NOBOX NOT NOTLTR OPAY PERS PUPOPT RBLOCK REG REMIPOST RETNEXT SPTR',
  ),
  row('PO2104', 'Kotipaketti', '21', FI, 'COD DLVNOPOD DLVANOT DNG FDNGPP FRAG OPAY PERS SPTR'),
  row('PO2108', 'Asiakaspalautus', '18', FI, 'FDNGPP FRAG OPAY SPTR', { isReturn: true }),
  row('PO2331', 'Baltian Postipaketti', '31', BALTICS, 'FDNGPP OPAY SPTR FRAG NOT'),
  row('PO2338', 'Baltian palautus', '38', [...FI, ...BALTICS], 'FDNGPP OPAY SPTR FRAG', { isReturn: true }),
  row('PO2351', 'Pickup Parcel', '31', EU),
  row('PO2352', 'Home Parcel', '31', EU),
  row('PO2461', 'Pikkupaketti', '46', FI, 'OPAY', { maxKg: 2 }),
  row('PO2711', 'Parcel Connect', '31', EU, 'COD DLV OPAY PUPOPT SPTR'),
  row('PO2718', 'Parcel Return Connect', '38', [...FI, ...EU], 'OPAY SPTR', { isReturn: true }),
  row('PO2015', 'Priority', '15', 'abroad', 'OPAY', { numbers: 'CC', maxKg: 31.5 }),
  row('ITPR', 'Priority', '15', 'abroad', 'OPAY', { product: '2015', numbers: 'CC', maxKg: 31.5 }),
  row('PO2017', 'EMS', '17', 'abroad', 'OPAY', { numbers: 'EE', maxKg: 31.5 }),
  row('PO2017D', 'EMS DocPack', '17', 'abroad', 'OPAY', { product: '2017', numbers: 'EE', maxKg: 31.5 }),
];

/** Additional services that any of the products knows (posti.md 8.3), and 3196, which allows a sending code (4.8). */
const knownAddons = new Set(
  (
    'COD FRAG SPTR PERS RETNEXT NOT NOTLTR REMIPOST PRENOT PUPOPT NOBOX RBLOCK FDNGPP DNG DLVSAT DLV00 DLV09 DLV21 ' +
    'DLVCALL DLVANOT DLVINST DLVNOPOD DLV DLVPRIV DLVDEP PUPDEP DLVT OPAY INSU MPRC REG RECYCLE WARM COLD FRZ TECH ' +
    'MAXI 3196'
  ).split(' '),
);

export const findService = (id: string): Service | undefined => services.find((each) => each.id === id);

/** By the numeric code that the gateway uses, e.g. 2103. */
export const findProduct = (product: string): Service | undefined => services.find((each) => each.product === product);

/** Whether the product goes to this country. */
export function goesTo(service: Service, country: string): boolean {
  if (service.destinations === 'abroad') return !FI.includes(country);
  return service.destinations.includes(country);
}

/** Whether this additional service can be had with the product. */
export function allowsAddon(service: Service, addon: string): boolean {
  if (addon === '3196') return true;
  return service.addons === undefined ? knownAddons.has(addon) : service.addons.includes(addon);
}

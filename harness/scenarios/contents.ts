import { delivered, type Scenario } from '../scenario.ts';
import { home, toHome } from './orders.ts';
import { addressOf, helsinki, oulu, tampere, toTheDoor } from './places.ts';

/** Orders whose lines and addresses are unusual. */
export const contents: readonly Scenario[] = [
  {
    name: 'two addresses',
    shop: 'live',
    order: (person) => ({
      billing: addressOf(person, helsinki),
      shippingAddresses: [addressOf(person, helsinki, toTheDoor), addressOf(person, tampere, toTheDoor)],
      lines: [
        { name: 'Tossut', sku: 'TOSSUT-38', weight: 400 },
        { name: 'Huivi', sku: 'HUIVI-1', quantity: 3, weight: 200, address: 1 },
      ],
    }),
    end: delivered({ ...home, postcode: '00530', units: 1 }, { ...home, postcode: '33100', units: 3 }),
  },
  {
    name: 'three addresses',
    shop: 'live',
    order: (person) => ({
      billing: addressOf(person, helsinki),
      shippingAddresses: [helsinki, tampere, oulu].map((place) => addressOf(person, place, toTheDoor)),
      lines: [0, 1, 2].map((address) => ({ name: 'Kynttilä', sku: `KYNT-${address}`, weight: 300, address })),
    }),
    end: delivered(
      { ...home, postcode: '00530', units: 1 },
      { ...home, postcode: '33100', units: 1 },
      { ...home, postcode: '90100', units: 1 },
    ),
  },
  {
    name: 'mixed with digital',
    shop: 'live',
    order: (person) => ({
      ...toHome(person),
      lines: [
        { name: 'Lankakerä', sku: 'LANKA-7', quantity: 2, weight: 100 },
        { name: 'Neuleohje (PDF)', type: 'digital' },
        { name: 'Lahjakortti', type: 'giftcertificate', quantity: 2 },
      ],
    }),
    end: { ...delivered({ ...home, units: 2 }), unshipped: { digital: 1, gift_certificate: 2 } },
  },
  {
    name: 'line without SKU',
    shop: 'live',
    order: (person) => ({ ...toHome(person), lines: [{ name: 'Kortti tekstillä', quantity: 3, weight: 50 }] }),
    end: delivered({ ...home, units: 3 }),
  },
  {
    name: '51 lines',
    shop: 'live',
    order: (person) => ({
      ...toHome(person),
      lines: Array.from({ length: 51 }, (_, i) => ({ name: `Nappi ${i + 1}`, sku: `NAPPI-${i + 1}`, weight: 20 })),
    }),
    end: delivered({ ...home, units: 51 }),
  },
  {
    name: 'lines lost by include',
    shop: 'live',
    order: (person) => ({ ...toHome(person), includeLosesLines: true }),
    end: delivered({ ...home, units: 2 }),
  },
];

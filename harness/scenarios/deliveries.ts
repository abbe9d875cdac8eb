import { inCyrillic, withLongName } from '../people.ts';
import { delivered, type Scenario } from '../scenario.ts';
import { home, toHome } from './orders.ts';
import { addressOf, mariehamn, oulu, tampere, toAPickupPoint, toTheDoor } from './places.ts';

/** A parcel locker in Tampere, of the stand-in's catalogue. */
const locker = '331003256';

export const deliveries: readonly Scenario[] = [
  {
    name: 'home delivery',
    shop: 'live',
    order: (person) => ({ ...toHome(person), viaIncomplete: true }),
    end: delivered(home),
  },
  {
    name: 'pickup point',
    shop: 'live',
    order: (person) => ({
      ...toHome(person, tampere),
      shippingAddresses: [
        {
          ...addressOf(person, tampere, toAPickupPoint),
          formFields: [{ name: 'Pickup point', value: locker }],
        },
      ],
    }),
    end: delivered({ service: 'PO2103', parcels: 1, pickupPoint: locker }),
  },
  {
    name: 'point left over',
    shop: 'live',
    order: (person) => ({
      ...toHome(person, tampere),
      shippingAddresses: [
        { ...addressOf(person, tampere, toTheDoor), formFields: [{ name: 'Pickup point', value: locker }] },
      ],
    }),
    end: delivered({ ...home, postcode: '33100' }),
  },
  {
    // Pasted out of a chat: direction marks and zero-width spaces, which nobody sees.
    name: 'characters nobody sees',
    shop: 'live',
    order: (person) => {
      const to = addressOf(person, tampere, toAPickupPoint);
      return {
        ...toHome(person, tampere),
        shippingAddresses: [
          {
            ...to,
            phone: `\u202a${to.phone}\u202c`,
            email: `\u200b${to.email}`,
            zip: `33\u200b100`,
            formFields: [{ name: 'Pickup point', value: `\u200e${locker}` }],
          },
        ],
      };
    },
    end: delivered({ service: 'PO2103', parcels: 1, pickupPoint: locker, postcode: '33100' }),
  },
  {
    name: 'two parcels',
    shop: 'live',
    order: (person) => ({
      ...toHome(person, oulu),
      lines: [{ name: 'Valurautapata', sku: 'PATA-15', quantity: 2, weight: 15_000 }],
    }),
    end: delivered({ service: 'PO2104', parcels: 2 }),
  },
  { name: 'to Åland', shop: 'live', order: (person) => toHome(person, mariehamn), end: delivered(home) },
  {
    name: 'name in Cyrillic',
    shop: 'live',
    order: (person) => toHome(inCyrillic(person)),
    end: delivered({ ...home, printed: ['Ольга Канарейка'] }),
  },
  {
    name: 'name of 60 letters',
    shop: 'live',
    order: (person) => toHome(withLongName(person)),
    end: delivered({ ...home, printed: ['A. L. Kanaria'] }),
  },
];

import type { Person } from '../people.ts';
import { delivered, needsAttention, waitsForAPerson, type Scenario } from '../scenario.ts';
import type { AddressToPlace, OrderToPlace } from '../shop.ts';
import { home, toHome } from './orders.ts';
import { addressOf, helsinki, mariehamn, toAPickupPoint, toTheDoor } from './places.ts';

/** The point nearest to the receiver, of the stand-in's catalogue. */
const nearestPoint = '005303234';

/** Nothing is asked of Posti: our own rules say no. */
const notSent = { phase: 'planned', service: null, parcels: 0, attempts: [] } as const;

const addressed =
  (changes: (person: Person) => Partial<AddressToPlace>, method = toTheDoor) =>
  (person: Person): OrderToPlace => ({
    ...toHome(person),
    // The billing address has the same phone: nothing is taken from it that the scenario leaves out.
    billing: { ...addressOf(person, helsinki), ...changes(person) },
    shippingAddresses: [{ ...addressOf(person, helsinki, method), ...changes(person) }],
  });

/** What a label has to say, and what Posti would take without a word although it can't be delivered. */
export const whatIsSent: readonly Scenario[] = [
  {
    name: 'company and person',
    shop: 'live',
    // On a thermal label company and person are too long for one line, and the street has one to itself.
    order: addressed(({ street }) => ({ company: 'Keksi ja Pojat Oy', street1: street.replace(' B 3', '') })),
    end: delivered({ ...home, printed: ['Keksi ja Pojat Oy', 'Lintu Kanaria'] }),
  },
  {
    name: 'HTML entities',
    shop: 'live',
    order: addressed(({ street }) => ({ street1: street.replace('kuja', 'm&auml;ki').replace(' B 3', '') })),
    end: delivered({ ...home, printed: ['Kanariamäki'] }),
  },
  {
    name: 'to Åland, papers unknown',
    shop: 'two warehouses',
    order: (person) => toHome(person, mariehamn),
    later: [
      {
        what: 'may be booked without customs data',
        when: waitsForAPerson('customs_data_missing'),
        act: ({ command }) => command('resolve', {}, 1),
      },
    ],
    end: delivered({ ...home, postcode: '22100' }),
  },
  {
    name: 'box at a post office',
    shop: 'live',
    order: addressed(() => ({ street1: 'PL 12' })),
    end: needsAttention('post_box_not_possible', notSent),
  },
  {
    name: 'landline alone',
    shop: 'live',
    order: addressed(() => ({ phone: '09 123 4567' })),
    later: [
      {
        what: 'gets a mobile number',
        when: waitsForAPerson('phone_missing'),
        act: ({ command }) => command('change', { address: { phone: '+358449000001' } }, 1),
      },
    ],
    end: delivered(home),
  },
  {
    name: 'point mistyped',
    shop: 'live',
    order: addressed(() => ({ formFields: [{ name: 'Pickup point', value: 'Kioski Kallio' }] }), toAPickupPoint),
    later: [
      {
        what: 'gets the nearest point',
        when: waitsForAPerson('pickup_point_invalid'),
        act: ({ takeTheNearestPoint }) => takeTheNearestPoint(),
      },
    ],
    end: delivered({ service: 'PO2103', parcels: 1, pickupPoint: nearestPoint }),
  },
];

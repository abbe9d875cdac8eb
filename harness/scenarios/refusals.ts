import type { Person } from '../people.ts';
import { delivered, needsAttention, waitsForAPerson, type Scenario } from '../scenario.ts';
import type { OrderToPlace } from '../shop.ts';
import { home, toHome } from './orders.ts';
import {
  abroadToAPoint,
  addressOf,
  helsinki,
  inTheMailbox,
  tallinn,
  toAPickupPoint,
  withAWrongAddon,
} from './places.ts';

/** A pickup point in Helsinki that the lists name and that refuses parcels, and the one nearest to the receiver. */
const inactivePoint = '001003232';
const nearestPoint = '005303234';

const toTheInactivePoint = (person: Person): OrderToPlace => ({
  ...toHome(person),
  shippingAddresses: [
    {
      ...addressOf(person, helsinki, toAPickupPoint),
      formFields: [{ name: 'Pickup point', value: inactivePoint }],
    },
  ],
});

/** Nothing is asked of Posti: our own rules say no. */
const notSent = { phase: 'planned', service: null, parcels: 0, attempts: [] } as const;

/** What cannot be booked as it stands. */
export const refusals: readonly Scenario[] = [
  {
    name: 'inactive point',
    shop: 'live',
    order: toTheInactivePoint,
    end: needsAttention('pickup_point_inactive', {
      ...{ phase: 'planned', service: 'PO2103', parcels: 0 },
      attempts: ['refused'],
    }),
  },
  {
    name: 'another point',
    shop: 'live',
    order: toTheInactivePoint,
    later: [
      {
        what: 'gets the nearest point',
        when: waitsForAPerson('pickup_point_inactive'),
        act: ({ takeTheNearestPoint }) => takeTheNearestPoint(),
      },
    ],
    end: delivered({ service: 'PO2103', parcels: 1, pickupPoint: nearestPoint, attempts: ['refused', 'live'] }),
  },
  {
    name: 'no point chosen',
    shop: 'live',
    order: (person) => toHome(person, tallinn, abroadToAPoint),
    end: needsAttention('pickup_point_missing', notSent),
  },
  {
    name: 'too heavy',
    shop: 'live',
    order: (person) => ({
      ...toHome(person, helsinki, inTheMailbox),
      lines: [{ name: 'Kivipata', sku: 'KIVI-3', weight: 3_000 }],
    }),
    end: needsAttention('service_weight_exceeded', notSent),
  },
  {
    name: 'country not served',
    shop: 'live',
    order: (person) => toHome(person, tallinn),
    end: needsAttention('service_country_not_served', notSent),
  },
  {
    name: 'add-on not allowed',
    shop: 'live',
    order: (person) => toHome(person, helsinki, withAWrongAddon),
    end: needsAttention('addon_not_allowed', notSent),
  },
  {
    name: 'service chosen',
    shop: 'live',
    order: (person) => toHome(person, helsinki, withAWrongAddon),
    later: [
      {
        what: 'gets another service',
        when: waitsForAPerson('addon_not_allowed'),
        act: ({ command }) => command('change', { service: { service: 'PO2104' } }, 1),
      },
    ],
    end: delivered(home),
  },
];

import { delivered, type Scenario } from '../scenario.ts';
import { addressOf, helsinki, toTheDoor } from './places.ts';

/** Status ids of BigCommerce (bigcommerce.md 2.7). */
const awaitingPayment = 7;

export const notShipped: readonly Scenario[] = [
  {
    name: 'digital only',
    shop: 'live',
    order: (person) => ({
      billing: addressOf(person, helsinki),
      lines: [{ name: 'Neuleohje (PDF)', type: 'digital' }],
    }),
    end: { phase: 'ignored', shipments: [], unshipped: { digital: 1 } },
  },
  {
    name: 'paid later',
    shop: 'live',
    order: (person) => ({
      statusId: awaitingPayment,
      billing: addressOf(person, helsinki),
      shippingAddresses: [addressOf(person, helsinki, toTheDoor)],
      lines: [{ name: 'Pipo', sku: 'PIPO-1', weight: 250 }],
    }),
    later: [{ what: 'is paid', when: ({ phase }) => phase === 'waiting', act: (order) => order.pay() }],
    end: delivered({ service: 'PO2104', parcels: 1 }),
  },
  {
    name: 'cancelled unpaid',
    shop: 'live',
    order: (person) => ({
      statusId: awaitingPayment,
      billing: addressOf(person, helsinki),
      shippingAddresses: [addressOf(person, helsinki, toTheDoor)],
      lines: [{ name: 'Lapaset', sku: 'LAPA-1', weight: 150 }],
    }),
    later: [{ what: 'is cancelled', when: ({ phase }) => phase === 'waiting', act: (order) => order.cancel() }],
    end: { phase: 'cancelled', shipments: [], unshipped: { order_cancelled: 1 } },
  },
  {
    name: 'observed only',
    shop: 'observing',
    order: (person) => ({
      billing: addressOf(person, helsinki),
      shippingAddresses: [addressOf(person, helsinki, toTheDoor)],
      lines: [{ name: 'Villasukat', sku: 'SUKAT-42', weight: 200 }],
    }),
    end: {
      phase: 'waiting',
      shipments: [{ phase: 'planned', service: 'PO2104', parcels: 1 }],
    },
  },
];

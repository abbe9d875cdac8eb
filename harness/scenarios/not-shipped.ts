import { delivered, waits, type Scenario } from '../scenario.ts';
import { home, status, toHome, unpaid } from './orders.ts';
import { addressOf, helsinki, toTheDoor } from './places.ts';

const { awaitingPayment } = status;
const dayMs = 86_400_000;

/** What waits, is left alone, or is shipped only in part. */
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
    later: [{ what: 'is paid', when: ({ phase }) => phase === 'waiting', act: ({ shop }) => shop.pay() }],
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
    later: [{ what: 'is cancelled', when: ({ phase }) => phase === 'waiting', act: ({ shop }) => shop.cancel() }],
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
  {
    name: 'fetched by the shopper',
    shop: 'live',
    order: (person) => ({
      billing: addressOf(person, helsinki),
      lines: [{ name: 'Sohva', sku: 'SOHVA-1', pickupMethodId: 1 }],
    }),
    end: { phase: 'ignored', shipments: [], unshipped: { merchant_pickup: 1 } },
  },
  {
    name: 'of last month',
    shop: 'live',
    order: (person) => ({ ...toHome(person), dateCreated: new Date(Date.now() - 31 * dayMs).toISOString() }),
    end: { phase: 'ignored', shipments: [], unshipped: { before_the_cut_off_date: 2 } },
  },
  {
    name: 'shipped elsewhere',
    shop: 'live',
    order: unpaid,
    later: [{ what: 'is shipped by somebody else', when: waits, act: ({ shop }) => shop.shipElsewhere([0]) }],
    end: {
      phase: 'ignored',
      shipments: [],
      unshipped: { shipped_by_somebody_else: 2 },
      shopStatus: status.shipped,
    },
  },
  {
    // Without a record in the shop, which sees these units as not shipped.
    name: 'marked as shipped by hand',
    shop: 'live',
    order: unpaid,
    later: [
      { what: 'is marked as shipped', when: waits, act: ({ shop }) => shop.change({ statusId: status.shipped }) },
    ],
    end: { phase: 'ignored', shipments: [], unshipped: { marked_as_shipped: 2 }, shopStatus: status.shipped },
  },
  {
    name: 'archived unpaid',
    shop: 'live',
    order: unpaid,
    later: [{ what: 'is archived', when: waits, act: ({ shop }) => shop.change({ archived: true }) }],
    end: { phase: 'ignored', shipments: [], unshipped: { archived: 2 }, shopStatus: status.awaitingPayment },
  },
  {
    name: 'half shipped elsewhere',
    shop: 'live',
    order: (person) => ({
      ...unpaid(person),
      lines: [
        { name: 'Kello', sku: 'KELLO-1', weight: 300 },
        { name: 'Kehys', sku: 'KEHYS-1', quantity: 3, weight: 200 },
      ],
    }),
    later: [
      {
        what: 'is shipped in part by somebody else, and paid',
        when: waits,
        act: async ({ shop }) => {
          await shop.shipElsewhere([0]);
          await shop.pay();
        },
      },
    ],
    end: { ...delivered({ ...home, units: 3 }), unshipped: { shipped_by_somebody_else: 1 } },
  },
];

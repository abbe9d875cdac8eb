import { called, keptAtTheSender, staysOnTheRoad } from '../people.ts';
import { delivered, isBooked, needsAttention, waits, waitsForAPerson, type Scenario } from '../scenario.ts';
import { home, status, toHome, unpaid } from './orders.ts';
import { tampere, toTheDoor } from './places.ts';

const booked = { ...home, phase: 'booked' } as const;
const isOnTheRoad = isBooked(({ told, deliveryStatus }) => told === 'told' && deliveryStatus === 'in_transit');

/** What merchant and shopper change in the shop: before the booking it is heeded, after it a person is asked. */
export const changed: readonly Scenario[] = [
  {
    name: 'refunded in part',
    shop: 'live',
    order: unpaid,
    later: [
      { what: 'loses a unit', when: waits, act: ({ shop }) => shop.refund(0, 1) },
      { what: 'is paid', when: ({ unshipped }) => unshipped.refunded === 1, act: ({ shop }) => shop.pay() },
    ],
    end: { ...delivered({ ...home, units: 1 }), unshipped: { refunded: 1 } },
  },
  {
    // The shop makes it Partially Refunded by itself, which is no stop.
    name: 'refunded in part, paid',
    shop: 'live',
    order: (person) => {
      const order = toHome(person);
      return { ...order, shippingAddresses: order.shippingAddresses?.map((each) => ({ ...each, zip: '0053' })) ?? [] };
    },
    later: [
      { what: 'loses a unit', when: waitsForAPerson('postcode_invalid'), act: ({ shop }) => shop.refund(0, 1) },
      {
        what: 'gets the right postcode',
        when: ({ unshipped }) => unshipped.refunded === 1,
        act: ({ shop }) => shop.change({ shippingAddress: { zip: '00530' } }),
      },
    ],
    end: { ...delivered({ ...home, units: 1, postcode: '00530' }), unshipped: { refunded: 1 } },
  },
  {
    name: 'refunded too late',
    shop: 'live',
    order: (person) => toHome(called(keptAtTheSender, person)),
    later: [{ what: 'loses a unit', when: isBooked(), act: ({ shop }) => shop.refund(0, 1) }],
    end: needsAttention('refunded_after_booking', { ...booked, units: 2 }, { unshipped: { refunded: 1 } }),
  },
  {
    // Not a second label: the goods are those of the first.
    name: 'line replaced when booked',
    shop: 'live',
    order: (person) => toHome(called(keptAtTheSender, person)),
    later: [{ what: 'has its line replaced', when: isBooked(), act: ({ shop }) => shop.replaceLine(0) }],
    end: needsAttention('label_no_longer_matches', { ...booked, units: 2 }),
  },
  {
    name: 'line added when done',
    shop: 'live',
    order: (person) => toHome(person),
    later: [
      {
        what: 'gets another line',
        when: ({ phase }) => phase === 'done',
        act: ({ shop }) => shop.change({ addLines: [{ name: 'Lautanen', sku: 'LAUT-1', weight: 600 }] }),
      },
    ],
    end: delivered({ ...home, units: 2 }, { ...home, units: 1 }),
  },
  {
    name: 'moved before booking',
    shop: 'live',
    order: unpaid,
    later: [
      {
        what: 'gets another address',
        when: waits,
        act: ({ shop }) => shop.change({ shippingAddress: { city: tampere.city, zip: tampere.zip } }),
      },
      { what: 'is paid', when: waits, act: ({ shop }) => shop.pay() },
    ],
    end: delivered({ ...home, postcode: '33100' }),
  },
  {
    name: 'moved after booking',
    shop: 'live',
    order: (person) => toHome(called(keptAtTheSender, person)),
    later: [
      {
        what: 'gets another address',
        when: isBooked(),
        act: ({ shop }) => shop.change({ shippingAddress: { street1: 'Uusi katu 1' } }),
      },
    ],
    end: needsAttention('label_no_longer_matches', booked),
  },
  {
    name: 'moved, new label',
    shop: 'live',
    order: (person) => toHome(called(keptAtTheSender, person)),
    later: [
      {
        what: 'gets another address',
        when: isBooked(),
        act: ({ shop }) => shop.change({ shippingAddress: { city: tampere.city, zip: tampere.zip } }),
      },
      {
        what: 'gets a new label',
        when: waitsForAPerson('label_no_longer_matches'),
        act: ({ command }) => command('change', { service: { service: 'PO2104' } }, 1),
      },
      {
        what: 'is handed over',
        when: isBooked(({ told, attempts }) => told === 'told' && attempts >= 2),
        act: ({ handOver }) => handOver(),
      },
    ],
    end: delivered({ ...home, postcode: '33100', attempts: ['superseded', 'live'] }),
  },
  {
    name: 'moved on the road',
    shop: 'live',
    order: (person) => toHome(called(staysOnTheRoad, person)),
    later: [
      {
        what: 'gets another address',
        when: isOnTheRoad,
        act: ({ shop }) => shop.change({ shippingAddress: { street1: 'Uusi katu 1' } }),
      },
    ],
    end: needsAttention('changed_after_hand_over', { ...booked, deliveryStatus: 'in_transit' }),
  },
  {
    name: 'cancelled when planned',
    shop: 'live',
    order: (person) => {
      const order = toHome(person);
      return { ...order, shippingAddresses: order.shippingAddresses?.map((each) => ({ ...each, zip: '0053' })) ?? [] };
    },
    later: [{ what: 'is cancelled', when: waitsForAPerson('postcode_invalid'), act: ({ shop }) => shop.cancel() }],
    end: {
      phase: 'cancelled',
      shipments: [{ phase: 'cancelled', service: null, parcels: 0 }],
      unshipped: { order_cancelled: 2 },
      shopStatus: status.cancelled,
    },
  },
  {
    name: 'cancelled when booked',
    shop: 'live',
    order: (person) => toHome(called(keptAtTheSender, person)),
    later: [{ what: 'is cancelled', when: isBooked(), act: ({ shop }) => shop.cancel() }],
    end: {
      phase: 'cancelled',
      shipments: [{ ...home, phase: 'cancelled', attempts: ['withdrawn'] }],
      unshipped: { order_cancelled: 2 },
      shopStatus: status.cancelled,
    },
  },
  {
    name: 'cancelled on the road',
    shop: 'live',
    order: (person) => toHome(called(staysOnTheRoad, person)),
    later: [{ what: 'is cancelled', when: isOnTheRoad, act: ({ shop }) => shop.cancel() }],
    end: needsAttention('cancelled_after_hand_over', { ...booked, deliveryStatus: 'in_transit' }),
  },
  {
    name: 'postcode put right',
    shop: 'live',
    order: (person) => {
      const order = toHome(person, undefined, toTheDoor);
      return { ...order, shippingAddresses: order.shippingAddresses?.map((each) => ({ ...each, zip: '0053' })) ?? [] };
    },
    later: [
      {
        what: 'gets the right postcode',
        when: waitsForAPerson('postcode_invalid'),
        act: ({ shop }) => shop.change({ shippingAddress: { zip: '00530' } }),
      },
    ],
    end: delivered({ ...home, postcode: '00530' }),
  },
];

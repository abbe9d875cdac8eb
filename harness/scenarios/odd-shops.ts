import { pointField } from '../demo-stores.ts';
import { called, keptAtTheSender } from '../people.ts';
import { beforeItIsRead, delivered, isBooked, waits, waitsForAPerson, type Scenario } from '../scenario.ts';
import { home, status, toHome, unpaid } from './orders.ts';
import { abroadToAPoint, addressOf, tallinn } from './places.ts';

/** A parcel locker in Tallinn, of the stand-in's catalogue. */
const locker = '101115100';
const words = 'The order is being edited in the control panel.';

/** What real shops do that no rule speaks of. */
export const oddShops: readonly Scenario[] = [
  {
    name: 'unread at first',
    shop: 'live',
    order: (person) => ({ ...toHome(person), unreadable: true }),
    later: [
      {
        what: 'is listed as one that cannot be read',
        when: beforeItIsRead,
        act: ({ isListedAsUnread }) => isListedAsUnread(),
      },
      { what: 'can be read', when: beforeItIsRead, act: ({ shop }) => shop.change({ unreadable: false }) },
    ],
    end: delivered({ ...home, units: 2 }),
  },
  {
    // 400 kg a unit at first, which nothing ships.
    name: 'weighed by another unit',
    shop: 'in kilograms',
    order: (person) => ({ ...toHome(person), lines: [{ name: 'Muki', sku: 'MUKI-1', weight: 400 }] }),
    later: [
      {
        what: 'weighs grams',
        when: ({ shipments }) => shipments.length > 0,
        act: ({ shop }) => shop.weighIn('Grams'),
      },
      { what: 'is read in grams', when: () => true, act: ({ isReadIn }) => isReadIn('Grams') },
    ],
    end: delivered({ ...home, grams: 400, units: 1 }),
  },
  {
    // Kept until the shop has taken it, so that the record is there before the parcel moves.
    name: 'record refused',
    shop: 'live',
    order: (person) => unpaid(called(keptAtTheSender, person)),
    later: [
      {
        what: 'is paid, and its record refused',
        when: waits,
        act: async ({ shop }) => {
          await shop.refuseRecords(409, words);
          await shop.pay();
        },
      },
      {
        what: "is listed with the shop's words",
        when: waitsForAPerson('shop_refused_shipment'),
        act: ({ isSaid }) => isSaid(words),
      },
      {
        what: 'is told of once more, and taken',
        when: () => true,
        act: async ({ shop, command }) => {
          await shop.takeRecords();
          await command('retry', {}, 1);
        },
      },
      { what: 'is handed over', when: isBooked(), act: ({ handOver }) => handOver() },
    ],
    end: { ...delivered({ ...home, units: 2 }), shopStatus: status.shipped },
  },
  {
    name: 'Swedish shopper',
    shop: 'live',
    order: (person) => ({ ...toHome(person), customerLocale: 'sv-FI' }),
    end: delivered({ ...home, shopperReads: { link: '/sv/uppfoljning', method: 'Hempaket' } }),
  },
  {
    name: 'point written later',
    shop: 'in kilograms',
    order: (person) => ({
      ...toHome(person, tallinn),
      shippingAddresses: [addressOf(person, tallinn, abroadToAPoint)],
      lines: [{ name: 'Muki', sku: 'MUKI-1', weight: 0.4 }],
    }),
    later: [
      {
        what: 'gets its point from an app of the checkout',
        when: waitsForAPerson('pickup_point_missing'),
        act: ({ shop }) => shop.writeMetafield({ ...pointField, value: locker }),
      },
    ],
    end: delivered({ service: 'PO2351', parcels: 1, pickupPoint: locker }),
  },
  {
    name: 'account mended',
    shop: 'own account',
    order: (person) => toHome(person),
    later: [
      {
        what: 'waits for an account, which is mended',
        when: ({ shipments }) => shipments.length > 0,
        act: ({ mendAccount }) => mendAccount(),
      },
    ],
    end: delivered({ ...home, units: 2 }),
  },
];

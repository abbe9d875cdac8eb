import { called, keptAtTheSender } from '../people.ts';
import { delivered, isBooked, waits, waitsForAPerson, type Scenario } from '../scenario.ts';
import { home, status, toHome, unpaid } from './orders.ts';

/** What an operator commands. */
export const commanded: readonly Scenario[] = [
  {
    name: 'held for a while',
    shop: 'live',
    order: unpaid,
    later: [
      { what: 'is held', when: waits, act: ({ command }) => command('hold') },
      { what: 'is paid', when: ({ onHold }) => onHold, act: ({ shop }) => shop.pay() },
      { what: 'may go', when: ({ unshipped }) => unshipped.on_hold === 2, act: ({ command }) => command('unhold') },
    ],
    end: delivered(home),
  },
  {
    name: 'payment taken back',
    shop: 'live',
    order: unpaid,
    later: [
      { what: 'is held', when: waits, act: ({ command }) => command('hold') },
      { what: 'is paid', when: ({ onHold }) => onHold, act: ({ shop }) => shop.pay() },
      {
        what: 'is unpaid again',
        when: ({ unshipped }) => unshipped.on_hold === 2,
        act: ({ shop }) => shop.change({ statusId: status.awaitingPayment }),
      },
      // Only once we have read that it is unpaid: a look that had read it as paid would book it otherwise.
      {
        what: 'is held no more',
        when: () => true,
        act: async ({ isReadWith, command }) => {
          await isReadWith(status.awaitingPayment);
          await command('unhold');
        },
      },
    ],
    end: { phase: 'waiting', shipments: [], unshipped: { status_not_chosen: 2 }, shopStatus: status.awaitingPayment },
  },
  {
    name: 'cancelled when printed',
    shop: 'live',
    order: (person) => toHome(called(keptAtTheSender, person)),
    later: [
      { what: 'is printed', when: isBooked(), act: ({ command }) => command('mark_printed') },
      {
        what: 'cannot be cancelled',
        when: isBooked(({ labelHandedOut }) => labelHandedOut),
        act: ({ isRefused }) => isRefused('cancel'),
      },
      {
        what: 'is cancelled once its label is destroyed',
        when: waitsForAPerson('label_handed_out'),
        act: ({ command }) => command('cancel', { labelDestroyed: true }),
      },
    ],
    end: {
      phase: 'cancelled',
      shipments: [{ ...home, phase: 'cancelled', attempts: ['withdrawn'] }],
      unshipped: { cancelled_by_a_person: 2 },
      shopStatus: status.awaitingFulfillment,
    },
  },
];

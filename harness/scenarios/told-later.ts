import { called, keptAtTheSender } from '../people.ts';
import { delivered, isBooked, type Scenario } from '../scenario.ts';
import { home, toHome } from './orders.ts';

/** Shops that are not told of a shipment when it is booked. */
export const toldLater: readonly Scenario[] = [
  {
    name: 'told at the first scan',
    shop: 'told at the first scan',
    order: (person) => toHome(called(keptAtTheSender, person)),
    later: [
      {
        what: 'is not told of too early',
        when: isBooked(({ told }) => told === 'waits_for_first_scan'),
        act: ({ shop }) => shop.hasNoRecord(),
      },
      { what: 'is handed over', when: () => true, act: ({ handOver }) => handOver() },
    ],
    end: delivered({ ...home, units: 2 }),
  },
  {
    name: 'told when printed',
    shop: 'told when printed',
    order: (person) => ({
      ...toHome(called(keptAtTheSender, person)),
      lines: [{ name: 'Kirjasarja', sku: 'KIRJA-12', quantity: 2, weight: 15_000 }],
    }),
    later: [
      {
        what: 'is not told of too early',
        when: isBooked(({ told }) => told === 'waits_for_print'),
        act: ({ shop }) => shop.hasNoRecord(),
      },
      { what: 'is printed', when: () => true, act: ({ command }) => command('mark_printed') },
      { what: 'is handed over', when: isBooked(), act: ({ handOver }) => handOver() },
    ],
    end: delivered({ ...home, parcels: 2, records: 2, units: 2 }),
  },
];

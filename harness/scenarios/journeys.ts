import { called, keptAtTheSender, neverCollected } from '../people.ts';
import { delivered, isBooked, needsAttention, type Scenario } from '../scenario.ts';
import { home, toHome } from './orders.ts';

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

/** What becomes of a parcel on its way. */
export const journeys: readonly Scenario[] = [
  {
    name: 'returned',
    shop: 'live',
    order: (person) => toHome(called(neverCollected, person)),
    end: { phase: 'done', shipments: [{ ...home, phase: 'returned', deliveryStatus: 'returned' }] },
  },
  {
    name: 'never scanned',
    shop: 'live',
    order: (person) => toHome(called(keptAtTheSender, person)),
    end: needsAttention('no_scan_for_too_long', { ...home, phase: 'booked', deliveryStatus: 'registered' }),
  },
  {
    name: 'old label on a parcel',
    shop: 'live',
    order: (person) => toHome(called(keptAtTheSender, person)),
    later: [
      {
        what: 'gets a new label',
        when: isBooked(),
        act: ({ command }) => command('change', { parcels: [{ weightGrams: 900 }] }, 1),
      },
      {
        what: 'goes out twice, once with each label',
        when: isBooked(({ told, attempts }) => told === 'told' && attempts >= 2),
        act: async ({ scanReplaced, handOver }) => {
          await scanReplaced({ code: 'VAS', at: minutesAgo(0) });
          await handOver();
        },
      },
    ],
    end: needsAttention('scan_on_orphan', {
      ...home,
      phase: 'delivered',
      deliveryStatus: 'delivered',
      attempts: ['superseded', 'live'],
    }),
  },
  {
    name: 'scans in disorder',
    shop: 'live',
    order: (person) => toHome(called(keptAtTheSender, person)),
    later: [
      {
        what: 'is scanned twice, backwards, late and in the future',
        when: isBooked(),
        act: ({ scan }) => {
          const outForDelivery = { code: 'JAK', at: minutesAgo(2) };
          return scan(
            outForDelivery,
            outForDelivery,
            { code: 'LAJ', at: minutesAgo(1) },
            { code: 'VAS', at: minutesAgo(30) },
            { code: 'KUL', at: minutesAgo(20) },
            { code: 'LUO', at: minutesAgo(-180) },
          );
        },
      },
      {
        what: 'is delivered',
        // Posti leaves the name of an event out now and then, and then nobody knows what it was: any of them has to be seen.
        when: isBooked(({ deliveryStatus }) => deliveryStatus !== 'unknown' && deliveryStatus !== 'registered'),
        act: ({ scan }) => scan({ code: 'LAJ', at: minutesAgo(0) }, { code: 'LUO', at: minutesAgo(0) }),
      },
    ],
    end: delivered(home),
  },
];

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
            { code: 'LUO', at: minutesAgo(-180) },
          );
        },
      },
      {
        what: 'is delivered',
        when: isBooked(({ deliveryStatus }) => deliveryStatus === 'out_for_delivery'),
        act: ({ scan }) => scan({ code: 'LAJ', at: minutesAgo(0) }, { code: 'LUO', at: minutesAgo(0) }),
      },
    ],
    end: delivered(home),
  },
];

import { called, keptAtTheSender, type Person } from '../../harness/people.ts';
import {
  delivered,
  isBooked,
  needsAttention,
  waitsForAPerson,
  type AttemptEnd,
  type Scenario,
  type ScenarioEnd,
} from '../../harness/scenario.ts';
import { home, status, toHome } from '../../harness/scenarios/orders.ts';
import { addressOf, helsinki, tampere, toAPickupPoint } from '../../harness/scenarios/places.ts';
import type { OrderToPlace } from '../../harness/shop.ts';
import type { OrderState } from '../../src/domain/order-state.ts';
import type { UnshippedReason } from '../../src/domain/reasons.ts';

/** A parcel locker in Tampere, a point in Helsinki, and one that refuses parcels, of the stand-in's catalogue. */
const locker = '331003256';
const anotherPoint = '005303234';
const inactivePoint = '001003232';

/** Long enough that somebody who looks sees the attempt out, and shorter than our patience with Posti. */
const slowly = { kind: 'slow', ms: 1_500 } as const;

/** An attempt is out, or was: as soon as anybody who looks can know of it. */
const isBeingBooked = ({ shipments: [first] }: OrderState): boolean =>
  first !== undefined && (first.attemptOut || first.phase !== 'planned');

const kept = (person: Person): OrderToPlace => toHome(called(keptAtTheSender, person));

const toPoint =
  (point: string, place = helsinki) =>
  (person: Person): OrderToPlace => ({
    ...toHome(person, place),
    shippingAddresses: [
      { ...addressOf(person, place, toAPickupPoint), formFields: [{ name: 'Pickup point', value: point }] },
    ],
  });

const cancelled = (reason: UnshippedReason, shopStatus: number, attempts: readonly AttemptEnd[]): ScenarioEnd => ({
  phase: 'cancelled',
  shipments: [{ ...home, phase: 'cancelled', attempts }],
  unshipped: { [reason]: 2 },
  shopStatus,
});

const atThePoint = (pickupPoint: string, ...attempts: readonly AttemptEnd[]): ScenarioEnd =>
  delivered({ service: 'PO2103', parcels: 1, pickupPoint, attempts });

const refused = (times: number): ScenarioEnd =>
  needsAttention('pickup_point_inactive', {
    ...{ phase: 'planned', service: 'PO2103', parcels: 0 },
    attempts: Array.from({ length: times }, () => 'refused' as const),
  });

/**
 * What operators, merchants and others do at bad moments: to orders of their own, so that for each it stays exact what it may
 * come to. Several ends where the moment decides, each with its reason.
 */
export const interference: readonly Scenario[] = [
  {
    name: 'cancelled in the shop while it is booked',
    shop: 'live',
    order: kept,
    postiFault: slowly,
    later: [{ what: 'is cancelled', when: isBeingBooked, act: ({ shop }) => shop.cancel() }],
    end: cancelled('order_cancelled', status.cancelled, ['withdrawn']),
    otherEnds: [
      // Before it was booked; or its only attempt was lost.
      cancelled('order_cancelled', status.cancelled, []),
      // Its hook was lost, and the record that we made seconds after we had read the order made it Shipped: for whoever reads
      // it from then on it was never cancelled.
      needsAttention('no_scan_for_too_long', { ...home, phase: 'booked' }, { shopStatus: status.shipped }),
    ],
  },
  {
    name: 'cancelled by an operator while it is booked',
    shop: 'live',
    order: kept,
    postiFault: slowly,
    later: [{ what: 'is cancelled', when: isBeingBooked, act: ({ command }) => command('cancel') }],
    end: cancelled('cancelled_by_a_person', status.awaitingFulfillment, ['withdrawn']),
    otherEnds: [cancelled('cancelled_by_a_person', status.awaitingFulfillment, [])],
  },
  {
    name: 'moved while it is booked',
    shop: 'live',
    order: kept,
    postiFault: slowly,
    later: [
      {
        what: 'gets another address',
        when: isBeingBooked,
        act: ({ shop }) => shop.change({ shippingAddress: { city: tampere.city, zip: tampere.zip } }),
      },
    ],
    end: needsAttention('label_no_longer_matches', { ...home, phase: 'booked', postcode: '00530' }),
    // The attempt that was out was lost, and the next one goes to the new address: nothing is wrong but that nobody hands it over.
    otherEnds: [needsAttention('no_scan_for_too_long', { ...home, phase: 'booked', postcode: '33100' })],
  },
  {
    name: 'gets another pickup point while it is booked',
    shop: 'live',
    order: (person) => toPoint(locker, tampere)(called(keptAtTheSender, person)),
    postiFault: slowly,
    later: [
      {
        // Refused while the attempt is out, and asked for again until it is here.
        what: 'gets another pickup point',
        when: isBeingBooked,
        act: ({ command }) => command('change', { pickupPointId: anotherPoint }, 1),
      },
      { what: 'is handed over', when: isBooked(), act: ({ handOver }) => handOver() },
    ],
    end: atThePoint(anotherPoint, 'superseded', 'live'),
    // The attempt that was out was lost, and only the next one is booked.
    otherEnds: [atThePoint(anotherPoint, 'live')],
  },
  {
    name: 'retried twice at once',
    shop: 'live',
    order: toPoint(inactivePoint),
    later: [
      {
        what: 'is retried twice at once',
        when: waitsForAPerson('pickup_point_inactive'),
        act: async ({ command }) => {
          const both = await Promise.allSettled([command('retry', {}, 1), command('retry')]);
          if (both.every((each) => each.status === 'rejected')) throw new Error('neither was carried out');
        },
      },
    ],
    end: refused(2),
    // The second came after Posti had refused again; or one was asked for once more because nobody had heard what came of it.
    otherEnds: [refused(3), refused(4)],
  },
  {
    name: 'printed and cancelled at once',
    shop: 'live',
    order: kept,
    later: [
      {
        what: 'is printed and cancelled',
        when: isBooked(),
        act: async ({ command }) => void (await Promise.allSettled([command('mark_printed'), command('cancel')])),
      },
    ],
    end: cancelled('cancelled_by_a_person', status.awaitingFulfillment, ['withdrawn']),
    // Printed first: then only somebody who has destroyed the label can cancel it.
    otherEnds: [needsAttention('label_handed_out', { ...home, phase: 'booked' })],
  },
  {
    name: 'held while it is booked',
    shop: 'live',
    order: (person) => toHome(person),
    postiFault: slowly,
    later: [
      { what: 'is held', when: isBeingBooked, act: ({ command }) => command('hold') },
      { what: 'may go', when: ({ onHold }) => onHold, act: ({ command }) => command('unhold') },
    ],
    end: delivered(home),
  },
  {
    name: 'E41 for a point that is in use',
    shop: 'live',
    order: toPoint(locker, tampere),
    postiFault: {
      ...{ kind: 'status', status: 500, times: -1 },
      body: { error: { message: 'E41: Inactive pickup point, please choose an alternative pickup point' } },
    },
    later: [
      {
        what: 'is retried when Posti knows better',
        when: waitsForAPerson('pickup_point_inactive'),
        act: async ({ postiRecovers, command }) => {
          await postiRecovers();
          await command('retry', {}, 1);
        },
      },
    ],
    end: atThePoint(locker, 'refused', 'live'),
  },
];

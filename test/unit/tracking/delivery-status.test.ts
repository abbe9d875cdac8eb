import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clockToleranceMs, deliveryStatus, shipmentDeliveryStatus } from '../../../src/tracking/delivery-status.ts';
import type { Scan } from '../../../src/carriers/scan.ts';
import type { DeliveryStatus } from '../../../src/domain/delivery-status.ts';

const start = Date.parse('2026-06-01T08:00:00Z');
const scan = (status: DeliveryStatus | null, hour: number): Scan => ({
  code: status ?? 'SMS',
  status,
  at: new Date(start + hour * 3_600_000),
  place: null,
  texts: {},
});
const later = new Date(start + 1000 * 3_600_000);
const statuses: DeliveryStatus[] = [
  'unknown',
  'registered',
  'received',
  'in_transit',
  'customs',
  'out_for_delivery',
  'ready_for_pickup',
  'delivered',
  'returning',
  'returned',
];

describe('the status of a parcel', () => {
  test.each<[string, Scan[], DeliveryStatus]>([
    ['without scans is unknown', [], 'unknown'],
    ['is not moved by a scan that says nothing', [scan('received', 1), scan(null, 2)], 'received'],
    ['is the furthest one', [scan('registered', 0), scan('received', 1), scan('in_transit', 2)], 'in_transit'],
    ['may skip stages', [scan('delivered', 1)], 'delivered'],
    [
      'does not go back for a scan that is dated later',
      [scan('ready_for_pickup', 2), scan('received', 3)],
      'ready_for_pickup',
    ],
    [
      'goes from the van to the pickup point',
      [scan('out_for_delivery', 1), scan('ready_for_pickup', 2)],
      'ready_for_pickup',
    ],
    [
      'goes from the pickup point into the van',
      [scan('ready_for_pickup', 1), scan('out_for_delivery', 2)],
      'out_for_delivery',
    ],
    ['goes into customs', [scan('in_transit', 1), scan('customs', 2)], 'customs'],
    ['leaves customs', [scan('customs', 1), scan('in_transit', 2)], 'in_transit'],
    ['is returning after it was not fetched', [scan('ready_for_pickup', 1), scan('returning', 9)], 'returning'],
    ['is returned at the end of a return', [scan('returning', 1), scan('returned', 2)], 'returned'],
    ['is delivered when the return was called off', [scan('returning', 1), scan('delivered', 2)], 'delivered'],
    ['stays delivered', [scan('delivered', 1), scan('returning', 2), scan('out_for_delivery', 3)], 'delivered'],
    ['is returned even after a delivery', [scan('delivered', 1), scan('returned', 2)], 'returned'],
    [
      'asks for the pickup where two scans share an instant',
      [scan('ready_for_pickup', 1), scan('out_for_delivery', 1)],
      'ready_for_pickup',
    ],
    [
      'asks for the pickup where two scans share an instant, whichever is reported first',
      [scan('out_for_delivery', 1), scan('ready_for_pickup', 1)],
      'ready_for_pickup',
    ],
    ['takes a scan without a time', [{ ...scan('received', 0), at: null }], 'received'],
    ['takes an undated scan', [{ ...scan('received', 0), at: new Date(NaN) }], 'received'],
  ])('the status of a parcel %s', (_name, scans, status) => expect(deliveryStatus(scans, later)).toBe(status));

  test('the status of a parcel waits for the time of a scan from the future', () => {
    const scans = [scan('in_transit', 0), scan('delivered', 5)];
    expect(deliveryStatus(scans, new Date(start + 3_600_000))).toBe('in_transit');
    expect(deliveryStatus(scans, new Date(start + 5 * 3_600_000 - clockToleranceMs - 1))).toBe('in_transit');
    expect(deliveryStatus(scans, new Date(start + 5 * 3_600_000 - clockToleranceMs))).toBe('delivered');
  });

  const scans = fc.array(
    fc.tuple(fc.option(fc.constantFrom(...statuses)), fc.integer({ min: 0, max: 6 })).map(([s, hour]) => scan(s, hour)),
    { maxLength: 12 },
  );
  const nowArbitrary = fc.integer({ min: -1, max: 7 }).map((hour) => new Date(start + hour * 3_600_000));

  test('the status of a parcel does not depend on the order and repetition of scans', () =>
    fc.assert(
      fc.property(
        scans.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })),
        ),
        nowArbitrary,
        ([all, shuffled], now) => {
          expect(deliveryStatus(shuffled, now)).toBe(deliveryStatus(all, now));
        },
      ),
    ));

  test('the status of a parcel can be merged piece by piece with the same result', () => {
    const stages = [
      ['unknown'],
      ['registered'],
      ['received'],
      ['in_transit', 'customs'],
      ['out_for_delivery', 'ready_for_pickup'],
      ['returning'],
      ['delivered'],
      ['returned'],
    ];
    const stageOf = (status: DeliveryStatus) => stages.findIndex((stage) => stage.includes(status));
    fc.assert(
      fc.property(scans, scans, nowArbitrary, (first, more, now) => {
        expect(stageOf(deliveryStatus([...first, ...more], now))).toBe(
          Math.max(stageOf(deliveryStatus(first, now)), stageOf(deliveryStatus(more, now))),
        );
      }),
    );
  });
});

describe('the status of a shipment', () => {
  test.each<[string, DeliveryStatus[], DeliveryStatus]>([
    ['without parcels is unknown', [], 'unknown'],
    ['is delivered when all parcels are', ['delivered', 'delivered'], 'delivered'],
    ['is that of the parcel that is furthest behind', ['ready_for_pickup', 'in_transit', 'delivered'], 'in_transit'],
    ['waits for a parcel nobody has seen', ['unknown', 'delivered'], 'unknown'],
    ['is returning while the last parcel is', ['delivered', 'returning'], 'returning'],
    ['is returned when all ended and one came back', ['delivered', 'returned'], 'returned'],
    ['is on the road while one of two is, and the other in customs', ['customs', 'in_transit'], 'in_transit'],
    [
      'is out for delivery while one of two waits to be fetched',
      ['ready_for_pickup', 'out_for_delivery'],
      'out_for_delivery',
    ],
    ['is under way while one parcel is, whatever came back', ['returned', 'received'], 'received'],
  ])('the status of a shipment is found: %s', (_name, parcels, status) => {
    expect(shipmentDeliveryStatus(parcels)).toBe(status);
    expect(shipmentDeliveryStatus([...parcels].reverse())).toBe(status);
  });

  test('the status of a shipment of one parcel is the status of the parcel', () => {
    for (const status of statuses) expect(shipmentDeliveryStatus([status])).toBe(status);
  });
  test('the status of a shipment does not depend on the order of parcels', () =>
    fc.assert(
      fc.property(
        fc
          .array(fc.constantFrom(...statuses))
          .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          expect(shipmentDeliveryStatus(shuffled)).toBe(shipmentDeliveryStatus(all));
        },
      ),
    ));
});

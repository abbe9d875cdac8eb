import { describe, expect, test } from 'vitest';
import { readTracking } from '../../src/carriers/posti/tracking.ts';

const now = new Date('2026-11-22T10:00:00Z');
const at = '2026-11-20T08:00:00Z';
const read = (status: number, body: unknown) =>
  readTracking(
    'track parcels',
    { status, headers: {}, bytes: new Uint8Array(), text: typeof body === 'string' ? body : JSON.stringify(body) },
    now,
  );
const one = (shipment: object) => read(200, { parcelShipments: [shipment] })[0];

test.each([
  ['trackingNumber', { trackingNumber: 'JJFI1' }],
  ['trackingNumbers', { trackingNumbers: ['JJFI1'] }],
  ['trackingCode', { trackingCode: 'JJFI1' }],
  ['displayId', { displayId: 'JJFI1' }],
  ['packages', { packages: [{ trackingNumber: 'JJFI1' }] }],
])('a tracking number is found under %s', (_name, shipment) => expect(one(shipment)?.trackingNumber).toBe('JJFI1'));

test.each([
  ['eventCode and timeStamp', { eventCode: 'LUO', timeStamp: at, city: 'HELSINKI' }],
  ['code and timestamp', { code: 'LUO', timestamp: at, locationName: 'HELSINKI' }],
  ['a nested location', { code: 'LUO', time: at, location: { city: 'HELSINKI' } }],
])('a tracking event is read from %s', (_name, event) => {
  expect(one({ trackingNumber: 'J', events: [event] })?.scans).toEqual([
    { code: 'LUO', status: 'delivered', at: new Date(at), place: 'HELSINKI', texts: {} },
  ]);
});

test.each([
  ['WAITING', 'registered'],
  ['RECEIVED', 'received'],
  ['IN_TRANSPORT', 'in_transit'],
  ['CUSTOMS', 'customs'],
  ['OUT_FOR_DELIVERY', 'out_for_delivery'],
  ['READY_FOR_PICKUP', 'ready_for_pickup'],
  ['DELIVERED', 'delivered'],
  ['RETURN_WAITING', 'returning'],
  ['RETURN_IN_TRANSPORT', 'returning'],
  ['RETURN_READY_FOR_PICKUP', 'returning'],
  ['RETURN_DELIVERED', 'returned'],
  ['RETURNED_TO_SENDER', 'returned'],
  ['ORDER_RECEIVED', 'registered'],
  ['IN_DELIVERY', 'out_for_delivery'],
  ['SOMETHING_NEW', null],
])('the tracking code %s means %s', (word, status) => {
  expect(one({ trackingNumber: 'J', events: [{ code: 'X', status: word, timestamp: at }] })?.scans[0]?.status).toBe(
    status,
  );
});

describe('events with an unknown code', () => {
  const events = [{ eventCode: 'XYZ', timeStamp: at }];
  test('events with an unknown code leave the parcel’s status to that of the whole shipment', () => {
    expect(one({ trackingNumber: 'J', status: { code: 'READY_FOR_PICKUP' }, events })?.scans).toMatchObject([
      { code: 'XYZ', status: null },
      { code: 'STATUS:READY_FOR_PICKUP', status: 'ready_for_pickup', at: new Date(at) },
    ]);
  });
  test('events with an unknown code are understood by their names', () => {
    const named = [{ ...events[0], eventShortName: { fi: 'Lähetys on jakelussa', en: 'Out for delivery' } }];
    expect(one({ trackingNumber: 'J', events: named })?.scans).toMatchObject([
      { status: 'out_for_delivery', texts: { fi: 'Lähetys on jakelussa', en: 'Out for delivery' } },
    ]);
  });
  test('the status of a shipment adds no scan where the latest event already says it', () => {
    const said = [{ eventCode: 'LUO', timeStamp: at }];
    expect(one({ trackingNumber: 'J', status: 'DELIVERED', events: said })?.scans).toHaveLength(1);
  });
});

test('the reference of the shipment is read along with the tracking', () => {
  expect(
    one({
      trackingNumber: 'J',
      product: { code: '2103' },
      references: { invoicingCode: '654321' },
      destinationPostcode: '00100',
      weight: { value: 1.25, unit: 'kg' },
    }),
  ).toMatchObject({
    service: 'PO2103',
    contractNumber: '654321',
    destinationPostcode: '00100',
    measuredWeightGrams: 1250,
  });
});

test('the tracking of freight is read, too', () => {
  expect(read(200, { parcelShipments: [], freightShipments: [{ trackingNumber: 'F' }] })).toHaveLength(1);
});

test.each([
  ['nothing found', 404, ''],
  ['empty lists', 200, { parcelShipments: [], freightShipments: [] }],
  ['an empty object, since no field is required', 200, {}],
  ['nulls', 200, { parcelShipments: null }],
  ['shipments without a number', 200, { parcelShipments: [{ events: [] }, null, 7] }],
])('an answer of %s holds no parcel', (_name, status, body) => expect(read(status, body)).toEqual([]));

test('a tracking event without a time is left out: it may lie in the future', () => {
  expect(one({ trackingNumber: 'J', events: [{ eventCode: 'LUO' }] })?.scans).toEqual([]);
});

test.each(['soon', '1/6/2026 14:05', '2026-06-01', '2026-02-30T08:00:00Z', 20260601])(
  'a tracking event at %j is kept with its time as it came, and does not count',
  (timeStamp) => {
    const scans = one({ trackingNumber: 'J', events: [{ eventCode: 'LUO', timeStamp, city: 'HELSINKI' }] })?.scans;
    expect(scans).toEqual([
      { code: 'LUO', status: null, at: null, atRaw: String(timeStamp), place: 'HELSINKI', texts: {} },
    ]);
  },
);

test('the status of a whole shipment counts although its time cannot be read', () => {
  const events = [{ eventCode: 'LUO', timeStamp: '1/6/2026' }];
  expect(one({ trackingNumber: 'J', status: 'DELIVERED', events })?.scans).toMatchObject([
    { code: 'LUO', status: null, at: null },
    { code: 'STATUS:DELIVERED', status: 'delivered', at: null },
  ]);
});

test('a tracking answer that cannot be read is tried again', () => {
  expect(() => read(200, '<html>')).toThrow(expect.objectContaining({ kind: 'retryable', code: 'posti_unreadable' }));
});

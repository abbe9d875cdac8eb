import { describe, expect, test } from 'vitest';
import { firstRealScan, isOurs, type AttemptFacts, type Hit } from '../../../src/booking/watch.ts';
import type { Scan } from '../../../src/carriers/scan.ts';

const sentAt = new Date('2026-03-10T12:00:00Z');
const scan = (status: Scan['status'], minutes: number): Scan & { at: Date } => ({
  ...{ code: 'X', status, place: 'Vantaa', texts: {} },
  at: new Date(sentAt.getTime() + minutes * 60_000),
});
const attempt: AttemptFacts = {
  contractNumber: '654321',
  service: 'PO2103',
  postcode: '00530',
  pickupPointId: null,
  sentAt,
};
const hit: Hit = {
  contractNumber: '654321',
  service: 'PO2103',
  destinationPostcode: '00530',
  scans: [scan('registered', 1)],
};

describe('a parcel found by the reference of an attempt', () => {
  test.each<[string, boolean, Partial<Hit>, Partial<AttemptFacts>]>([
    ['is its own where contract, postcode and service fit', true, {}, {}],
    ['is not where the contract is another', false, { contractNumber: '611111' }, {}],
    ['is not where it goes elsewhere', false, { destinationPostcode: '33100' }, {}],
    ['is not where the service is another', false, { service: 'PO2104' }, {}],
    ['is not where it was at Posti before the attempt was sent', false, { scans: [scan('received', -60)] }, {}],
    ['is its own although Posti leaves the service out', true, { service: null }, {}],
    ['is its own although Posti leaves the contract out', true, { contractNumber: null }, {}],
    [
      'is not where neither contract nor postcode are told',
      false,
      { contractNumber: null, destinationPostcode: null },
      {},
    ],
    ['is its own where Posti calls the service by its number', true, { service: 'PO2015' }, { service: 'ITPR' }],
    [
      'is its own where it is sorted to its pickup point',
      true,
      { destinationPostcode: '00100' },
      { pickupPointId: '001003230' },
    ],
    ['is its own where a clock is a little off', true, { scans: [scan('registered', -2)] }, {}],
    ['is its own where a clock is ten minutes off', true, { scans: [scan('registered', -10)] }, {}],
    ['is not where it is off by more', false, { scans: [scan('registered', -10.01)] }, {}],
    ['is its own by the contract after the recipient was erased', true, {}, { postcode: null }],
  ])('a parcel found by the reference of an attempt: %s', (_name, ours, said, known) => {
    expect(isOurs({ ...hit, ...said }, { ...attempt, ...known })).toBe(ours);
  });
});

describe('the first real scan', () => {
  const now = scan(null, 600).at;
  test('the first real scan is missing while there are only events of the sender', () => {
    expect(firstRealScan([scan('registered', 1), scan(null, 2)], now)).toBeUndefined();
  });
  test('the first real scan is the earliest that Posti made, in whatever order the scans come', () => {
    expect(firstRealScan([scan('in_transit', 9), scan('registered', 1), scan('received', 5)], now)).toEqual(
      scan('received', 5),
    );
  });
  test('a scan in the future is not the first real scan', () => {
    expect(firstRealScan([scan('received', 700)], now)).toBeUndefined();
  });
});

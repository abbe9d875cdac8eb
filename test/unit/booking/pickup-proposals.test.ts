import { expect, test } from 'vitest';
import {
  pickupPointQuery,
  toProposals,
  withProposals,
  type PickupPointSeeker,
} from '../../../src/booking/pickup-proposals.ts';
import { postiRefused } from '../../../src/booking/attentions.ts';
import type { PickupPoint, PickupPointQuery } from '../../../src/carriers/port.ts';

const ref = { storeHash: 'kuusi', orderId: 10482, n: 1 };
const seeker: PickupPointSeeker = {
  ...{ country: 'FI', postcode: '00100', service: 'PO2103', pickupPointId: '001003230' },
  addons: [],
  tooLargeForLockers: false,
};
const point = (id: string, name: string, distanceMetres: number | null): PickupPoint => ({
  ...{ id, name, distanceMetres, street: 'Keksitty katu 2', postcode: '00100', city: 'Helsinki', country: 'FI' },
  locker: false,
});
const nearest = [
  point('001003230', 'Kioski Kuvitelma', 0),
  point('001001210', 'Kauppa Kamppi', 300),
  point('001001211', 'Automaatti', 1_240),
  point('001001212', 'Kirjakauppa', null),
  point('001001213', 'Kahvila', 5_000),
];
const refusal = postiRefused(ref, { code: 'pickup_point_inactive', words: 'E41: Inactive pickup point' });

test('three points are proposed, and never the one that was refused', () => {
  expect(pickupPointQuery(seeker)).toMatchObject({ country: 'FI', postcode: '00100', product: '2103', limit: 4 });
  expect(toProposals(nearest, seeker).map(({ id }) => id)).toEqual(['001001210', '001001211', '001001212']);
});

test.each<[string, Partial<PickupPointSeeker>, Partial<PickupPointQuery>]>([
  ['nothing special asks for any', {}, { lockers: 'any', limitedQuantities: false }],
  ['NOBOX asks for no locker outdoors', { addons: ['NOBOX'] }, { lockers: 'indoors' }],
  ['FDNGPP asks for points that take limited quantities', { addons: ['FDNGPP'] }, { limitedQuantities: true }],
  ['goods that are too large for lockers ask for none', { tooLargeForLockers: true }, { lockers: 'none' }],
])('the pickup points that are searched for fit the parcel: %s', (_name, changes, query) =>
  expect(pickupPointQuery({ ...seeker, ...changes })).toMatchObject(query),
);

test('the remedy names the proposed pickup points, nearest first', () => {
  expect(withProposals(refusal, toProposals(nearest, seeker))).toMatchObject({
    code: 'pickup_point_inactive',
    remedy:
      'Choose another pickup point: change the shipment, or correct it in the shop – nearest: 001001210 Kauppa Kamppi, 300 m; 001001211 Automaatti, 1.2 km; 001001212 Kirjakauppa.',
    proposals: [{ id: '001001210', city: 'Helsinki', distanceMetres: 300 }, {}, {}],
  });
});

test('the remedy stays as it was where no pickup point is near', () => {
  expect(withProposals(refusal, [])).toEqual({ ...refusal, proposals: [] });
});

test('a problem that no pickup point mends gets no proposals', () => {
  const other = { ...refusal, code: 'phone_missing' };
  expect(withProposals(other, toProposals(nearest, seeker))).toEqual(other);
});

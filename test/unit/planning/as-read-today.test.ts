import { expect, test } from 'vitest';
import { concernOfChange } from '../../../src/planning/about-booked.ts';
import { digestsToday } from '../../../src/planning/as-read-today.ts';
import { anOrder, liveSettings } from '../../support/order-builder.ts';
import { PlannedWorld } from '../../support/planned-world.ts';

const settings = liveSettings();
/** A street with a zero-width space, as it was kept before such characters were taken out. */
const kept = anOrder().to({ street1: 'Keksitty\u200b katu 1' }).order;
const today = anOrder().order;

/** The digest that a shipment of this order gets. */
const digestOf = (order: typeof kept): string => {
  const world = new PlannedWorld(settings);
  world.look(order);
  return world.shipment(1).sourceDigest;
};
const was = digestOf(kept);
const is = digestOf(today);

const planned = (): PlannedWorld => {
  const world = new PlannedWorld(settings);
  world.look(kept);
  return world;
};
const read = (world: PlannedWorld, order = kept) => digestsToday(order, world.shipments, settings);

test('a label of an order that was kept with a hidden mark gets the digest of the order as it is read today', () => {
  const world = planned();
  world.set(1, { phase: 'booked' });
  expect(read(world)).toEqual([{ n: 1, sourceDigest: is, accepted: [], concern: null }]);
});

test('a shipment whose booking is out gets the digest of today too: it may have a label', () => {
  const world = planned();
  world.set(1, { attemptOut: true });
  expect(read(world)).toMatchObject([{ n: 1, sourceDigest: is }]);
});

test('a shipment that is planned and nothing more, or was cancelled, keeps its digest: it is planned anew by itself', () => {
  const world = planned();
  expect(read(world)).toEqual([]);
  world.set(1, { phase: 'cancelled' });
  expect(read(world)).toEqual([]);
});

test('a label of an order without hidden marks, and one of an address that is gone, keep their digests', () => {
  const world = planned();
  world.set(1, { phase: 'booked' });
  expect(read(world, today)).toEqual([]);
  expect(read(world, { ...kept, addresses: [] })).toEqual([]);
});

test('what a person accepted of a change stays accepted, and what differs in more stays a question', () => {
  const world = planned();
  world.set(1, {
    ...{ phase: 'booked', sourceDigest: 'of another address' },
    accepted: [concernOfChange(was), 'plan/other'],
    concern: concernOfChange(was),
  });
  expect(read(world)).toEqual([
    {
      n: 1,
      sourceDigest: 'of another address',
      accepted: [concernOfChange(is), 'plan/other'],
      concern: concernOfChange(is),
    },
  ]);
  world.set(1, { concern: 'plan/other' });
  expect(read(world)).toMatchObject([{ concern: 'plan/other' }]);
});

test('the points, warehouses and shipping methods that were kept with hidden marks are read as today', () => {
  const marked = anOrder()
    .is({ pickupPointInMetafield: '001003230\u200b', warehouseInMetafield: ' turku\u200b' })
    .to({ shippingMethod: 'None\u200b' }).order;
  const clean = anOrder()
    .is({ pickupPointInMetafield: '001003230', warehouseInMetafield: 'turku' })
    .to({ shippingMethod: null }).order;
  const world = new PlannedWorld(settings);
  world.look(marked);
  world.set(1, { phase: 'booked' });
  const [first] = digestsToday(marked, world.shipments, settings);
  expect(first?.sourceDigest).toBe(digestOf(clean));
});

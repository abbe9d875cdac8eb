import { expect, test } from 'vitest';
import type { Order } from '../../../src/orders/order.ts';
import { isPast, prospectOf } from '../../../src/planning/forecast.ts';
import type { KnownShipment } from '../../../src/planning/known-shipment.ts';
import { anOrder, liveSettings, orderDate } from '../../support/order-builder.ts';
import { PlannedWorld } from '../../support/planned-world.ts';

const now = new Date(orderDate.getTime() + 3_600_000);
const untouched = new PlannedWorld();

const prospect = (order: Order, settings: Record<string, unknown> = {}, world = untouched) =>
  prospectOf(
    { pk: 1, order, memory: world.memory, readAt: now, whole: true },
    world.shipments,
    liveSettings(settings),
    now,
  );

/** An order that was looked at, with what was then done about its shipment. */
const lookedAt = (order: Order, changes: Partial<KnownShipment> = {}, settings = liveSettings()): PlannedWorld => {
  const world = new PlannedWorld(settings);
  world.look(order);
  world.set(1, changes);
  return world;
};

const shipsHome = {
  ...{ outcome: 'ships', reasons: [] },
  shipments: [
    {
      ...{ service: 'PO2104', addons: [], pickupPointId: null, contractNumber: '600123', labelSize: 'A5' },
      ...{ parcels: 1, weightGrams: 200 },
    },
  ],
};

test('an order that settings let go is said to ship, with what would be booked', () =>
  expect(prospect(anOrder().order, { labelSize: 'A5' })).toEqual(shipsHome));

test('the parcels of a shipment are counted and weighed together', () =>
  expect(
    prospect(anOrder().with(1, { quantity: 3, weightGrams: 9000 }).order, { parcelWeightLimitGrams: 20_000 }),
  ).toMatchObject({ shipments: [{ parcels: 2, weightGrams: 27_000 }] }));

test('each problem of an order is told once, in the order of the alphabet, beside the shipments that could be booked', () => {
  const order = anOrder().andTo(2, { postcode: 'x', shippingMethod: 'Muu' }).with(2, { addressId: 2 });
  const two = order.andTo(3, { postcode: 'x', shippingMethod: 'Muu' }).with(3, { addressId: 3 }).order;
  const settings = { services: { Kotiinkuljetus: { service: 'PO2104' } }, defaultService: null };
  const { outcome, reasons, shipments } = prospect(two, settings);
  expect({ outcome, reasons }).toEqual({
    outcome: 'needs_attention',
    reasons: ['postcode_invalid', 'service_not_chosen'],
  });
  expect(shipments).toHaveLength(1);
});

test.each([
  ['a status that ships nothing', 1, {}, { outcome: 'waits', reasons: ['status_not_chosen'] }],
  ['never a chosen status', 14, {}, { outcome: 'waits', reasons: ['never_in_a_chosen_status'] }],
  ['a store that observes', 11, { mode: 'observe' }, { outcome: 'waits', reasons: ['store_in_observe_mode'] }],
  ['a status that ended it', 5, {}, { outcome: 'ignored', reasons: ['order_cancelled'] }],
])('an order that does not ship waits where it may do so later, and is ignored where not: %s', (...row) => {
  const [, statusId, settings, said] = row;
  expect(prospect(anOrder().inStatus(statusId).order, settings)).toMatchObject(said);
});

test('an order that somebody put on hold waits', () => {
  const world = new PlannedWorld();
  world.memory = { ...world.memory, onHold: true };
  expect(prospect(anOrder().order, {}, world)).toMatchObject({ outcome: 'waits', reasons: ['on_hold'] });
});

test('a problem is told as one also where the store observes: that is what observing is for', () =>
  expect(prospect(anOrder().order, { mode: 'observe', defaultService: null })).toMatchObject({
    outcome: 'needs_attention',
    reasons: ['service_not_chosen'],
  }));

test('a shipment that is planned just as these settings would is told like one that changes', () => {
  const { order } = anOrder();
  const settings = { labelSize: 'A5' };
  expect(prospect(order, settings, lookedAt(order, {}, liveSettings(settings)))).toEqual(shipsHome);
});

test('of an order that was shipped, it is told what would become of a new one like it, whatever its status and age are', () => {
  const world = lookedAt(anOrder().order, { phase: 'booked' });
  world.tell(1);
  world.memory = { ...world.memory, onHold: true, keptBack: true };
  const shipped = anOrder().inStatus(2).with(1, { quantityShipped: 1 }).order;
  const settings = { labelSize: 'A5', cutOffDate: null };
  expect(prospect({ ...shipped, createdAt: new Date('2020-01-01') }, settings, world)).toEqual(shipsHome);
});

test('of an order whose first shipment was taken back, new lines ship by what the shop was told', () => {
  const world = lookedAt(anOrder().order, { phase: 'cancelled', told: 'told' });
  world.memory = { ...world.memory, triggered: true };
  const completed = anOrder().inStatus(10).with(2).order;
  expect(prospect(completed, {}, world)).toMatchObject({ outcome: 'ships' });
  world.set(1, { told: 'not_yet' });
  expect(prospect(completed, {}, world)).toMatchObject({ outcome: 'ignored', reasons: ['marked_as_shipped'] });
});

test.each<[string, Partial<KnownShipment>, boolean]>([
  ['planned', {}, false],
  ['cancelled', { phase: 'cancelled' }, false],
  ['booked', { phase: 'booked' }, true],
  ['a booking that is out', { attemptOut: true }, true],
  ['one that the shop has a record of', { phase: 'cancelled', shopHasRecord: true }, true],
])('an order counts as shipped by one of its shipments: %s', (_what, changes, past) => {
  const order = anOrder().andTo(2).with(2, { addressId: 2 }).order;
  expect(isPast(lookedAt(order, changes).shipments)).toBe(past);
});

test('an order without shipments is not past', () => expect(isPast([])).toBe(false));

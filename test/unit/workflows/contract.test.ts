import { expect, test } from 'vitest';
import { orderWorkflowId, parseOrderWorkflowId } from '../../../workflows/contract.ts';
import {
  isDue,
  needsPerson,
  orderPhase,
  type OrderPhase,
  type ShipmentState,
} from '../../../src/domain/order-state.ts';
import {
  aFollowedShipment,
  anOrder,
  aShipment,
  attention,
  type OrderParts,
} from '../../workflows/support/order-states.ts';

test('the id of an order’s workflow is read as the order it is of, and nothing else is', () => {
  const ref = { storeHash: 'abc1', orderId: 10482 };
  expect(parseOrderWorkflowId(orderWorkflowId(ref))).toEqual(ref);
  for (const other of ['sweep/abc1', 'order/abc1', 'xorder/abc1/1', 'order/abc1/1/2', 'order/ABC/1', 'order/abc1/x']) {
    expect(parseOrderWorkflowId(other)).toBeUndefined();
  }
});

test.each<[string, ShipmentState, boolean]>([
  ['a planned one', aShipment(), true],
  ['a blocked one', aShipment({ blocked: 'on_hold' }), false],
  ['one that needs a person', aShipment({ attention: attention() }), false],
  ['a blocked one that is cancelled', aShipment({ blocked: 'on_hold', cancelling: true }), true],
  ['one whose attempt is out, which is blocked', aShipment({ attemptOut: true, blocked: 'on_hold' }), true],
  ['a booked one that needs a person', aFollowedShipment({ attention: attention('silent_for_too_long') }), true],
  [
    'a booked one whose record the shop keeps',
    aFollowedShipment({ cancelling: true, attention: attention('shop_refused_withdrawal') }),
    false,
  ],
  [
    'a booked one whose record the shop keeps, also where an attempt of it were out',
    aFollowedShipment({ attemptOut: true, cancelling: true, attention: attention('shop_refused_withdrawal') }),
    false,
  ],
  [
    'one that the shop refused something else of',
    aFollowedShipment({ attention: attention('shop_refused_withdrawal') }),
    true,
  ],
  [
    'one that arrived, and whose record the shop refused',
    aFollowedShipment({ told: 'refused', deliveryStatus: 'returned', attention: attention('shop_refused_shipment') }),
    false,
  ],
  [
    'one that arrived, and whose refusal was closed',
    aFollowedShipment({ told: 'refused', deliveryStatus: 'delivered' }),
    true,
  ],
  ['an ended one', aFollowedShipment({ phase: 'returned' }), false],
])('a shipment is due if the system can do something for it: %s: %#', (_name, s, due) => expect(isDue(s)).toBe(due));

test.each<[string, ShipmentState, boolean]>([
  ['nothing', aShipment(), false],
  ['a refusal', aShipment({ attention: attention() }), true],
  ['what was a refusal, of a cancelled one', aShipment({ phase: 'cancelled', attention: attention() }), false],
  ['a stray scan, of a cancelled one', aShipment({ phase: 'cancelled', attention: attention('scan_on_orphan') }), true],
])('a shipment needs a person or not: %s: %#', (_name, s, needed) => expect(needsPerson(s)).toBe(needed));

const cancelled = aShipment({ phase: 'cancelled' });
test.each<[string, OrderParts, OrderPhase]>([
  ['one that cannot be read', { shipments: [], attention: attention('order_unreadable') }, 'needs_attention'],
  [
    'one with a shipment for a person',
    { shipments: [aFollowedShipment(), aShipment({ n: 2, attention: attention() })] },
    'needs_attention',
  ],
  ['one with a parcel on its way', { shipments: [aFollowedShipment()] }, 'under_way'],
  ['one with a shipment that is blocked', { shipments: [aShipment({ blocked: 'on_hold' })] }, 'waiting'],
  ...(['status_not_chosen', 'store_in_observe_mode', 'on_hold', 'needs_attention'] as const).map(
    (reason): [string, OrderParts, OrderPhase] => [
      `one with units for which it says ${reason}`,
      { shipments: [cancelled], unshipped: { [reason]: 1 } },
      'waiting',
    ],
  ),
  ['one that was delivered', { shipments: [aFollowedShipment({ phase: 'delivered' }), cancelled] }, 'done'],
  ['one whose shipment was cancelled', { shipments: [cancelled] }, 'cancelled'],
  [
    'one whose shipment was cancelled after it was marked as shipped',
    { shipments: [{ ...cancelled, blocked: 'marked_as_shipped' }] },
    'cancelled',
  ],
  [
    'one that a person cancelled before it was planned',
    { shipments: [], unshipped: { cancelled_by_a_person: 1 } },
    'cancelled',
  ],
  ['one that the shop cancelled', { shipments: [], unshipped: { order_cancelled: 1 } }, 'cancelled'],
  ['one of digital goods', { shipments: [], unshipped: { digital: 1 } }, 'ignored'],
  ['one with nothing in it', { shipments: [] }, 'ignored'],
])('the order is in the right phase: %s: %#', (_name, parts, phase) =>
  expect(orderPhase(anOrder({ storeHash: 'a', orderId: 1 }, parts))).toBe(phase),
);

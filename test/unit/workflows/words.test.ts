import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isDue, type ShipmentState } from '../../../src/domain/order-state.ts';
import type { UnshippedReason } from '../../../src/domain/reasons.ts';
import type { DeliveryStatus } from '../../../src/domain/delivery-status.ts';
import { describeOrder, describeShipment } from '../../../workflows/words.ts';
import {
  aFollowedShipment,
  anOrder,
  aShipment,
  attention,
  type OrderParts,
} from '../../workflows/support/order-states.ts';

const ref = { storeHash: 'kotikauppa1', orderId: 10482 };
const number = ['JJFI60000000000000001'];

const shipments: [words: string, s: ShipmentState][] = [
  ['Shipment 1: being booked at Posti.', aShipment()],
  ['Shipment 1: being booked at Posti, attempt 3.', aShipment({ attempts: 2 })],
  ['Shipment 1: booking attempt 1 is out; its answer comes first.', aShipment({ attempts: 1, attemptOut: true })],
  [
    'Shipment 1: booking attempt 1 is out; its answer comes first, then it is cancelled.',
    aShipment({ attempts: 1, attemptOut: true, cancelling: true }),
  ],
  ['Shipment 1: to be cancelled; what the shop was told of it is taken back.', aShipment({ cancelling: true })],
  ['Shipment 1: changed; it is planned again before it is booked.', aShipment({ lookAgain: true })],
  ['Shipment 1: planned, not booked: the order is on hold.', aShipment({ blocked: 'on_hold' })],
  [
    'Shipment 1: planned, and cannot be booked as it stands. Needs a person: posti refused. What helps: change, retry or cancel.',
    aShipment({ attention: attention() }),
  ],
  ['Shipment 1: booked; its label is being fetched.', aShipment({ phase: 'booked', attempts: 1 })],
  [
    'Shipment 2 (JJFI60000000000000001): booked, label kept; the shop is being told.',
    aShipment({ n: 2, phase: 'booked', labelKept: true, trackingNumbers: number }),
  ],
  [
    'Shipment 1 (JJFI60000000000000001): booked, label kept, the shop is told; in transit.',
    aFollowedShipment({ deliveryStatus: 'in_transit' }),
  ],
  [
    'Shipment 1 (JJFI60000000000000001): booked, label kept, the shop is told when the label is printed; Posti has not said anything of it yet.',
    aFollowedShipment({ told: 'waits_for_print' }),
  ],
  [
    'Shipment 1 (JJFI60000000000000001): booked; its label is being taken back.',
    aFollowedShipment({ cancelling: true }),
  ],
  ['Shipment 1 (JJFI60000000000000001): delivered.', aFollowedShipment({ phase: 'delivered' })],
  ['Shipment 1 (JJFI60000000000000001): returned to the sender.', aFollowedShipment({ phase: 'returned' })],
  ['Shipment 1: cancelled.', aShipment({ phase: 'cancelled' })],
  [
    'Shipment 1: cancelled.',
    // What once needed a person no longer does.
    aShipment({ phase: 'cancelled', attention: attention() }),
  ],
];

const orders: [words: string, parts: OrderParts][] = [
  ['It is under way.', {}],
  ['It waits for news from the shop, or for a command.', { shipments: [], unshipped: { status_not_chosen: 2 } }],
  [
    'It is on hold until somebody takes the hold off.',
    { onHold: true, shipments: [aShipment({ blocked: 'on_hold' })] },
  ],
  ['It needs a person.', { shipments: [aShipment({ attention: attention() })] }],
  [
    'It needs a person: order gone from shop. What helps: change, retry or cancel.',
    { shipments: [], attention: attention('order_gone_from_shop') },
  ],
  ['Everything of it has reached its end.', { shipments: [aFollowedShipment({ phase: 'delivered' })] }],
  ['Nothing of it is ours to ship.', { shipments: [], unshipped: { digital: 1 } }],
  ['It is cancelled; nothing of it is shipped.', { shipments: [aShipment({ phase: 'cancelled' })] }],
];

describe('what support reads', () => {
  test.each(shipments)('the state of a shipment is described: %s', (words, s) =>
    expect(describeShipment(s)).toBe(words),
  );

  test.each(orders)('the state of a whole order is described: %s', (words, parts) => {
    const [sentence] = describeOrder(anOrder(ref, parts)).split('\n');
    expect(sentence).toBe(`**Order 10482** of store \`kotikauppa1\`. ${words}`);
  });

  test('the description of an order counts units that are not shipped, each with its reason', () => {
    const text = describeOrder(anOrder(ref, { unshipped: { digital: 2, refunded: 1 } }));
    expect(text.split('\n').at(-1)).toBe('- Not shipped: 2 × digital, 1 × refunded.');
  });

  test('the description of an order has a line for each shipment', () => {
    const two = [aFollowedShipment({ phase: 'delivered' }), aShipment({ n: 2, blocked: 'on_hold' })];
    const lines = describeOrder(anOrder(ref, { shipments: two })).split('\n');
    expect(lines.slice(1, 4)).toEqual([
      '',
      '- Shipment 1 (JJFI60000000000000001): delivered.',
      '- Shipment 2: planned, not booked: the order is on hold.',
    ]);
  });

  test('the description of an order without a shipment is a single line', () => {
    const text = describeOrder(anOrder(ref, { shipments: [] }));
    expect(text).toBe('**Order 10482** of store `kotikauppa1`. Nothing of it is ours to ship.');
  });

  test('the description of any state is made of whole sentences', () => {
    fc.assert(
      fc.property(fc.array(anyShipment, { maxLength: 3 }), anyUnshipped, (carried, unshipped) => {
        const text = describeOrder(anOrder(ref, { shipments: carried, unshipped }));
        expect(text).not.toMatch(/undefined|null|\bNaN\b|[{}[\]"]|_|\.\.| {2}| \.|:\.|: $/);
        for (const line of text.split('\n').filter((each) => each !== '')) expect(line).toMatch(/\.$/);
      }),
    );
  });

  test('the description says only of a due shipment that it is being worked on', () => {
    fc.assert(
      fc.property(anyShipment, (s) => isDue(s) || !/being booked|being fetched|being told/.test(describeShipment(s))),
    );
  });
});

const anyShipment: fc.Arbitrary<ShipmentState> = fc
  .record({
    phase: fc.constantFrom<ShipmentState['phase']>('planned', 'booked', 'delivered', 'returned', 'cancelled'),
    blocked: fc.constantFrom<ShipmentState['blocked']>(null, 'on_hold', 'order_cancelled'),
    attention: fc.constantFrom(null, attention(), { ...attention(), commands: [] }),
    cancelling: fc.boolean(),
    lookAgain: fc.boolean(),
    attempts: fc.nat(3),
    attemptOut: fc.boolean(),
    labelKept: fc.boolean(),
    told: fc.constantFrom<ShipmentState['told']>('not_yet', 'waits_for_print', 'told', 'refused', 'withdrawn'),
    deliveryStatus: fc.constantFrom<DeliveryStatus>(
      'unknown',
      'registered',
      'customs',
      'ready_for_pickup',
      'returning',
    ),
    trackingNumbers: fc.constantFrom([], number),
  })
  .map(aShipment);

const anyUnshipped: fc.Arbitrary<Partial<Record<UnshippedReason, number>>> = fc.dictionary(
  fc.constantFrom<UnshippedReason>('digital', 'refunded', 'status_not_chosen', 'needs_attention'),
  fc.integer({ min: 1, max: 9 }),
);

import { describe, expect, test } from 'vitest';
import type { OrderState, ShipmentState } from '../../../src/domain/order-state.ts';
import type { CommandKind } from '../../../src/domain/commands.ts';
import { whyNot, withCommands } from '../../../src/domain/offered-commands.ts';
import { aFollowedShipment, anOrder, aShipment, attention } from '../../workflows/support/order-states.ts';

const ref = { storeHash: 'abc', orderId: 100 };
const needing = (code: string, ...commands: CommandKind[]) => ({ ...attention(code), commands });
const taken = null;

/** Of a shipment alone. */
const asked: [what: string, kind: CommandKind, s: ShipmentState, answer: string | null][] = [
  ['a planned one', 'cancel', aShipment(), taken],
  ['a planned one whose attempt is out', 'cancel', aShipment({ attemptOut: true }), taken],
  ['a booked one', 'cancel', aFollowedShipment(), taken],
  ['a booked one of which Posti knows', 'cancel', aFollowedShipment({ deliveryStatus: 'registered' }), taken],
  ['a scanned one', 'cancel', aFollowedShipment({ deliveryStatus: 'received' }), 'is handed over to Posti'],
  ['a planned one with a scan of an earlier label', 'cancel', aShipment({ deliveryStatus: 'received' }), taken],
  ['one that is being cancelled', 'cancel', aFollowedShipment({ cancelling: true }), 'is being cancelled already'],
  ['a delivered one', 'cancel', aFollowedShipment({ phase: 'delivered' }), 'has ended: it is delivered'],
  ['a planned one', 'change', aShipment(), taken],
  ['one whose attempt is out', 'change', aShipment({ attemptOut: true }), 'change it when its answer is here'],
  ['a scanned one', 'change', aFollowedShipment({ deliveryStatus: 'in_transit' }), 'is handed over to Posti'],
  ['a returned one', 'change', aFollowedShipment({ phase: 'returned' }), 'has ended: it is returned'],
  ['a booked one with its label', 'mark_printed', aFollowedShipment(), taken],
  ['a booked one without its label', 'mark_printed', aFollowedShipment({ labelKept: false }), 'has no label to print'],
  ['a planned one', 'mark_printed', aShipment({ labelKept: true }), 'has no label to print'],
  ['a planned one that waits for nothing', 'retry', aShipment(), taken],
  ['a blocked one', 'retry', aShipment({ blocked: 'on_hold' }), 'there is nothing to retry'],
  ['one whose attempt is out', 'retry', aShipment({ attemptOut: true }), 'its answer is here in a minute at most'],
  ['one that Posti refused', 'retry', aShipment({ attention: attention() }), taken],
  [
    'one that cannot be booked as it stands',
    'retry',
    aShipment({ attention: attention('name_missing'), bookable: false }),
    'Correct first: name missing',
  ],
  [
    'one that another command helps',
    'retry',
    aShipment({ attention: needing('service_unknown', 'change', 'cancel') }),
    'cannot be retried. What helps: change, cancel',
  ],
  ['a booked one whose label is fetched', 'retry', aFollowedShipment({ labelKept: false }), taken],
  ['a booked one of which the shop is told', 'retry', aFollowedShipment({ told: 'not_yet' }), taken],
  ['one that the shop did not take', 'retry', aFollowedShipment({ told: 'refused', attention: attention() }), taken],
  ['a followed one', 'retry', aFollowedShipment(), 'there is nothing to retry'],
  [
    'a booked one whose order was edited',
    'retry',
    aFollowedShipment({ attention: attention('label_no_longer_matches') }),
    'does not help with "label no longer matches"',
  ],
  [
    'a booked one without its label, whose order was edited',
    'retry',
    aFollowedShipment({ labelKept: false, attention: attention('label_no_longer_matches') }),
    'does not help with "label no longer matches"',
  ],
  [
    'one whose record the shop keeps',
    'retry',
    aFollowedShipment({ cancelling: true, attention: attention('shop_refused_withdrawal') }),
    taken,
  ],
  ['one that needs nobody', 'resolve', aShipment(), 'does not need attention'],
  ['one that may be closed', 'resolve', aShipment({ attention: needing('label_looks_odd', 'resolve') }), taken],
  ['one that may not', 'resolve', aShipment({ attention: attention() }), 'cannot be closed with "resolve"'],
  [
    'a delivered one with a stray scan',
    'resolve',
    aFollowedShipment({ phase: 'delivered', attention: needing('scan_on_orphan', 'resolve') }),
    taken,
  ],
  [
    'a delivered one with anything else',
    'resolve',
    aFollowedShipment({ phase: 'delivered', attention: needing('silent_for_too_long', 'resolve') }),
    'has ended: it is delivered',
  ],
  ['a planned one that waits for nothing', 'book', aShipment(), 'Nothing but its own needs keeps shipment 1'],
  ...(
    [
      'status_not_chosen',
      'never_in_a_chosen_status',
      'marked_as_shipped',
      'cancelled_by_a_person',
      'before_the_cut_off_date',
    ] as const
  ).map((blocked): [string, CommandKind, ShipmentState, null] => [blocked, 'book', aShipment({ blocked }), taken]),
  ['an order that is cancelled', 'book', aShipment({ blocked: 'order_cancelled' }), 'is cancelled in the shop'],
  ['an order that is archived', 'book', aShipment({ blocked: 'archived' }), 'take it out of the archive there first'],
  ['an order that is held', 'book', aShipment({ blocked: 'on_hold' }), 'take the hold off first'],
  ['a store that observes', 'book', aShipment({ blocked: 'store_in_observe_mode' }), 'switch the store live first'],
  ['goods that are digital', 'book', aShipment({ blocked: 'digital' }), 'is not booked by hand: digital'],
  ['a cancelled one that a person keeps back', 'book', aShipment({ phase: 'cancelled', keptBack: true }), taken],
  ['a cancelled one', 'book', aShipment({ phase: 'cancelled' }), 'has ended: it is cancelled'],
  ['a booked one', 'book', aFollowedShipment(), 'Shipment 1 is booked'],
  [
    'one that is being cancelled',
    'book',
    aShipment({ cancelling: true, blocked: 'status_not_chosen' }),
    'is being cancelled already',
  ],
];

describe('a command for one shipment', () => {
  test.each(asked)(
    'a command for one shipment is accepted or refused with a reason: %s: "%s"',
    (_what, kind, s, answer) => {
      const why = whyNot(anOrder(ref, { shipments: [s] }), kind, 1);
      if (answer === null) expect(why).toBeNull();
      else expect(why).toContain(answer);
    },
  );

  test('a command for a shipment that the order does not have is refused', () =>
    expect(whyNot(anOrder(ref), 'cancel', 7)).toBe('The order has no shipment 7.'));
});

const booked = (n: number) => aFollowedShipment({ n });
const ended = (n: number) => aFollowedShipment({ n, phase: 'delivered' });
const odd = (n: number) => aFollowedShipment({ n, attention: needing('label_looks_odd', 'resolve') });

const askedOfAll: [what: string, kind: CommandKind, parts: Parameters<typeof anOrder>[1], answer: string | null][] = [
  ['an order that goes on', 'hold', {}, taken],
  ['an order that is held', 'hold', { onHold: true }, 'is on hold already'],
  ['an order that is held', 'unhold', { onHold: true }, taken],
  ['an order that goes on', 'unhold', {}, 'is not on hold'],
  ['any order', 'reprocess', { shipments: [ended(1)] }, taken],
  ['one of two shipments that can be', 'cancel', { shipments: [ended(1), booked(2)] }, taken],
  ['both of two shipments', 'cancel', { shipments: [booked(1), booked(2)] }, taken],
  ['one of two shipments that can be', 'change', { shipments: [ended(1), booked(2)] }, taken],
  ['two shipments that can be', 'change', { shipments: [booked(1), booked(2)] }, 'say which one'],
  ['two shipments that can be', 'resolve', { shipments: [odd(1), odd(2)] }, 'say which one'],
  ['one of two shipments that can be', 'resolve', { shipments: [odd(1), booked(2)] }, taken],
  ['units that nobody planned', 'book', { shipments: [], unshipped: { marked_as_shipped: 1 } }, taken],
  ['units that nobody ships', 'book', { shipments: [], unshipped: { digital: 1 } }, 'no shipment that "book" is for'],
  ['no unit any more', 'book', { shipments: [], unshipped: { marked_as_shipped: 0 } }, 'no shipment that'],
  ['units that may be planned still', 'cancel', { shipments: [], unshipped: { status_not_chosen: 1 } }, taken],
  [
    'units that may be planned still',
    'mark_printed',
    { shipments: [], unshipped: { status_not_chosen: 1 } },
    'no shipment that "mark printed" is for',
  ],
  ...(['never_in_a_chosen_status', 'store_in_observe_mode', 'on_hold', 'needs_attention'] as const).map(
    (reason): [string, CommandKind, Parameters<typeof anOrder>[1], null] => [
      reason,
      'cancel',
      { shipments: [], unshipped: { [reason]: 1 } },
      taken,
    ],
  ),
  ['units that are over', 'cancel', { shipments: [], unshipped: { refunded: 1 } }, 'no shipment that "cancel" is for'],
  ['what goes away by itself', 'cancel', { shipments: [aFollowedShipment({ cancelling: true })] }, taken],
  [
    'what goes away by itself',
    'change',
    { shipments: [aFollowedShipment({ cancelling: true })] },
    'being cancelled already',
  ],
  ['the one that is open', 'mark_printed', { shipments: [ended(1), aShipment({ n: 2 })] }, 'Shipment 2 has no label'],
  ['two that are open', 'mark_printed', { shipments: [aShipment(), aShipment({ n: 2 })] }, 'no shipment that'],
];

describe('a command for the whole order', () => {
  test.each(askedOfAll)(
    'a command for the whole order is accepted or refused with a reason: %s: "%s"',
    (_what, kind, parts, answer) => {
      const why = whyNot(anOrder(ref, parts), kind, null);
      if (answer === null) expect(why).toBeNull();
      else expect(why).toContain(answer);
    },
  );
});

describe('the commands that are offered', () => {
  const offered = (state: OrderState) => {
    const { commands, shipments } = withCommands(state);
    return { ofTheOrder: commands, of: shipments.map((s) => [s.commands, s.attention?.commands ?? null]) };
  };

  test('the offered commands are those that apply, of the order and of each shipment', () =>
    expect(offered(anOrder(ref, { shipments: [ended(1), booked(2)] }))).toEqual({
      ofTheOrder: ['hold', 'reprocess', 'cancel', 'change', 'mark_printed'],
      of: [
        [[], null],
        [['cancel', 'change', 'mark_printed'], null],
      ],
    }));

  test('the commands offered with an attention are those that help and apply', () =>
    expect(offered(anOrder(ref, { shipments: [aShipment({ attention: attention(), bookable: false })] })).of).toEqual([
      [
        ['cancel', 'change'],
        ['change', 'cancel'],
      ],
    ]));
});

import { describe, expect, test } from 'vitest';
import { orderPhase, type ShopStatus } from '../../../src/domain/order-state.ts';
import type { UnshippedReason } from '../../../src/domain/reasons.ts';
import { whyNotShipped } from '../../../src/domain/why-not-shipped.ts';
import { describeOrder } from '../../../workflows/words.ts';
import { aFollowedShipment, anOrder, aShipment } from '../../workflows/support/order-states.ts';

const ref = { storeHash: 'kotikauppa1', orderId: 10482 };
const inStatus = (id: number, decides = id): ShopStatus => ({ id, decides, ships: [11, 9] });
const of = (reason: UnshippedReason, shopStatus?: ShopStatus) =>
  whyNotShipped({ unshipped: { [reason]: 1 }, shipments: [], shopStatus });

const sentences: [reason: UnshippedReason, status: ShopStatus | undefined, words: string][] = [
  [
    'status_not_chosen',
    inStatus(7),
    'Its status is Awaiting Payment (7); this store ships Awaiting Fulfillment (11) and Awaiting Shipment (9). Change the status in the shop, or book it by hand.',
  ],
  [
    'status_not_chosen',
    inStatus(14, 13),
    'Its status is Partially Refunded (14), which the shop sets by itself, and was Disputed (13) before; this store ships Awaiting Fulfillment (11) and Awaiting Shipment (9). Change the status in the shop, or book it by hand.',
  ],
  [
    'never_in_a_chosen_status',
    inStatus(14),
    'Its status is Partially Refunded (14), which the shop sets by itself, and nobody saw which it had before: whether the rest is to be shipped is for a person to say. This store ships Awaiting Fulfillment (11) and Awaiting Shipment (9). Change the status in the shop, or book it by hand.',
  ],
  [
    'marked_as_shipped',
    inStatus(2),
    'Its status is Shipped (2), without a record of these units: they count as shipped by hand. To ship them all the same, give it a status that this store ships (Awaiting Fulfillment (11) and Awaiting Shipment (9)), or book it by hand.',
  ],
  ['archived', inStatus(11), 'It is archived in the shop. Take it out of the archive there to have it shipped.'],
  [
    'order_cancelled',
    inStatus(6),
    'Its status is Declined (6), by which it is cancelled. A status that this store ships (Awaiting Fulfillment (11) and Awaiting Shipment (9)) takes it up again.',
  ],
  [
    'order_cancelled',
    inStatus(14, 5),
    'Its status is Partially Refunded (14), which the shop sets by itself, and was Cancelled (5) before, by which it is cancelled. A status that this store ships (Awaiting Fulfillment (11) and Awaiting Shipment (9)) takes it up again.',
  ],
];

describe('why units are not shipped', () => {
  test.each(sentences)(
    'the reason why units are not shipped, %s (%j), names the status and what would have to change',
    (reason, status, words) => {
      expect(of(reason, status)).toEqual([words]);
    },
  );

  test('the reason why units are not shipped leaves the status out where it was not recorded yet', () => {
    expect(of('status_not_chosen')).toEqual([
      'Its status is not one that this store ships. Change the status in the shop, or book it by hand.',
    ]);
    for (const reason of ['never_in_a_chosen_status', 'marked_as_shipped', 'order_cancelled'] as const) {
      expect(of(reason).join()).not.toMatch(/undefined|\(\)/);
    }
  });

  test('the reason why units are not shipped is given once for units and planned shipments, and only where a person can change it', () => {
    const blocked = aShipment({ blocked: 'on_hold' });
    expect(whyNotShipped({ unshipped: { on_hold: 1, digital: 2 }, shipments: [blocked] })).toEqual([
      'It is on hold. Take the hold off to go on.',
    ]);
    const over = aShipment({ blocked: 'status_not_chosen', phase: 'cancelled' });
    expect(whyNotShipped({ unshipped: {}, shipments: [over] })).toEqual([]);
  });

  test('the reason why units are not shipped names a status by its number where BigCommerce has no name for it', () => {
    expect(of('status_not_chosen', { id: 15, decides: 15, ships: [] }).join()).toMatch(
      /^Its status is number 15; this store ships none\./,
    );
  });

  test('the reason why units are not shipped is in what support reads of a running order', () => {
    const lines = describeOrder(
      anOrder(ref, { shipments: [], unshipped: { status_not_chosen: 2 }, shopStatus: inStatus(7) }),
    ).split('\n');
    expect(lines[0]).toContain('It waits for news from the shop, or for a command.');
    expect(lines.at(-1)).toMatch(/^- Its status is Awaiting Payment \(7\); this store ships .* by hand\.$/);
  });
});

describe('an order of which nothing more is to be shipped', () => {
  const marked = aShipment({ n: 2, blocked: 'marked_as_shipped' });
  const phaseOf = (parts: Parameters<typeof anOrder>[1]) => orderPhase(anOrder(ref, parts));

  test('an order that was marked as shipped by hand does not wait, planned or not', () => {
    expect(phaseOf({ shipments: [], unshipped: { marked_as_shipped: 1 } })).toBe('ignored');
    expect(phaseOf({ shipments: [marked] })).toBe('ignored');
    expect(phaseOf({ shipments: [aFollowedShipment({ phase: 'delivered' }), marked] })).toBe('done');
    expect(phaseOf({ shipments: [aFollowedShipment(), marked] })).toBe('under_way');
    expect(phaseOf({ shipments: [aShipment({ attemptOut: true, blocked: 'marked_as_shipped' })] })).toBe('under_way');
  });

  test('an order with nothing more to ship is not called cancelled because it is archived', () => {
    expect(phaseOf({ shipments: [], unshipped: { archived: 1 } })).toBe('ignored');
    expect(phaseOf({ shipments: [aShipment({ phase: 'cancelled' })], unshipped: { archived: 1 } })).toBe('ignored');
    expect(phaseOf({ shipments: [], unshipped: { order_cancelled: 1 } })).toBe('cancelled');
  });

  test('an order that was never read in a status that ships still waits', () => {
    expect(phaseOf({ shipments: [], unshipped: { never_in_a_chosen_status: 1 } })).toBe('waiting');
  });
});

import { expect, test } from 'vitest';
import { admission, isCancelled, type Admission, type OrderMemory } from '../../../src/planning/admission.ts';
import type { Order } from '../../../src/orders/order.ts';
import { anOrder, liveSettings, orderDate } from '../../support/order-builder.ts';

const day = 86_400_000;
const lookBack = { lookBackDays: 14 };
const [pending, shipped, partiallyShipped, refunded, cancelled, declined, awaitingPayment, completed] = [
  1, 2, 3, 4, 5, 6, 7, 10,
];
const partiallyRefunded = 14;

const shipping = { blocked: null, plannedToo: true, triggers: true };
const goesOn = { blocked: null, plannedToo: true, triggers: false };
const onlyNew = { blocked: null, plannedToo: false, triggers: false };
const no = (blocked: Admission['blocked']) => ({ blocked, plannedToo: true, triggers: false });

interface Case {
  readonly order?: Partial<Order>;
  readonly memory?: Partial<OrderMemory>;
  readonly settings?: Record<string, unknown>;
  readonly days?: number;
}
const observe = { mode: 'observe' };

test.each<[string, Case, Admission]>([
  ['in a chosen status: ships', {}, shipping],
  ['in another status: waits', { order: { statusId: awaitingPayment } }, no('status_not_chosen')],
  ['booked by hand, in another status', { order: { statusId: pending }, memory: { bookedByHand: true } }, shipping],
  [
    'cancelled, though it was booked by hand',
    { order: { statusId: cancelled }, memory: { bookedByHand: true } },
    no('order_cancelled'),
  ],
  ['declined', { order: { statusId: declined } }, no('order_cancelled')],
  ['refunded', { order: { statusId: refunded } }, no('order_cancelled')],
  ['archived', { order: { archived: true } }, no('archived')],
  ['cancelled here by a person', { memory: { keptBack: true } }, no('cancelled_by_a_person')],
  ['on hold, in a chosen status: remembers it', { memory: { onHold: true } }, { ...shipping, blocked: 'on_hold' }],
  ['on hold, in another status', { order: { statusId: pending }, memory: { onHold: true } }, no('on_hold')],
  ['of a store that only observes', { settings: observe }, { ...shipping, blocked: 'store_in_observe_mode' }],
  ['as old as the store looks back', { days: 14 }, shipping],
  ['a moment older', { days: 14 + 1 / day }, no('before_the_cut_off_date')],
  ['older, but it was chosen before', { days: 40, memory: { triggered: true } }, shipping],
  ['older, but a person booked it', { days: 40, memory: { bookedByHand: true } }, shipping],
  ['made at the cut-off date', { settings: { cutOffDate: orderDate.toISOString() } }, shipping],
  [
    'made before the cut-off date',
    { settings: { cutOffDate: new Date(orderDate.getTime() + 1).toISOString() }, memory: { triggered: true } },
    no('before_the_cut_off_date'),
  ],
  ['marked Shipped by hand', { order: { statusId: shipped } }, no('marked_as_shipped')],
  [
    'marked Completed after it was chosen',
    { order: { statusId: completed }, memory: { triggered: true } },
    no('marked_as_shipped'),
  ],
  [
    'Shipped, and the shop was told of ours but it was never chosen',
    { order: { statusId: shipped }, memory: { told: true } },
    no('marked_as_shipped'),
  ],
  ['Shipped by what we told', { order: { statusId: shipped }, memory: { triggered: true, told: true } }, onlyNew],
  [
    'the same of a store that observes by now',
    { order: { statusId: completed }, memory: { triggered: true, told: true }, settings: observe },
    { ...onlyNew, blocked: 'store_in_observe_mode' },
  ],
  [
    'Awaiting Payment after what we told',
    { order: { statusId: awaitingPayment }, memory: { triggered: true, told: true } },
    no('status_not_chosen'),
  ],
  [
    'Partially Shipped, chosen before in an older version',
    { order: { statusId: partiallyShipped }, memory: { triggered: true } },
    goesOn,
  ],
  [
    'the same of a store that observes by now',
    { order: { statusId: partiallyShipped }, memory: { triggered: true }, settings: observe },
    { ...goesOn, blocked: 'store_in_observe_mode' },
  ],
  [
    'Partially Shipped, after a status that is known',
    { order: { statusId: partiallyShipped }, memory: { triggered: true, chosenStatusId: pending } },
    no('status_not_chosen'),
  ],
  [
    'Partially Shipped when it was first read',
    { order: { statusId: partiallyShipped } },
    no('never_in_a_chosen_status'),
  ],
  [
    'Partially Refunded when it was first read',
    { order: { statusId: partiallyRefunded } },
    no('never_in_a_chosen_status'),
  ],
  [
    'Partially Refunded, chosen before in an older version',
    { order: { statusId: partiallyRefunded }, memory: { triggered: true } },
    no('status_not_chosen'),
  ],
  [
    'Partially Refunded, after a status that is known',
    { order: { statusId: partiallyRefunded }, memory: { chosenStatusId: pending } },
    no('status_not_chosen'),
  ],
])(
  'an order is admitted or not by its state: %s',
  (_name, { order = {}, memory = {}, settings = {}, days = 0 }, expected) => {
    const nothing = {
      triggered: false,
      bookedByHand: false,
      onHold: false,
      keptBack: false,
      told: false,
      chosenStatusId: null,
    };
    const now = new Date(orderDate.getTime() + Math.round(days * day));
    const admitted = admission(
      anOrder().is(order).order,
      { ...nothing, ...memory },
      liveSettings({ ...lookBack, ...settings }),
      now,
    );
    expect(admitted).toEqual(expected);
  },
);

test('an archived order counts as cancelled, beside those of the statuses that say so', () => {
  const is = (statusId: number, archived = false) => isCancelled({ statusId, archived });
  expect([cancelled, declined, refunded].map((statusId) => is(statusId))).toEqual([true, true, true]);
  expect([pending, shipped, completed, partiallyRefunded].map((statusId) => is(statusId))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(is(pending, true)).toBe(true);
});

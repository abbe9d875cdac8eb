import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasEnded, isDue, type ShipmentState } from '../../../src/domain/order-state.ts';
import { nextStep, type Step } from '../../../src/domain/next-step.ts';
import { aFollowedShipment, aShipment, attention } from '../../workflows/support/order-states.ts';

const booked = { phase: 'booked' } as const;
const kept = { ...booked, labelKept: true } as const;

const cases: [name: string, s: Partial<ShipmentState>, step: Step | null][] = [
  ['a planned shipment is booked', {}, 'book'],
  ['a blocked one is not', { blocked: 'on_hold' }, null],
  ['one that needs attention waits', { attention: attention() }, null],
  ['one whose plan may be stale waits for the look', { lookAgain: true }, null],
  ['an attempt that is out is asked after', { attemptOut: true }, 'book'],
  ['… also when the shipment is blocked meanwhile', { attemptOut: true, blocked: 'order_cancelled' }, 'book'],
  ['… also when it needs attention', { attemptOut: true, attention: attention() }, 'book'],
  ['… also when it is to be cancelled', { attemptOut: true, cancelling: true }, 'book'],
  ['a cancelled plan is withdrawn', { cancelling: true }, 'withdraw'],
  ['… also one that needs attention', { cancelling: true, attention: attention() }, 'withdraw'],
  ['a booked shipment gets its label', booked, 'keep_label'],
  [
    'a booked shipment that is cancelled is withdrawn before its label is fetched',
    { ...booked, cancelling: true },
    'withdraw',
  ],
  ['the shop is told once the label is kept', kept, 'tell'],
  ['a shop that is told at the print is not told before', { ...kept, told: 'waits_for_print' }, 'follow'],
  [
    '… but of a parcel that Posti has scanned',
    { ...kept, told: 'waits_for_print', deliveryStatus: 'received' },
    'tell',
  ],
  ['a shop that is told at the first scan is not told before', { ...kept, told: 'waits_for_first_scan' }, 'follow'],
  [
    '… nor while Posti only knows of it',
    { ...kept, told: 'waits_for_first_scan', deliveryStatus: 'registered' },
    'follow',
  ],
  ['… but at the scan', { ...kept, told: 'waits_for_first_scan', deliveryStatus: 'received' }, 'tell'],
  ['a parcel is followed', { ...kept, told: 'told' }, 'follow'],
  ['… also when the shop refused to be told', { ...kept, told: 'refused' }, 'follow'],
  [
    'whose parcel arrived, and whose record the shop refused: a person says what becomes of it',
    { ...kept, told: 'refused', attention: attention('shop_refused_shipment'), deliveryStatus: 'delivered' },
    null,
  ],
  ['… and then it ends', { ...kept, told: 'refused', attention: null, deliveryStatus: 'delivered' }, 'follow'],
  [
    'whose parcel arrived before the shop could be told',
    { ...kept, deliveryStatus: 'delivered', told: 'not_yet' },
    'tell',
  ],
  ['… also while it needs attention', { ...kept, told: 'told', attention: attention('silent') }, 'follow'],
  ['a parcel that is cancelled is withdrawn', { ...kept, told: 'told', cancelling: true }, 'withdraw'],
  ['a delivered one has ended', { ...kept, phase: 'delivered' }, null],
  ['a returned one has ended', { ...kept, phase: 'returned' }, null],
  ['a cancelled one has ended', { phase: 'cancelled', cancelling: true, attemptOut: true }, null],
];

const anyShipment: fc.Arbitrary<ShipmentState> = fc
  .record({
    phase: fc.constantFrom<ShipmentState['phase']>('planned', 'booked', 'delivered', 'returned', 'cancelled'),
    blocked: fc.constantFrom<ShipmentState['blocked']>(null, 'on_hold', 'order_cancelled'),
    attention: fc.constantFrom(null, attention()),
    cancelling: fc.boolean(),
    lookAgain: fc.boolean(),
    attemptOut: fc.boolean(),
    labelKept: fc.boolean(),
    told: fc.constantFrom<ShipmentState['told']>(
      'not_yet',
      'waits_for_print',
      'waits_for_first_scan',
      'told',
      'refused',
    ),
    deliveryStatus: fc.constantFrom<ShipmentState['deliveryStatus']>(
      'unknown',
      'registered',
      'in_transit',
      'delivered',
      'returned',
    ),
  })
  .map(aShipment);

describe('the next step of a shipment', () => {
  test.each(cases)('the next step of a shipment is right: %s', (_name, s, step) =>
    expect(nextStep(aShipment(s))).toBe(step),
  );

  test('a shipment that is not due has no next step, so that none waits for a watchdog that does not see it', () => {
    fc.assert(fc.property(anyShipment, (s) => isDue(s) || nextStep(s) === null));
  });

  test('a shipment without a next step has ended, or waits for a person, the shop or a look', () => {
    fc.assert(
      fc.property(
        anyShipment,
        (s) => nextStep(s) !== null || hasEnded(s) || s.blocked !== null || s.attention !== null || s.lookAgain,
      ),
    );
  });

  test('an attempt that is out is always checked before anything else', () => {
    fc.assert(fc.property(anyShipment, (s) => nextStep({ ...s, phase: 'planned', attemptOut: true }) === 'book'));
  });

  test('a shipment on its way is followed, whatever is wrong with its plan', () => {
    expect(nextStep(aFollowedShipment({ lookAgain: true, blocked: 'order_cancelled' }))).toBe('follow');
  });
});

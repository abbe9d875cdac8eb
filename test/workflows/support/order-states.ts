import { orderPhase, type OrderState, type ShipmentState } from '../../../src/domain/order-state.ts';
import type { OrderRef } from '../../../src/domain/order-ref.ts';

/** A planned shipment that may be booked at once, with changes. */
export const aShipment = (changes: Partial<ShipmentState> = {}): ShipmentState => ({
  n: 1,
  phase: 'planned',
  since: '2026-08-03T09:00:00.000Z',
  blocked: null,
  attention: null,
  cancelling: false,
  lookAgain: false,
  attempts: 0,
  attemptOut: false,
  labelKept: false,
  labelHandedOut: false,
  told: 'not_yet',
  trackingNumbers: [],
  deliveryStatus: 'unknown',
  transition: 1,
  ...changes,
});

/** A shipment that is booked, whose label is kept, which the shop knows of: all that is left is to follow it. */
export const aFollowedShipment = (changes: Partial<ShipmentState> = {}): ShipmentState =>
  aShipment({
    phase: 'booked',
    attempts: 1,
    labelKept: true,
    told: 'told',
    trackingNumbers: ['JJFI60000000000000001'],
    ...changes,
  });

/** What somebody has to look at. */
export const attention = (code = 'posti_refused'): NonNullable<ShipmentState['attention']> => ({
  code,
  since: '2026-08-03T09:00:00.000Z',
  commands: ['change', 'retry', 'cancel'],
});

export type OrderParts = Partial<Pick<OrderState, 'attention' | 'onHold' | 'unshipped' | 'shipments' | 'shopStatus'>>;

/** An order with one shipment to book, or with these parts. Its phase follows from them. */
export function anOrder(ref: OrderRef, parts: OrderParts = {}): OrderState {
  const whole = { attention: null, onHold: false, unshipped: {}, shipments: [aShipment()], ...parts };
  return { ...ref, ...whole, since: '2026-08-03T09:00:00.000Z', phase: orderPhase(whole) };
}

import { orderPhase, type OrderState, type ShipmentState } from './order-state.ts';

/**
 * A step may bring what it read before another step wrote. Then each shipment is as its greatest transition says, what is
 * said of the order itself is as it was, and its phase is what it comes to from both. Shipments only ever get more.
 */
export function newestState(before: OrderState, now: OrderState): OrderState {
  const nowOf = new Map(now.shipments.map((s) => [s.n, s]));
  const isOlder = before.shipments.some((b) => b.transition > (nowOf.get(b.n)?.transition ?? -1));
  if (!isOlder) return now;
  const { attention, unshipped } = before;
  const known = before.shipments.map((b) => newer(b, nowOf.get(b.n)));
  const shipments = [...known, ...now.shipments.filter(({ n }) => !before.shipments.some((b) => b.n === n))];
  return { ...before, phase: orderPhase({ attention, unshipped, shipments }), shipments };
}

const newer = (before: ShipmentState, now: ShipmentState | undefined): ShipmentState =>
  now && now.transition >= before.transition ? now : before;

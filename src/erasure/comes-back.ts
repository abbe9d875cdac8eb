import { hasEnded } from '../domain/order-state.ts';
import type { Plan } from '../planning/plan.ts';
import type { KnownShipment } from '../planning/known-shipment.ts';

/** Whether an erased order has to be known again, since goods have to go to somebody. Pure. */
export const comesBack = ({ decisions }: Plan, shipments: readonly KnownShipment[]): boolean =>
  decisions.some((decision) => decision.do === 'create' || decision.do === 'plan_anew') ||
  shipments.some((s) => !hasEnded(s));

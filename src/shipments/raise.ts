import { hasEnded } from '../domain/order-state.ts';
import type { ShipmentRef } from '../domain/order-ref.ts';
import type { Problem } from '../domain/problem.ts';
import type { Db } from '../db/pool.ts';
import { setProblems } from './problems.sql.ts';
import type { LockedShipment } from './shipments.sql.ts';
import { settleOrder } from '../orders/state.sql.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';

/** What a shipment needs a person for, and since when. */
export interface Need {
  readonly problem: Problem;
  readonly now: Date;
}

/**
 * Says that a shipment needs a person, and for what, in the transaction that found it out: whoever dies after it has said
 * so. Saying the same again changes nothing.
 */
export async function raiseOn(
  tx: Db,
  ref: ShipmentRef,
  shipment: LockedShipment,
  problems: readonly [Problem, ...Problem[]],
  now: Date,
): Promise<void> {
  const [first] = problems;
  if (hasEnded(shipment) || shipment.cancelling || shipment.attentionCode === first.code) return;
  await setProblems(tx, shipment.orderPk, ref.n, problems, now);
  await addToTimeline(tx, shipment.orderPk, {
    n: ref.n,
    what: first.code,
    words: `Needs attention: ${first.code.replaceAll('_', ' ')}.`,
  });
  await settleOrder(tx, ref);
}

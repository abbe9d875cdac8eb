import { hasEnded, type ShipmentRef } from '../../workflows/contract.ts';
import type { Problem } from '../booking/problem.ts';
import { inTransaction, type Pool } from '../db/pool.ts';
import { lockShipment, setProblems } from './shipments.sql.ts';
import { settleOrder } from './state.sql.ts';
import { addToTimeline } from './timeline.sql.ts';

/** Says that a shipment needs a person, and for what. Saying the same again changes nothing. */
export async function raiseOnShipment(
  pool: Pool,
  ref: ShipmentRef,
  problems: readonly [Problem, ...Problem[]],
  now: Date,
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const shipment = await lockShipment(tx, ref);
    const [first] = problems;
    if (hasEnded(shipment) || shipment.cancelling || shipment.attentionCode === first.code) return;
    await setProblems(tx, shipment.orderPk, ref.n, problems, now);
    await addToTimeline(tx, shipment.orderPk, {
      n: ref.n,
      what: first.code,
      words: `Needs attention: ${first.code.replaceAll('_', ' ')}.`,
    });
    await settleOrder(tx, ref);
  });
}

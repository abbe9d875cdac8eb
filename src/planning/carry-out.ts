import { inWords } from './plan-notes.ts';
import type { Problem } from '../domain/problem.ts';
import type { Db } from '../db/pool.ts';
import { savePlanOfOrder } from '../orders/orders.sql.ts';
import type { Plan } from './plan.ts';
import type { Decision, KnownShipment } from './known-shipment.ts';
import type { Draft } from './shipment-plan.ts';
import {
  clearLookAgain,
  createShipment,
  markLookAgain,
  planAnew,
  setBlocked,
  takeLines,
} from '../shipments/plan.sql.ts';
import { setConcern, setProblems } from '../shipments/problems.sql.ts';
import { isLabelHandedOut } from '../shipments/shipments.sql.ts';
import { askToCancel, endOrWithdraw } from '../shipments/transitions.sql.ts';
import { addToTimeline } from '../orders/timeline.sql.ts';

export interface PlanToCarryOut {
  readonly orderPk: number;
  readonly plan: Plan;
  readonly shipments: readonly KnownShipment[];
  /** The order is not as it was when it was last read. */
  readonly changed: boolean;
  /** Whose doing it is: `plan`, or who gave a command. */
  readonly who: string;
  readonly now: Date;
}

/** Writes down what a plan decided, in the transaction that read what it was made from. */
export async function carryOut(tx: Db, work: PlanToCarryOut): Promise<void> {
  await savePlanOfOrder(tx, work.orderPk, work.plan);
  for (const decision of work.plan.decisions) {
    await carryOutOne(tx, work, decision);
    if (decision.do !== 'create' && decision.do !== 'look_again') await clearLookAgain(tx, work.orderPk, decision.n);
  }
}

async function carryOutOne(tx: Db, work: PlanToCarryOut, decision: Decision): Promise<void> {
  const { orderPk, now, who } = work;
  switch (decision.do) {
    case 'create': {
      const n = await createShipment(tx, orderPk, decision.draft, decision.blocked, now);
      return addToTimeline(tx, orderPk, { n, what: 'planned', words: plannedWords(decision.draft) });
    }
    case 'plan_anew':
      await planAnew(tx, orderPk, decision.n, decision.draft, decision.blocked, who, now);
      return addToTimeline(tx, orderPk, {
        n: decision.n,
        what: 'planned_anew',
        words: `Planned anew. ${plannedWords(decision.draft)}`,
        who,
      });
    case 'leave':
      if (decision.blocked !== undefined) await setBlocked(tx, orderPk, decision.n, decision.blocked);
      return;
    case 'cancel':
      await endOrWithdraw(tx, orderPk, decision.n);
      return addToTimeline(tx, orderPk, {
        n: decision.n,
        what: 'cancelled',
        words: `Not to be booked any more (${decision.reason.replaceAll('_', ' ')}).`,
      });
    case 'withdraw':
      if (await isLabelHandedOut(tx, orderPk, decision.n))
        return raise(tx, work, decision.n, labelHandedOut, decision.concern);
      await askToCancel(tx, orderPk, decision.n);
      return addToTimeline(tx, orderPk, {
        n: decision.n,
        what: 'cancelling',
        words: 'The order was cancelled in the shop: its label is taken back.',
      });
    case 'raise':
      return raise(tx, work, decision.n, decision.problem, decision.concern);
    case 'calm':
      await setProblems(tx, orderPk, decision.n, [], now);
      return addToTimeline(tx, orderPk, {
        n: decision.n,
        what: 'attention_over',
        words: 'The order is as its label says again.',
      });
    case 'take_lines':
      await takeLines(tx, orderPk, decision.n, decision);
      return addToTimeline(tx, orderPk, {
        n: decision.n,
        what: 'lines_taken',
        words: 'Its lines are those by which the shop knows the same goods now.',
      });
    case 'look_again':
      if (work.changed) await markLookAgain(tx, orderPk, decision.n);
      return;
    default:
      return decision satisfies never;
  }
}

async function raise(
  tx: Db,
  { orderPk, shipments, now }: PlanToCarryOut,
  n: number,
  problem: Problem,
  concern: string,
): Promise<void> {
  const known = shipments.find((s) => s.n === n);
  if (known?.attentionCode === problem.code) return setConcern(tx, orderPk, n, concern);
  // It stands already, beside something more serious.
  if (known?.attentionCode && known.concern === concern) return;
  await setProblems(tx, orderPk, n, [problem], now, concern);
  await addToTimeline(tx, orderPk, { n, what: problem.code, words: problem.problem });
}

function plannedWords({ problems, plan }: Draft): string {
  const noted = inWords(plan.notes ?? []);
  if (problems.length === 0) return `Planned.${noted}`;
  return `It cannot be booked as it stands: ${problems.map((p) => p.code.replaceAll('_', ' ')).join(', ')}.${noted}`;
}

/** A label that was served to anybody may be on a parcel: taking it back takes a person's word. */
export const labelHandedOut: Problem = {
  code: 'label_handed_out',
  field: 'label',
  problem: 'The label was printed or downloaded before the shipment was cancelled or changed.',
  remedy:
    'Find it and destroy it, then say so with the command ("labelDestroyed": true; --label-destroyed on the command line); or ship the parcel and close this with "resolve".',
};

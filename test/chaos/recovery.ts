import { setTimeout as delay } from 'node:timers/promises';
import type { Topology } from '../../harness/topology.ts';
import { orderWorkflowId } from '../../workflows/contract.ts';
import type { OrderRef } from '../../src/domain/order-ref.ts';

/** How long orders stood still because the worker that had a step of theirs in hand was killed. */
export interface Recovery {
  /** To be told at once, with the process that was killed. */
  workerKilled(pid: number): void;
  /** Milliseconds from the kill until the step had been done, or tried to its end, by another. */
  readonly times: readonly number[];
  /** Those that could not be seen to recover: the engine was away, or it took longer than the limit. */
  readonly unseen: number;
  /** Resolves when nobody is watched any more. */
  done(): Promise<void>;
}

/** Of each kill, so many orders that moved last: those are in the middle of a step most likely. */
const sample = 20;
const lookEveryMs = 250;
const limitMs = 180_000;

/** A step that the killed worker had in hand: the engine waits for it, until its time is up. */
interface Step {
  readonly ref: OrderRef;
  readonly activityId: string;
  readonly attempt: number;
}

export function createRecovery({ parts }: Topology): Recovery {
  const { connection, namespace } = parts.temporal;
  const times: number[] = [];
  const watched = new Set<Promise<void>>();
  let unseen = 0;

  const pendingOf = async (ref: OrderRef) => {
    const { pendingActivities } = await connection.withDeadline(Date.now() + 5_000, () =>
      connection.workflowService.describeWorkflowExecution({
        namespace,
        execution: { workflowId: orderWorkflowId(ref) },
      }),
    );
    return pendingActivities;
  };

  async function stepsInHand(pid: number): Promise<Step[]> {
    const { rows } = await parts.pool.query<OrderRef>(
      `select st.store_hash as "storeHash", o.order_id as "orderId"
         from lahetti.orders o join lahetti.stores st on st.id = o.store_id
        where o.phase = 'under_way' order by o.since desc limit $1`,
      [sample],
    );
    const found = await Promise.allSettled(
      rows.map(async (ref) =>
        (await pendingOf(ref))
          .filter(
            ({ state, lastWorkerIdentity }) => Number(state) === started && lastWorkerIdentity?.startsWith(`${pid}@`),
          )
          .map((step): Step => ({ ref, activityId: step.activityId ?? '', attempt: step.attempt ?? 1 })),
      ),
    );
    return found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  }

  /** Another try has ended since: the step is over, or waits for its next. */
  async function hasRecovered({ ref, activityId, attempt }: Step): Promise<boolean> {
    const step = (await pendingOf(ref)).find((each) => each.activityId === activityId);
    if (!step) return true;
    const tries = (step.attempt ?? 1) - attempt;
    const isOut = [started, cancelRequested].includes(Number(step.state));
    return tries > 1 || (tries === 1 && !isOut);
  }

  async function watch(step: Step, killedAt: number): Promise<void> {
    while (performance.now() - killedAt < limitMs) {
      const recovered = await hasRecovered(step).catch((error: unknown) => (isUnknown(error) ? 'gone' : false));
      // The engine has lost its database, and with it the step: the order is started anew, and nobody can say which try that is.
      if (recovered === 'gone') break;
      if (recovered) return void times.push(performance.now() - killedAt);
      await delay(lookEveryMs);
    }
    unseen += 1;
  }

  return {
    times,
    get unseen() {
      return unseen;
    },
    workerKilled(pid) {
      const killedAt = performance.now();
      const all = stepsInHand(pid)
        .then((steps) => Promise.all(steps.map((step) => watch(step, killedAt))))
        .then(() => undefined)
        .catch(() => undefined)
        .finally(() => watched.delete(all));
      watched.add(all);
    },
    done: async () => void (await Promise.all(watched)),
  };
}

/** temporal.api.enums.v1.PendingActivityState */
const started = 2;
const cancelRequested = 3;
/** gRPC's number of "not found". */
const isUnknown = (error: unknown): boolean => (error as { code?: unknown }).code === 5;

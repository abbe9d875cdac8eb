import {
  ScheduleAlreadyRunning,
  ScheduleClient,
  ScheduleNotFoundError,
  type ScheduleOptions,
} from '@temporalio/client';
import { scheduleIds, taskQueues, type SweepInput } from '../../workflows/contract.ts';
import type { EngineConnection } from './connection.ts';

export interface ScheduleNeeds {
  readonly stores: readonly { readonly storeHash: string; readonly state: 'connected' | 'paused' | 'disconnected' }[];
  readonly sweepEverySeconds: number;
  readonly watchmanEverySeconds: number;
  /** No such schedule is made where it is left out. */
  readonly watchEverySeconds?: number;
  /** As above. */
  readonly eraseEverySeconds?: number;
  /** Where scheduled work runs. Only tests have one of their own. */
  readonly taskQueue?: string;
}

/**
 * Makes the schedules what they should be: a sweep per store, one watchman, one watch, one erasure, and none of a disconnected store. A paused
 * store keeps its schedule, whose runs do nothing. Any number of processes may do it at once and as often as they like;
 * what a person paused in the Temporal UI stays paused.
 */
export async function ensureSchedules(
  { connection, namespace }: EngineConnection,
  needs: ScheduleNeeds,
): Promise<void> {
  const client = new ScheduleClient({ connection, namespace });
  const taskQueue = needs.taskQueue ?? taskQueues.orders;
  const within = <T>(call: () => Promise<T>) => connection.withDeadline(Date.now() + 10_000, call);

  const watchman = every(needs.watchmanEverySeconds, {
    scheduleId: scheduleIds.watchman,
    action: { type: 'startWorkflow', workflowType: 'watchman', workflowId: 'watchman', taskQueue, args: [] },
  });
  await within(() => ensure(client, watchman));
  if (needs.watchEverySeconds !== undefined) {
    const watch = every(needs.watchEverySeconds, {
      scheduleId: scheduleIds.watch,
      action: { type: 'startWorkflow', workflowType: 'watch', workflowId: 'watch', taskQueue, args: [] },
    });
    await within(() => ensure(client, watch));
  }
  if (needs.eraseEverySeconds !== undefined) {
    const erasure = every(needs.eraseEverySeconds, {
      scheduleId: scheduleIds.erasure,
      action: { type: 'startWorkflow', workflowType: 'erasure', workflowId: 'erasure', taskQueue, args: [] },
    });
    await within(() => ensure(client, erasure));
  }

  for (const { storeHash, state } of needs.stores) {
    const scheduleId = scheduleIds.sweep(storeHash);
    if (state === 'disconnected') {
      await within(() => remove(client, scheduleId));
      continue;
    }
    const input: SweepInput = { storeHash };
    const sweep = every(needs.sweepEverySeconds, {
      scheduleId,
      action: { type: 'startWorkflow', workflowType: 'sweep', workflowId: scheduleId, taskQueue, args: [input] },
    });
    await within(() => ensure(client, sweep));
  }
}

/** How often the watch runs: every half hour, sooner in a fast demo. */
export const watchEverySecondsAt = (speed: number): number => Math.max(5, Math.round(1_800 / speed));

/** How often people whose time is over are erased: once a day, sooner in a fast demo. */
export const eraseEverySecondsAt = (speed: number): number => Math.max(60, Math.round(86_400 / speed));

/** Runs never overlap, and what was missed in a downtime is one run: each reads all that it finds since the last. */
function every(seconds: number, schedule: Pick<ScheduleOptions, 'scheduleId' | 'action'>): ScheduleOptions {
  // Spread, or all stores are swept in the same second.
  const jitterSeconds = Math.min(30, Math.floor(seconds / 5));
  return {
    ...schedule,
    spec: { intervals: [{ every: seconds * 1_000 }], ...(jitterSeconds > 0 && { jitter: jitterSeconds * 1_000 }) },
    policies: { overlap: 'SKIP', catchupWindow: 60_000 },
  };
}

async function ensure(client: ScheduleClient, wanted: ScheduleOptions): Promise<void> {
  try {
    await client.create(wanted);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { spec, action, policies } = wanted;
    await client
      .getHandle(wanted.scheduleId)
      .update(({ state }) => ({ spec, action, ...(policies && { policies }), state }));
  }
}

async function remove(client: ScheduleClient, scheduleId: string): Promise<void> {
  try {
    await client.getHandle(scheduleId).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

import { createHash } from 'node:crypto';
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
 * Makes the schedules what they should be: a sweep per store, one watchman, one watch, one erasure, and none of a
 * disconnected store. A paused store keeps its schedule, whose runs do nothing. Any number of processes may do it at once;
 * what a person paused in the Temporal UI stays paused.
 */
export interface ScheduleKeeper {
  /**
   * May be called as often as one likes: what this keeper has made so already, and the engine still lists, is left alone. Each
   * update is an action that Temporal Cloud counts, and a line in a schedule's history. A call while another is under way is
   * that one.
   */
  keep(needs: ScheduleNeeds): Promise<void>;
}

const listLimitMs = 30_000;
const callLimitMs = 10_000;

export function createScheduleKeeper({ connection, namespace }: EngineConnection): ScheduleKeeper {
  const client = new ScheduleClient({ connection, namespace });
  /** What each was made by this keeper, as text; null where it was removed. */
  const made = new Map<string, string | null>();
  let underWay: Promise<void> | undefined;

  const within = <T>(call: () => Promise<T>, limitMs = callLimitMs) =>
    connection.withDeadline(Date.now() + limitMs, call);

  async function keep(needs: ScheduleNeeds): Promise<void> {
    const listed = await within(() => idsOf(client), listLimitMs);
    for (const schedule of wantedSchedules(needs)) {
      const text = JSON.stringify(schedule);
      if (listed.has(schedule.scheduleId) && made.get(schedule.scheduleId) === text) continue;
      await within(() => ensure(client, schedule));
      made.set(schedule.scheduleId, text);
    }
    for (const { storeHash } of needs.stores.filter(({ state }) => state === 'disconnected')) {
      const scheduleId = scheduleIds.sweep(storeHash);
      if (!listed.has(scheduleId) && made.get(scheduleId) === null) continue;
      await within(() => remove(client, scheduleId));
      made.set(scheduleId, null);
    }
  }

  return { keep: (needs) => (underWay ??= keep(needs).finally(() => (underWay = undefined))) };
}

/** The same once, for whoever does not stay. */
export const ensureSchedules = (engine: EngineConnection, needs: ScheduleNeeds): Promise<void> =>
  createScheduleKeeper(engine).keep(needs);

function wantedSchedules(needs: ScheduleNeeds): ScheduleOptions[] {
  const taskQueue = needs.taskQueue ?? taskQueues.orders;
  const single = (scheduleId: string, workflowType: string, seconds: number | undefined) =>
    seconds === undefined
      ? []
      : [
          every(seconds, {
            scheduleId,
            action: { type: 'startWorkflow', workflowType, workflowId: workflowType, taskQueue, args: [] },
          }),
        ];
  const sweeps = needs.stores
    .filter(({ state }) => state !== 'disconnected')
    .map(({ storeHash }) => {
      const scheduleId = scheduleIds.sweep(storeHash);
      const args: [SweepInput] = [{ storeHash }];
      return every(needs.sweepEverySeconds, {
        scheduleId,
        action: { type: 'startWorkflow', workflowType: 'sweep', workflowId: scheduleId, taskQueue, args },
      });
    });
  return [
    ...single(scheduleIds.watchman, 'watchman', needs.watchmanEverySeconds),
    ...single(scheduleIds.watch, 'watch', needs.watchEverySeconds),
    ...single(scheduleIds.erasure, 'erasure', needs.eraseEverySeconds),
    ...sweeps,
  ];
}

/** As the engine lists them: one that was made a moment ago may be missing. */
async function idsOf(client: ScheduleClient): Promise<Set<string>> {
  const ids = new Set<string>();
  for await (const { scheduleId } of client.list({ pageSize: 1_000 })) ids.add(scheduleId);
  return ids;
}

/** How often the watch runs: every half hour, sooner in a fast demo. */
export const watchEverySecondsAt = (speed: number): number => Math.max(5, Math.round(1_800 / speed));

/** How often people whose time is over are erased: once a day, sooner in a fast demo. */
export const eraseEverySecondsAt = (speed: number): number => Math.max(60, Math.round(86_400 / speed));

/** Runs never overlap, and what was missed in a downtime is one run: each reads all that it finds since the last. */
function every(seconds: number, schedule: Pick<ScheduleOptions, 'scheduleId' | 'action'>): ScheduleOptions {
  const offset = phaseOf(schedule.scheduleId, seconds) * 1_000;
  return {
    ...schedule,
    spec: { intervals: [{ every: seconds * 1_000, offset }] },
    policies: { overlap: 'SKIP', catchupWindow: 60_000 },
  };
}

/** A second of the interval that is the schedule's own: many stores are swept one after the other, not all at its start. */
const phaseOf = (scheduleId: string, seconds: number): number =>
  createHash('sha256').update(scheduleId).digest().readUInt32BE() % seconds;

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

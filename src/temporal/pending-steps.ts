import type { WorkflowExecutionDescription } from '@temporalio/client';

/** An activity that a workflow waits for. A query can't know these: only the engine does. */
export interface PendingStep {
  readonly name: string;
  /** The try that runs or comes next: 1, 2, … */
  readonly attempt: number;
  readonly startedAt: Date | null;
  /** It asks from time to time how far a parcel is: what was no news is no failure. */
  readonly polls: boolean;
  /** Of the last try, if it failed. Our failures carry no personal data. */
  readonly lastFailure: string | null;
  readonly nextAttemptAt: Date | null;
}

export function pendingSteps(described: WorkflowExecutionDescription['raw']): PendingStep[] {
  return (described.pendingActivities ?? []).map((activity) => {
    const polls = activity.lastFailure?.applicationFailureInfo?.type === nextLook;
    return {
      name: activity.activityType?.name ?? 'unknown',
      attempt: activity.attempt ?? 1,
      polls,
      startedAt: toDate(activity.lastStartedTime),
      lastFailure: polls ? null : (activity.lastFailure?.message ?? null),
      nextAttemptAt: toDate(activity.nextAttemptScheduleTime),
    };
  });
}

/** Failures of steps that wait for an account, a scope or a store (src/health/system-health.ts, src/stores/paused.ts). */
const waitsForAnAccount = /_paused$/;
/** The next look at a parcel is no step that failed (activities/tracking.ts). */
const nextLook = 'nothing_new';
/** What is tried within this time anyway is left alone. */
const soonMs = 1_000;

/** Ids of the activities that wait, and that may be tried now: none that runs, since a reset would cancel its try. */
export function stepsToRetry(
  described: WorkflowExecutionDescription['raw'],
  { byPerson }: { readonly byPerson: boolean },
  now: Date,
): string[] {
  return (described.pendingActivities ?? [])
    .filter(({ lastFailure, nextAttemptScheduleTime }) => {
      const next = toDate(nextAttemptScheduleTime);
      if (next === null || next.getTime() < now.getTime() + soonMs) return false;
      const type = lastFailure?.applicationFailureInfo?.type ?? '';
      return byPerson ? type !== nextLook : waitsForAnAccount.test(type);
    })
    .flatMap(({ activityId }) => (activityId ? [activityId] : []));
}

/** A protobuf timestamp; `seconds` is a Long, or a number where it fits. */
function toDate(time: { seconds?: unknown; nanos?: number | null } | null | undefined): Date | null {
  if (!time) return null;
  return new Date(Number(time.seconds ?? 0) * 1_000 + Math.floor((time.nanos ?? 0) / 1_000_000));
}

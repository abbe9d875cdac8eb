import type { temporal } from '@temporalio/proto';

type History = temporal.api.history.v1.IHistory;
type Event = temporal.api.history.v1.IHistoryEvent;

/** What a history does, without ids and times: equal for runs that took the same way. */
export function shapeOf(history: History): string {
  return steps(history).join(' ');
}

/** A line for the index: the steps in their order, each run of the same once. */
export function wordsFor(history: History): string {
  const said = steps(history).filter((step) => step !== 'told');
  return said.filter((step, i) => step !== said[i - 1]).join(', ');
}

const steps = (history: History): string[] => (history.events ?? []).flatMap((event) => step(event) ?? []);

function step(event: Event): string | null {
  if (event.activityTaskScheduledEventAttributes)
    return event.activityTaskScheduledEventAttributes.activityType?.name ?? 'step';
  if (event.activityTaskCanceledEventAttributes) return 'step cancelled';
  if (event.timerStartedEventAttributes) return 'wait';
  if (event.timerCanceledEventAttributes) return 'wait cancelled';
  if (event.workflowExecutionSignaledEventAttributes) return 'hint';
  if (event.workflowExecutionUpdateAcceptedEventAttributes) return 'command';
  if (event.workflowExecutionCancelRequestedEventAttributes) return 'cancelled in the engine';
  if (event.upsertWorkflowSearchAttributesEventAttributes) return 'told';
  if (event.workflowExecutionContinuedAsNewEventAttributes) return 'continued as new';
  return null;
}

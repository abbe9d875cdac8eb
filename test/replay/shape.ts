import type { temporal } from '@temporalio/proto';
import type { History } from './corpus.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

/**
 * Of the histories that were found, by name, those that show what the known ones do not: which steps may follow one another.
 * First the one that shows most; at most so many.
 */
export function mostTelling(
  found: ReadonlyMap<string, History>,
  known: readonly History[],
  most: number,
): [name: string, history: History][] {
  const shown = new Set(known.flatMap(turns));
  const chosen: [string, History][] = [];
  while (chosen.length < most) {
    const news = ([, history]: [string, History]) => new Set(turns(history).filter((turn) => !shown.has(turn))).size;
    const [best] = [...found].sort((a, b) => news(b) - news(a));
    if (best === undefined || news(best) === 0) break;
    chosen.push(best);
    for (const turn of turns(best[1])) shown.add(turn);
  }
  return chosen;
}

/** Every three steps that follow one another. */
const turns = (history: History): string[] => {
  const all = ['start', ...steps(history), 'end'];
  return all.slice(2).map((step, i) => `${all[i]} > ${all[i + 1]} > ${step}`);
};

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

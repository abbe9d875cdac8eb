import { Client } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import { ask } from '../harness/ask.ts';
import { orderWorkflowId } from '../workflows/contract.ts';
import type { Bench, Figure } from './figure.ts';
import { median, rounded, spread } from './statistics.ts';
import { withSystem, type BenchStore, type BenchSystem } from './system.ts';

type Event = temporal.api.history.v1.IHistoryEvent;

/** Fast enough to see a delivery, and slow enough for every wait to be longer than a step. */
const speed = 4_000;

export const engineActions: Figure = {
  name: 'engine-actions',
  title: 'What a delivered order costs at the engine and at Posti',
  measure: (bench) => withSystem(bench, { speed, ourSpeed: speed / 2 }, (system) => measure(bench, system)),
};

async function measure({ quick, say }: Bench, system: BenchSystem) {
  const [store] = (await system.openStores(1, 0)) as [BenchStore];
  const orders = quick ? 2 : 20;
  say(`${orders} orders until they are delivered …`);
  const counted: Actions[] = [];
  for (let i = 0; i < orders; i++) {
    const orderId = await system.place(store, { viaIncomplete: true });
    await system.landmarks.reached('done', store.hash, orderId, 180_000);
    counted.push(await countActions(system, orderWorkflowId({ storeHash: store.hash, orderId })));
  }
  const posti = await postiCalls(system);
  const apart = counted.map((each) => each.apartFromPolls);
  const perShipment = posti.others / orders;
  return {
    rows: [
      {
        ...{ what: 'engine actions per delivered order, polls apart', value: spread(apart), unit: '' },
        ...{ target: 'at most 10', met: median(apart) <= 10 },
      },
      { what: 'of which are polls, besides', value: spread(counted.map((each) => each.polls)), unit: '' },
      {
        ...{ what: 'Posti calls per shipment', value: rounded(perShipment, 2), unit: '' },
        ...{ target: 'at most 1', met: perShipment <= 1 },
      },
    ],
    notes: [
      `${orders} orders from status 0 to "delivered", one after the other, the stand-ins' clock ${speed} times faster than real; the engine's histories of every run of the order, counted as Temporal Cloud counts (temporal.md 5.4).`,
      `One order: ${describe(counted.at(-1)!)}.`,
      'A poll is one look at tracking: how many there are hangs on how long a parcel takes. Schedules (sweep, watchman) are not an order’s.',
      `Posti: ${Object.entries(posti.byRoute)
        .map(([route, count]) => `${route} ${count}`)
        .join(', ')}; tracking, token and lists of pickup points apart.`,
    ],
    raw: { counted, posti },
  };
}

interface Actions {
  readonly apartFromPolls: number;
  readonly polls: number;
  readonly byKind: Readonly<Record<string, number>>;
}

const pollActivity = 'followParcels';

/** All runs of one workflow id. A try is an action; the tries of a poll are polls. */
async function countActions({ parts }: BenchSystem, workflowId: string): Promise<Actions> {
  const { connection, namespace } = parts.temporal;
  const client = new Client({ connection, namespace });
  const byKind: Record<string, number> = {};
  const add = (kind: string, count = 1) => void (byKind[kind] = (byKind[kind] ?? 0) + count);
  for await (const { runId } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const [kind, count] of actionsIn(events ?? [])) add(kind, count);
  }
  const polls = byKind[`activity ${pollActivity}`] ?? 0;
  const all = Object.values(byKind).reduce((sum, count) => sum + count, 0);
  return { apartFromPolls: all - polls, polls, byKind };
}

function* actionsIn(events: readonly Event[]): Iterable<[kind: string, count: number]> {
  const names = new Map<string, string>();
  // Started by a hint: signal and start are one action.
  let startsWithSignal = true;
  for (const event of events) {
    if (event.workflowExecutionStartedEventAttributes) yield ['start', 1];
    else if (event.workflowExecutionSignaledEventAttributes) {
      if (!startsWithSignal) yield ['signal', 1];
      startsWithSignal = false;
    } else if (event.activityTaskScheduledEventAttributes) {
      names.set(String(event.eventId), event.activityTaskScheduledEventAttributes.activityType?.name ?? '');
    } else if (event.activityTaskStartedEventAttributes) {
      const { scheduledEventId, attempt } = event.activityTaskStartedEventAttributes;
      yield [`activity ${names.get(String(scheduledEventId))}`, attempt ?? 1];
    } else if (event.timerStartedEventAttributes) yield ['timer', 1];
    else if (event.upsertWorkflowSearchAttributesEventAttributes) yield ['search attributes', 1];
    else if (event.workflowExecutionUpdateAcceptedEventAttributes) yield ['update', 1];
    else if (event.workflowExecutionContinuedAsNewEventAttributes) yield ['continued as new', 1];
  }
}

const describe = ({ byKind }: Actions): string =>
  Object.entries(byKind)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');

async function postiCalls({ urls }: BenchSystem): Promise<{ others: number; byRoute: Record<string, number> }> {
  const url = `${urls.posti}/_control/books`;
  const { requests } = await ask<{ requests: { byRoute: Record<string, number> } }>('GET', url);
  const apart = /tracking|token|pickuppoints/;
  const others = Object.entries(requests.byRoute).filter(([route]) => !apart.test(route));
  return { others: others.reduce((sum, [, count]) => sum + count, 0), byRoute: Object.fromEntries(others) };
}

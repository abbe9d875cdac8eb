import type { ShipmentPhase } from '../../src/domain/order-state.ts';
import { nextPhases } from '../../src/shipments/transitions.ts';
import type { Change } from './change-log.ts';

/** What may become of an attempt. Only one that nobody could tell of may be found later. */
const attempts: Readonly<Record<string, readonly string[]>> = {
  sent: ['sent', 'live', 'refused', 'failed', 'unknown'],
  live: ['live', 'superseded', 'withdrawn'],
  unknown: ['unknown', 'live'],
  refused: ['refused'],
  failed: ['failed'],
  superseded: ['superseded'],
  withdrawn: ['withdrawn'],
};

/** How far along a parcel is; one stage may be gone through in any order. */
const stages: Readonly<Record<string, number>> = {
  ...{ unknown: 0, registered: 1, received: 2, in_transit: 3, customs: 3, out_for_delivery: 4, ready_for_pickup: 4 },
  ...{ returning: 5, delivered: 6, returned: 7 },
};

/** What the workflow and the database compare shipments by: a change of any of these makes the row a newer one. */
const told = [
  'phase',
  'blocked',
  'attention',
  'cancelling',
  'look_again',
  'kept_back',
  'told',
  'delivery_status',
] as const;

/** What is wrong with a change of a row, in sentences; none where it is legal. */
export function complaintsAboutChange({ what, before, after }: Change): string[] {
  switch (what) {
    case 'shipments':
      return aboutShipment(before, after);
    case 'booking_attempts':
      return aboutAttempt(before, after);
    case 'orders':
      return [];
    default:
      return what satisfies never;
  }
}

type Row = Readonly<Record<string, unknown>>;

function aboutShipment(before: Row | null, after: Row): string[] {
  const name = `Shipment ${String(after['n'])}`;
  const complaints: string[] = [];
  const phase = after['phase'] as ShipmentPhase;
  if (before === null) return phase === 'planned' ? [] : [`${name} began as ${phase}.`];
  const was = before['phase'] as ShipmentPhase;
  if (phase !== was && !nextPhases[was].includes(phase)) complaints.push(`${name} went from ${was} to ${phase}.`);
  if (phase !== 'planned' && after['blocked'] !== null) complaints.push(`${name} is ${phase} and blocked.`);
  if (phase !== 'planned' && phase !== 'booked' && after['cancelling'] === true)
    complaints.push(`${name} is ${phase} and being cancelled.`);
  if ((phase === 'delivered' || phase === 'returned') && was !== phase && after['told'] !== 'told')
    if (after['told'] !== 'refused' || before['attention'] !== null)
      complaints.push(`${name} ended as ${phase}, and the shop was never told.`);
  const isTheSameBooking = was === 'booked' && phase !== 'planned';
  if (isTheSameBooking && stageOf(after) < stageOf(before))
    complaints.push(
      `${name} went back from ${String(before['delivery_status'])} to ${String(after['delivery_status'])}.`,
    );
  const differs = told.filter((column) => JSON.stringify(before[column]) !== JSON.stringify(after[column]));
  if (differs.length > 0 && Number(after['transition']) <= Number(before['transition']))
    complaints.push(`${name} has another ${differs.join(', ')}, and no greater transition.`);
  return complaints;
}

const stageOf = (row: Row): number => stages[String(row['delivery_status'])] ?? -1;

function aboutAttempt(before: Row | null, after: Row): string[] {
  const reference = String(after['reference']);
  const state = String(after['state']);
  if (before === null) return state === 'sent' ? [] : [`Attempt ${reference} began as ${state}.`];
  const was = String(before['state']);
  return attempts[was]?.includes(state) ? [] : [`Attempt ${reference} went from ${was} to ${state}.`];
}

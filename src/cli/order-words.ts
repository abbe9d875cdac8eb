import type { Attention, ShipmentState } from '../domain/order-state.ts';
import type { OrderRef } from '../domain/order-ref.ts';
import type { CommandKind } from '../domain/commands.ts';
import type { OrderView } from '../orders/view.ts';
import type { ProblemsOfShipment } from './staff.sql.ts';
import { unreadInLines } from './unread-words.ts';

/** An order in lines for a terminal. For staff: what needs attention is quoted in full. */
export function orderInLines(view: OrderView, ref: OrderRef, problems: readonly ProblemsOfShipment[]): string[] {
  const { state, next, order } = view;
  const name = `${ref.storeHash}/${ref.orderId}`;
  if (!state) return [`Order ${name} was not read yet.`, ...unreadInLines(view.unread)];
  const unshipped = Object.entries(state.unshipped).map(([reason, units]) => `${units} × ${spaced(reason)}`);
  return [
    `Order ${name}: ${spaced(state.phase)} since ${state.since} (${whoSays(view)})`,
    ...(state.onHold ? ['  on hold'] : []),
    ...(order?.erasedAt ? [`  people and labels were erased ${order.erasedAt.toISOString()}`] : []),
    ...(state.attention ? attentionInLines(state.attention, ref, null, [], '  ') : []),
    ...unreadInLines(view.unread),
    ...(unshipped.length > 0 ? [`  not shipped: ${unshipped.join(', ')}`] : []),
    ...state.shipments.flatMap((s) => shipmentInLines(s, view, ref, problems)),
    ...view.whyNotShipped.map((why) => `  ${why}`),
    ...next.map(({ words, polls }) => (polls ? `  ${words}` : `  waits for ${words}`)),
  ];
}

function shipmentInLines(
  s: ShipmentState,
  { shipments }: OrderView,
  ref: OrderRef,
  problems: readonly ProblemsOfShipment[],
): string[] {
  const words = problems.find(({ n }) => n === s.n)?.problems ?? [];
  return [
    `  shipment ${s.n}: ${s.phase}${s.cancelling ? ', being cancelled' : ''}, parcel ${spaced(s.deliveryStatus)}, shop ${spaced(s.told)}`,
    ...(s.trackingNumbers.length > 0 ? [`    tracking ${s.trackingNumbers.join(', ')}`] : []),
    ...(s.blocked ? [`    not booked: ${spaced(s.blocked)}`] : []),
    ...(s.attention ? attentionInLines(s.attention, ref, s.n, words, '    ', s.labelHandedOut) : []),
    ...(shipments.find(({ n }) => n === s.n)?.attempts ?? []).map((attempt) =>
      `    attempt ${attempt.attempt} (${attempt.reference}): ${attempt.state} ${attempt.code ?? ''}`.trimEnd(),
    ),
  ];
}

function attentionInLines(
  attention: Attention,
  ref: OrderRef,
  n: number | null,
  problems: ProblemsOfShipment['problems'],
  indent: string,
  takesLabelBack = false,
): string[] {
  return [
    `${indent}needs attention since ${attention.since}: ${attention.code}`,
    ...problems.flatMap(({ problem, remedy }) => [`${indent}  ${problem}`, `${indent}  → ${remedy}`]),
    ...attention.commands.map((kind) => `${indent}  helps: ${commandLine(kind, ref, n, takesLabelBack)}`),
  ];
}

/**
 * A command as it is typed.
 * @param labelHandedOut a printed label has to be destroyed before what it is for is cancelled or changed
 */
export function commandLine(kind: CommandKind, ref: OrderRef, n: number | null, labelHandedOut = false): string {
  const line = `orders ${wordOf(kind)} ${ref.storeHash} ${ref.orderId}${n === null ? '' : ` ${n}`}`;
  return labelHandedOut && takesLabelsBack(kind) ? `${line} --label-destroyed (once every printed copy is)` : line;
}

export const takesLabelsBack = (kind: CommandKind): boolean => kind === 'cancel' || kind === 'change';

/** The word of the command line for a kind of command. */
export const wordOf = (kind: CommandKind): string => (kind === 'mark_printed' ? 'printed' : kind);

function whoSays({ engine, source }: OrderView): string {
  switch (engine) {
    case 'running':
      return source === 'workflow' ? 'its workflow runs and says so' : 'its workflow runs; the database says so';
    case 'not_running':
      return 'no workflow runs; the database says so';
    case 'engine_away':
      return 'the engine was not reached; the database says so';
    default:
      return engine satisfies never;
  }
}

export const spaced = (name: string): string => name.replaceAll('_', ' ');

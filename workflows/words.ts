import { needsPerson, type Attention, type OrderState, type ShipmentState } from '../src/domain/order-state.ts';
import type { UnshippedReason } from '../src/domain/reasons.ts';
import type { CommandKind } from '../src/domain/commands.ts';
import type { DeliveryStatus } from '../src/domain/delivery-status.ts';
import { whyNot } from '../src/domain/offered-commands.ts';
import { nextStep } from '../src/domain/next-step.ts';
import { whyNotShipped } from '../src/domain/why-not-shipped.ts';

/** What support reads of a running order in the Temporal UI: sentences, with nothing of a person in them. */
export function describeOrder(state: OrderState): string {
  const parts: string[] = state.shipments.map((s) => `- ${describeShipment(s)}`);
  const unshipped = Object.entries(state.unshipped);
  if (unshipped.length > 0) {
    parts.push(
      `- Not shipped: ${unshipped.map(([reason, units]) => `${units} × ${reasonWords[reason as UnshippedReason]}`).join(', ')}.`,
    );
  }
  parts.push(...whyNotShipped(state).map((why) => `- ${why}`));
  // A blank line between, or Markdown takes the list for more of the sentence.
  return [`**Order ${state.orderId}** of store \`${state.storeHash}\`. ${phaseWords(state)}`, parts.join('\n')]
    .join('\n\n')
    .trimEnd();
}

function phaseWords(state: OrderState): string {
  switch (state.phase) {
    case 'waiting':
      return state.onHold
        ? 'It is on hold until somebody takes the hold off.'
        : 'It waits for news from the shop, or for a command.';
    case 'under_way':
      return 'It is under way.';
    case 'needs_attention':
      return state.attention ? needsAPerson('It needs', state.attention) : 'It needs a person.';
    case 'done':
      return 'Everything of it has reached its end.';
    case 'ignored':
      return 'Nothing of it is ours to ship.';
    case 'cancelled':
      return 'It is cancelled; nothing of it is shipped.';
    default:
      return state.phase satisfies never;
  }
}

/** One shipment in a sentence or two: where it is, what it waits for, what would help. */
export function describeShipment(s: ShipmentState): string {
  const words = [
    `Shipment ${s.n}${s.trackingNumbers.length > 0 ? ` (${s.trackingNumbers.join(', ')})` : ''}: ${whereItIs(s)}`,
  ];
  if (s.attention && needsPerson(s)) words.push(needsAPerson('Needs', { ...s.attention, commands: whatHelps(s) }));
  return words.join(' ');
}

/** Of the commands that help, those that apply. */
const whatHelps = (s: ShipmentState): CommandKind[] =>
  (s.attention?.commands ?? []).filter(
    (kind) => whyNot({ shipments: [s], unshipped: {}, onHold: false }, kind, s.n) === null,
  );

function needsAPerson(needs: string, { code, commands }: Attention): string {
  const why = `${needs} a person: ${plain(code)}.`;
  const last = commands.at(-1);
  if (last === undefined) return why;
  const others = commands.slice(0, -1).map(plain).join(', ');
  return `${why} What helps: ${others === '' ? plain(last) : `${others} or ${plain(last)}`}.`;
}

const plain = (code: string): string => code.replaceAll('_', ' ');

function whereItIs(s: ShipmentState): string {
  switch (s.phase) {
    case 'planned':
      if (s.attemptOut) {
        return `booking attempt ${s.attempts} is out; its answer comes first${s.cancelling ? ', then it is cancelled' : ''}.`;
      }
      if (s.cancelling) return 'to be cancelled; what the shop was told of it is taken back.';
      if (s.blocked) return `planned, not booked: ${reasonWords[s.blocked]}.`;
      if (s.attention) return 'planned, and cannot be booked as it stands.';
      if (s.lookAgain) return 'changed; it is planned again before it is booked.';
      return s.attempts > 0 ? `being booked at Posti, attempt ${s.attempts + 1}.` : 'being booked at Posti.';
    case 'booked':
      return bookedWords(s);
    case 'delivered':
      return 'delivered.';
    case 'returned':
      return 'returned to the sender.';
    case 'cancelled':
      return 'cancelled.';
    default:
      return s.phase satisfies never;
  }
}

function bookedWords(s: ShipmentState): string {
  switch (nextStep(s)) {
    case 'withdraw':
      return 'booked; its label is being taken back.';
    case 'keep_label':
      return 'booked; its label is being fetched.';
    case 'tell':
      return 'booked, label kept; the shop is being told.';
    case 'follow':
    case 'book':
    case null:
      return `booked, label kept, ${toldWords[s.told]}; ${statusWords[s.deliveryStatus]}.`;
    default:
      return '';
  }
}

const toldWords: Readonly<Record<ShipmentState['told'], string>> = {
  not_yet: 'the shop is not told yet',
  waits_for_print: 'the shop is told when the label is printed',
  waits_for_first_scan: 'the shop is told at the first scan',
  told: 'the shop is told',
  refused: 'the shop did not take it',
  withdrawn: 'withdrawn from the shop',
};

const statusWords: Readonly<Record<DeliveryStatus, string>> = {
  unknown: 'Posti has not said anything of it yet',
  registered: 'Posti knows of it and has not scanned it yet',
  received: 'Posti has received it',
  in_transit: 'in transit',
  customs: 'at customs',
  out_for_delivery: 'out for delivery',
  ready_for_pickup: 'ready for pickup',
  delivered: 'delivered',
  returning: 'on its way back',
  returned: 'returned to the sender',
};

const reasonWords: Readonly<Record<UnshippedReason, string>> = {
  digital: 'digital',
  gift_certificate: 'gift certificate',
  merchant_pickup: 'collected at the merchant',
  refunded: 'refunded',
  shipped_by_somebody_else: 'shipped by somebody else',
  status_not_chosen: 'the status of the order is not one that ships',
  never_in_a_chosen_status: 'nobody saw the order in a status that ships',
  marked_as_shipped: 'marked as shipped in the shop by hand',
  order_cancelled: 'the order is cancelled',
  archived: 'the order is archived in the shop',
  cancelled_by_a_person: 'cancelled by a person',
  before_the_cut_off_date: 'the order is older than the cut-off date',
  store_in_observe_mode: 'the store is in observe mode',
  on_hold: 'the order is on hold',
  needs_attention: 'needs attention',
};

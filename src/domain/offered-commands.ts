import { wasScanned } from './delivery-status.ts';
import {
  isWithdrawalRefused,
  type Attention,
  type OrderState,
  type OrderWithCommands,
  type ShipmentState,
} from './order-state.ts';
import type { UnshippedReason } from './reasons.ts';
import type { CommandKind } from './commands.ts';

/**
 * Which commands apply now: one pure function of the state, for the workflow's validator, for the state object (from the
 * workflow and from Postgres alike) and for carrying commands out, so that what is offered is accepted and nothing else.
 * What hangs on more than the state – whether a label was destroyed, what a change says – is decided when it is carried out.
 */

/** What is asked of a shipment. The others are about the whole order, whichever shipment they name. */
const ofAShipment = ['cancel', 'change', 'retry', 'resolve', 'book', 'mark_printed'] as const;
type ShipmentCommand = (typeof ofAShipment)[number];
const ofTheOrder = ['hold', 'unhold', 'reprocess'] as const;

/** The part of a shipment that decides. */
export type Commandable = Pick<
  ShipmentState,
  | 'n'
  | 'phase'
  | 'attention'
  | 'cancelling'
  | 'blocked'
  | 'attemptOut'
  | 'labelKept'
  | 'told'
  | 'deliveryStatus'
  | 'bookable'
  | 'keptBack'
>;

/**
 * Why a command does not apply to an order as it is, in a sentence for the person who asked; null where it does.
 *
 * @param n shipment number, or null for the whole order
 */
export function whyNot(
  state: Pick<OrderState, 'shipments' | 'unshipped' | 'onHold'>,
  kind: CommandKind,
  n: number | null,
): string | null {
  switch (kind) {
    case 'hold':
      return state.onHold ? 'The order is on hold already.' : null;
    case 'unhold':
      return state.onHold ? null : 'The order is not on hold.';
    case 'reprocess':
      return null;
    default: {
      if (n === null) return whyNotAny(state, kind);
      const s = state.shipments.find((candidate) => candidate.n === n);
      return s ? whyNotShipment(kind, s) : `The order has no shipment ${n}.`;
    }
  }
}

/** For the whole order: what at least one of its shipments takes; change and resolve are for one alone. */
function whyNotAny(
  { shipments, unshipped }: Pick<OrderState, 'shipments' | 'unshipped'>,
  kind: ShipmentCommand,
): string | null {
  const fitting = shipments.filter((s) => whyNotShipment(kind, s) === null);
  if (kind === 'change' || kind === 'resolve') {
    if (fitting.length > 1) return 'The order has several such shipments: say which one.';
  }
  if (fitting.length > 0) return null;
  if (kind === 'book' && has(unshipped, shippedByHand)) return null;
  // Also what nobody has planned yet can be kept back, and what goes away by itself may be kept from coming back.
  if (kind === 'cancel' && (has(unshipped, notYet) || shipments.some((s) => s.cancelling))) return null;
  const [one, another] = shipments.filter(isOpen);
  if (one && !another) return whyNotShipment(kind, one);
  return `The order has no shipment that "${named(kind)}" is for.`;
}

/** The same for one shipment. */
export function whyNotShipment(kind: ShipmentCommand, s: Commandable): string | null {
  const { n } = s;
  if (kind === 'resolve') return whyNotResolved(s);
  if (kind === 'book') return whyNotBooked(s);
  if (!isOpen(s)) return `Shipment ${n} has ended: it is ${s.phase}.`;
  if (kind === 'retry' && isWithdrawalRefused(s)) return null;
  if (s.cancelling) return `Shipment ${n} is being cancelled already.`;
  switch (kind) {
    case 'cancel':
      return isHandedOver(s) ? handedOver(n) : null;
    case 'change':
      if (s.attemptOut)
        return `An attempt to book shipment ${n} is out: change it when its answer is here, in a minute at most.`;
      return isHandedOver(s) ? handedOver(n) : null;
    case 'retry':
      return whyNotRetried(s);
    case 'mark_printed':
      return s.phase === 'booked' && s.labelKept ? null : `Shipment ${n} has no label to print.`;
    default:
      return kind satisfies never;
  }
}

/** Also a step that is under way may wait: for an account, or for the next try. A person may want it tried now. */
function whyNotRetried({
  n,
  phase,
  attention,
  told,
  bookable,
  blocked,
  attemptOut,
  labelKept,
}: Commandable): string | null {
  if (attemptOut) return `An attempt to book shipment ${n} is out: its answer is here in a minute at most.`;
  if (phase === 'booked') {
    if (told === 'refused') return null;
    if (!attention && (!labelKept || told === 'not_yet')) return null;
    return attention
      ? `Shipment ${n} is booked: a retry does not help with "${named(attention.code)}".`
      : `Shipment ${n} does not need attention: there is nothing to retry.`;
  }
  if (!attention) {
    return blocked === null ? null : `Shipment ${n} does not need attention: there is nothing to retry.`;
  }
  if (!attention.commands.includes('retry')) return needsOther('retried', n, attention);
  return bookable === false
    ? `Shipment ${n} cannot be booked as it stands. Correct first: ${named(attention.code)}.`
    : null;
}

function whyNotResolved(s: Commandable): string | null {
  if (!isOpen(s) && s.attention?.code !== 'scan_on_orphan') return `Shipment ${s.n} has ended: it is ${s.phase}.`;
  if (!s.attention) return `Shipment ${s.n} does not need attention.`;
  return s.attention.commands.includes('resolve') ? null : needsOther('closed with "resolve"', s.n, s.attention);
}

function whyNotBooked(s: Commandable): string | null {
  if (s.phase === 'cancelled') return s.keptBack ? null : `Shipment ${s.n} has ended: it is cancelled.`;
  if (s.phase !== 'planned') return `Shipment ${s.n} is ${s.phase}.`;
  if (s.cancelling) return `Shipment ${s.n} is being cancelled already.`;
  if (s.blocked === null) return `Nothing but its own needs keeps shipment ${s.n} from being booked.`;
  return shippedByHand.includes(s.blocked)
    ? null
    : `Shipment ${s.n} is not booked by hand: ${whatKeepsIt[s.blocked] ?? named(s.blocked)}.`;
}

/** Reasons that a person's "book" overrides (src/planning/admission.ts). */
const shippedByHand: readonly UnshippedReason[] = [
  'status_not_chosen',
  'never_in_a_chosen_status',
  'marked_as_shipped',
  'cancelled_by_a_person',
  'before_the_cut_off_date',
];

/** Reasons of units that may still be planned. */
const notYet: readonly UnshippedReason[] = [
  'status_not_chosen',
  'never_in_a_chosen_status',
  'store_in_observe_mode',
  'on_hold',
  'needs_attention',
];

const whatKeepsIt: Readonly<Partial<Record<UnshippedReason, string>>> = {
  order_cancelled: 'the order is cancelled in the shop',
  archived: 'the order is archived in the shop: take it out of the archive there first',
  on_hold: 'take the hold off first',
  store_in_observe_mode: 'switch the store live first',
};

const has = (unshipped: OrderState['unshipped'], reasons: readonly UnshippedReason[]): boolean =>
  reasons.some((reason) => (unshipped[reason] ?? 0) > 0);

const isOpen = (s: Pick<ShipmentState, 'phase'>): boolean => s.phase === 'planned' || s.phase === 'booked';

const isHandedOver = (s: Pick<ShipmentState, 'phase' | 'deliveryStatus'>): boolean =>
  s.phase === 'booked' && wasScanned(s);

const handedOver = (n: number): string =>
  `Shipment ${n} is handed over to Posti: what follows is a return. It cannot be taken back any more.`;

const needsOther = (done: string, n: number, { code, commands }: Attention): string =>
  `Shipment ${n} needs a person for "${named(code)}", which cannot be ${done}. What helps: ${commands.map(named).join(', ')}.`;

const named = (code: string): string => code.replaceAll('_', ' ');

/** The state with the commands that apply now; of an attention, those that help and apply. */
export function withCommands(state: OrderState): OrderWithCommands {
  return {
    ...state,
    commands: [...ofTheOrder, ...ofAShipment].filter((kind) => whyNot(state, kind, null) === null),
    shipments: state.shipments.map((s) => {
      const commands = ofAShipment.filter((kind) => whyNotShipment(kind, s) === null);
      return { ...s, commands, attention: s.attention && withoutOthers(s.attention, commands) };
    }),
  };
}

const withoutOthers = (attention: Attention, commands: readonly CommandKind[]): Attention => ({
  ...attention,
  commands: attention.commands.filter((kind) => commands.includes(kind)),
});

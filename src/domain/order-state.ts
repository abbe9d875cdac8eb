import type { DeliveryStatus } from './delivery-status.ts';
import type { CommandKind } from './commands.ts';
import type { UnshippedReason } from './reasons.ts';
import type { OrderRef } from './order-ref.ts';

/** What a person has to look at, and which commands would help. The words are in Postgres; the code never changes. */
export interface Attention {
  readonly code: string;
  readonly since: string;
  readonly commands: readonly CommandKind[];
}

export type ShipmentPhase = 'planned' | 'booked' | 'delivered' | 'returned' | 'cancelled';

/** One shipment as Postgres has it. Instants are ISO 8601 strings, because they travel as JSON. */
export interface ShipmentState {
  readonly n: number;
  readonly phase: ShipmentPhase;
  readonly since: string;
  /** Set while a planned shipment must not be booked. */
  readonly blocked: UnshippedReason | null;
  readonly attention: Attention | null;
  /** The shop or a person wants it gone; it goes as soon as no attempt is out. */
  readonly cancelling: boolean;
  /** The plan may be stale, since an edit met an attempt that was out, or a person changed it: look before booking. */
  readonly lookAgain: boolean;
  /** Its plan can be sent to the carrier as it is. Left out in what older runs recorded. */
  readonly bookable?: boolean | undefined;
  /** A person cancelled it: its units are not planned again until somebody says "book". Left out in older runs, too. */
  readonly keptBack?: boolean | undefined;
  readonly attempts: number;
  /** An attempt was sent and its outcome is not written down yet. */
  readonly attemptOut: boolean;
  readonly labelKept: boolean;
  readonly labelHandedOut: boolean;
  /** What the shop has been told, or that it waits for its moment (printed, first scan). */
  readonly told: 'not_yet' | 'waits_for_print' | 'waits_for_first_scan' | 'told' | 'refused' | 'withdrawn';
  readonly trackingNumbers: readonly string[];
  readonly deliveryStatus: DeliveryStatus;
  /** Grows with every change, so that a late projection never overwrites a newer one. */
  readonly transition: number;
}

/** The order's status in the shop when it was last planned, and those that the store ships; BigCommerce's numbers. */
export interface ShopStatus {
  /** As the shop shows it. */
  readonly id: number;
  /** The one that decides about shipping: an earlier one, where the shop set `id` by itself. */
  readonly decides: number;
  readonly ships: readonly number[];
}

export type OrderPhase = 'waiting' | 'under_way' | 'needs_attention' | 'done' | 'ignored' | 'cancelled';

/** One order as Postgres has it: the same object from the running workflow and from the database. */
export interface OrderState extends OrderRef {
  readonly phase: OrderPhase;
  readonly since: string;
  /** Of the order itself; a shipment has its own. */
  readonly attention: Attention | null;
  readonly onHold: boolean;
  /** Units that are not shipped, by reason. */
  readonly unshipped: Readonly<Partial<Record<UnshippedReason, number>>>;
  readonly shipments: readonly ShipmentState[];
  /** Left out in what older runs recorded, and before an order is planned by a version that keeps it. */
  readonly shopStatus?: ShopStatus | undefined;
}

/** What people and programs see of an order: its state, with the commands that apply now (src/domain/offered-commands.ts). */
export interface OrderWithCommands extends OrderState {
  readonly commands: readonly CommandKind[];
  readonly shipments: readonly ShipmentWithCommands[];
}

export interface ShipmentWithCommands extends ShipmentState {
  readonly commands: readonly CommandKind[];
}

/** Where a shipment has nothing more to come. */
export const hasEnded = (s: Pick<ShipmentState, 'phase'>): boolean =>
  s.phase === 'delivered' || s.phase === 'returned' || s.phase === 'cancelled';

/** Where a shipment waits for a person. One that has ended does only when a parcel of it moves that should not. */
export const needsPerson = (s: Pick<ShipmentState, 'phase' | 'attention'>): boolean =>
  s.attention !== null && (!hasEnded(s) || s.attention.code === 'scan_on_orphan');

/** The shop refused to take its record back: nothing more is done for the shipment until a person says "retry". */
export const isWithdrawalRefused = (s: Pick<ShipmentState, 'cancelling' | 'attention'>): boolean =>
  s.cancelling && s.attention?.code === 'shop_refused_withdrawal';

/**
 * Its parcels have arrived, or are back, and the shop has refused its record: it does not end before a person has said
 * "retry" or "resolve", since nobody would see that the shop still waits for it.
 */
export const isArrivedAndRefused = (
  s: Pick<ShipmentState, 'phase' | 'told' | 'attention' | 'deliveryStatus' | 'cancelling'>,
): boolean =>
  s.phase === 'booked' &&
  !s.cancelling &&
  s.told === 'refused' &&
  s.attention !== null &&
  (s.deliveryStatus === 'delivered' || s.deliveryStatus === 'returned');

/** Whether something can be done for a shipment without anybody's hint or command. Postgres' `due` says the same (src/orders/due.sql.ts). */
export function isDue(s: ShipmentState): boolean {
  if (hasEnded(s)) return false;
  if (s.phase === 'planned' && s.attemptOut) return true;
  if (isWithdrawalRefused(s) || isArrivedAndRefused(s)) return false;
  if (s.phase === 'planned') return s.cancelling || (s.blocked === null && s.attention === null);
  return true;
}

/** What an order comes to, from its parts. */
export function orderPhase(parts: Pick<OrderState, 'attention' | 'unshipped' | 'shipments'>): OrderPhase {
  const { shipments, unshipped } = parts;
  if (parts.attention ?? shipments.some(needsPerson)) return 'needs_attention';
  if (shipments.some(isDue)) return 'under_way';
  if (shipments.some((s) => !hasEnded(s) && !isShippedByHand(s))) return 'waiting';
  if (waits.some((reason) => unshipped[reason])) return 'waiting';
  if (shipments.some((s) => s.phase !== 'cancelled' && s.phase !== 'planned')) return 'done';
  if (unshipped.archived || shipments.some(isShippedByHand)) return 'ignored';
  if (shipments.length > 0 || unshipped.order_cancelled || unshipped.cancelled_by_a_person) return 'cancelled';
  return 'ignored';
}

const waits: readonly UnshippedReason[] = [
  ...(['status_not_chosen', 'never_in_a_chosen_status', 'store_in_observe_mode'] as const),
  ...(['on_hold', 'needs_attention'] as const),
];

/** It stays planned, so that its units are not taken for new ones, and goes on where the status is taken back. */
const isShippedByHand = (s: Pick<ShipmentState, 'phase' | 'blocked'>): boolean =>
  s.phase === 'planned' && s.blocked === 'marked_as_shipped';

import type { UnshippedReason } from '../domain/reasons.ts';
import type { Settings } from '../settings/settings.ts';
import type { KeptOrder } from '../orders/kept-orders.sql.ts';
import { plan, type Plan } from './plan.ts';
import type { Decision, KnownShipment } from './known-shipment.ts';
import type { Draft } from './shipment-plan.ts';

/** What settings would make of one order. Pure, and free of people. */
export interface Prospect {
  readonly outcome: 'ships' | 'needs_attention' | 'waits' | 'ignored';
  /** Codes of what needs attention, or why units wait or are left alone. */
  readonly reasons: readonly string[];
  /** One for each shipment that could be booked, in the order of their addresses. */
  readonly shipments: readonly ProspectiveShipment[];
}

export interface ProspectiveShipment {
  readonly service: string;
  readonly addons: readonly string[];
  readonly pickupPointId: string | null;
  readonly contractNumber: string;
  readonly labelSize: string;
  readonly parcels: number;
  readonly weightGrams: number;
}

/**
 * What the plan makes of a kept order by these settings. An order of which something was booked already stays as it is;
 * what is told of it is what would become of an order like it: as a new one that somebody wants shipped, whatever its
 * status and age are now.
 */
export function prospectOf(
  { order, memory }: KeptOrder,
  shipments: readonly KnownShipment[],
  settings: Settings,
  now: Date,
): Prospect {
  if (isPast(shipments)) {
    const lines = order.lines.map((line) => ({ ...line, quantityShipped: 0 }));
    const fresh = {
      triggered: false,
      bookedByHand: true,
      onHold: false,
      keptBack: false,
      told: false,
      chosenStatusId: null,
    };
    return toProspect(plan({ ...order, lines }, fresh, [], settings, now));
  }
  // As the look itself does (activities/orders.ts): told, where the shop has a record of a shipment of ours.
  const told = shipments.some((s) => s.told === 'told' || s.shopHasRecord);
  // A draft is compared with no earlier one, so that what stays as it is planned is told like what changes.
  const drafted = shipments.map((s) => (s.phase === 'planned' ? { ...s, digest: '' } : s));
  return toProspect(plan(order, { ...memory, told }, drafted, settings, now));
}

/** Something of the order is booked, or was. */
export const isPast = (shipments: readonly KnownShipment[]): boolean =>
  shipments.some((s) => s.attemptOut || s.shopHasRecord || !['planned', 'cancelled'].includes(s.phase));

function toProspect({ decisions, unshipped }: Plan): Prospect {
  const drafts = decisions.flatMap(draftIn);
  const problems = drafts.flatMap(({ draft }) => draft.problems.map(({ code }) => code));
  const blocked = drafts.flatMap((entry) => entry.blocked ?? []);
  const shipments = drafts.flatMap(({ draft }) => draft.plan.booking ?? []).map(toShipment);
  // In observe mode a problem is as much a problem: that is what observing is for.
  if (problems.length > 0) return { outcome: 'needs_attention', reasons: unique(problems), shipments };
  if (drafts.length > 0 && blocked.length === 0) return { outcome: 'ships', reasons: [], shipments };
  const reasons = blocked.length > 0 ? blocked : (Object.keys(unshipped) as UnshippedReason[]);
  const waits = reasons.some((reason) => waiting.includes(reason));
  return { outcome: waits ? 'waits' : 'ignored', reasons: unique(reasons), shipments };
}

const waiting: readonly UnshippedReason[] = [
  'status_not_chosen',
  'never_in_a_chosen_status',
  'on_hold',
  'store_in_observe_mode',
];

function draftIn(decision: Decision): { draft: Draft; blocked: UnshippedReason | null }[] {
  return decision.do === 'create' || decision.do === 'plan_anew' ? [decision] : [];
}

const toShipment = (booking: NonNullable<Draft['plan']['booking']>): ProspectiveShipment => ({
  service: booking.service,
  addons: booking.addons,
  pickupPointId: booking.pickupPointId,
  contractNumber: booking.contractNumber,
  labelSize: booking.labelSize,
  parcels: booking.parcels.length,
  weightGrams: booking.parcels.reduce((sum, parcel) => sum + parcel.weightGrams, 0),
});

const unique = (codes: readonly string[]): string[] => [...new Set(codes)].sort();

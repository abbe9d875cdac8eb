import { createHash } from 'node:crypto';
import type { LabelSize, Party } from '../carriers/port.ts';
import type { PlanNote } from './plan-notes.ts';
import type { Problem } from '../domain/problem.ts';

/** What a plan revision says of a shipment; `content` of lahetti.plan_revisions. No people: the recipient has a column of its own. */
export interface ShipmentPlan {
  readonly addressId: number;
  readonly lines: readonly UnitsOfLine[];
  /** Of these lines; plans of before they were kept have what the order's lines said then (migration 0012). */
  readonly goods?: readonly Goods[];
  /** Code of the warehouse that it leaves from; null where none could be chosen. Plans of before there were several have none. */
  readonly warehouse?: string | null;
  /** Null while something keeps it from being booked. */
  readonly booking: PlannedBooking | null;
  /** What it was to be booked with, so that a pickup point can be proposed that fits; null where no service was chosen. */
  readonly wanted?: WantedBooking | null;
  /** What was put right or supposed on the way; left out in older plans. */
  readonly notes?: readonly PlanNote[];
}

export interface WantedBooking {
  readonly service: string;
  readonly addons: readonly string[];
  /** Null also where what the order names is no id: it may be anything that somebody typed, and plans hold no people. */
  readonly pickupPointId: string | null;
  /** A unit fits into no parcel locker. */
  readonly tooLargeForLockers: boolean;
}

export interface UnitsOfLine {
  readonly lineId: number;
  readonly quantity: number;
}

/** What tells the goods of a line that the order may not have any more (replaced-lines.ts). */
export interface Goods {
  readonly lineId: number;
  readonly sku: string;
  readonly name: string;
  /** 0 for a line of the merchant's own, and where it was not kept. */
  readonly productId: number;
  readonly variantId: number | null;
}

export interface PlannedBooking {
  readonly service: string;
  readonly addons: readonly string[];
  readonly pickupPointId: string | null;
  readonly contractNumber: string;
  readonly sender: Party;
  readonly labelSize: LabelSize;
  readonly parcels: readonly PlannedParcel[];
  readonly freeText: string | null;
}

export interface PlannedParcel {
  readonly weightGrams: number;
  readonly units: readonly UnitsOfLine[];
  /** Printed on the label; left out in older plans. */
  readonly contents?: string;
}

/** A shipment as planned from what is known now, before it is compared with what was planned before. */
export interface Draft {
  readonly plan: ShipmentPlan;
  readonly recipient: Party | null;
  /** Why it cannot be booked as it stands; none where `plan.booking` is set. */
  readonly problems: readonly Problem[];
  /** Names the facts behind a problem that a person can accept (`resolve`); null where there is none such. */
  readonly concern: string | null;
  /** Of all that would be booked. */
  readonly digest: string;
  /** Of what the shop says alone: tells whether a booked label still matches its order, whatever our settings do. */
  readonly sourceDigest: string;
}

/** What a person changed against what the shop says; `people_override` of lahetti.shipments. */
export interface ShipmentOverride {
  readonly address?: {
    readonly firstName?: string | null;
    readonly lastName?: string | null;
    readonly company?: string | null;
    readonly street1?: string | null;
    readonly street2?: string | null;
    readonly postcode?: string | null;
    readonly city?: string | null;
    readonly state?: string | null;
    readonly country?: string | null;
    readonly phone?: string | null;
    readonly email?: string | null;
  };
  readonly pickupPointId?: string | null;
  readonly service?: { readonly service: string; readonly addons: readonly string[] };
  /** Code of the warehouse, whatever the order says. */
  readonly warehouse?: string;
  /** Weights of the parcels; the units go to the first. */
  readonly parcels?: readonly { readonly weightGrams: number }[];
}

/** SHA-256 of a value's JSON; equal for equal content, whatever the order of an object's keys. */
export const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value, sorted)).digest('base64url');

const sorted = (_key: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

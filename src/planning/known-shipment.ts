import type { ShipmentPhase, ShipmentState } from '../domain/order-state.ts';
import type { UnshippedReason } from '../domain/reasons.ts';
import type { DeliveryStatus } from '../domain/delivery-status.ts';
import type { Problem } from '../domain/problem.ts';
import type { Draft, Goods, ShipmentOverride, UnitsOfLine } from './shipment-plan.ts';

/** A shipment of ours as Postgres has it when an order is planned. */
export interface KnownShipment {
  readonly n: number;
  readonly addressId: number;
  readonly phase: ShipmentPhase;
  readonly lines: readonly UnitsOfLine[];
  readonly goods: readonly Goods[];
  /** Those of its lines that took the place of others while it was planned or booked (replaced-lines.ts). */
  readonly replacements?: readonly number[];
  /** Units of lines that are taken for replacements although nothing is known of the goods of the old ones. */
  readonly unsureUnits?: number;
  readonly digest: string;
  readonly sourceDigest: string;
  readonly attemptOut: boolean;
  readonly blocked: UnshippedReason | null;
  readonly attentionCode: string | null;
  readonly cancelling: boolean;
  readonly told: ShipmentState['told'];
  /** The shop has a record of this shipment, or may have one: then it counts these units as shipped. */
  readonly shopHasRecord: boolean;
  /** It was planned after the shop had been told of another: of lines that were added since. */
  readonly plannedAfterTold: boolean;
  readonly deliveryStatus: DeliveryStatus;
  readonly override: ShipmentOverride | null;
  /** A person cancelled it: its units are not planned again. */
  readonly keptBack: boolean;
  /** Names the facts behind the attention, where a person can accept them; those of the plan start with `plan/`. */
  readonly concern: string | null;
  /** Facts that a person has accepted. */
  readonly accepted: readonly string[];
}

/** What is to be done about one shipment. */
export type Decision =
  | {
      readonly do: 'create';
      readonly addressId: number;
      readonly draft: Draft;
      readonly blocked: UnshippedReason | null;
    }
  | { readonly do: 'plan_anew'; readonly n: number; readonly draft: Draft; readonly blocked: UnshippedReason | null }
  | { readonly do: 'leave'; readonly n: number; readonly blocked?: UnshippedReason | null }
  /** Planned, nothing out: it ends now. */
  | { readonly do: 'cancel'; readonly n: number; readonly reason: UnshippedReason }
  /** Booked: the label is taken back, as far as that goes. */
  | { readonly do: 'withdraw'; readonly n: number; readonly concern: string }
  | { readonly do: 'raise'; readonly n: number; readonly problem: Problem; readonly concern: string }
  | { readonly do: 'calm'; readonly n: number }
  /** Booked, and the shop has other lines for the same goods now. */
  | {
      readonly do: 'take_lines';
      readonly n: number;
      readonly lines: readonly UnitsOfLine[];
      readonly goods: readonly Goods[];
    }
  /** An attempt is out: its outcome first. */
  | { readonly do: 'look_again'; readonly n: number };

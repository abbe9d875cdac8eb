import type { OrderPhase, OrderState, ShipmentPhase, ShipmentState } from '../src/domain/order-state.ts';
import type { UnshippedReason } from '../src/domain/reasons.ts';
import type { DeliveryStatus } from '../src/domain/delivery-status.ts';
import type { StoreKind } from './demo-stores.ts';
import type { Hands } from './hands.ts';
import type { Person } from './people.ts';
import type { PostiFault } from './posti.ts';
import type { OrderToPlace } from './shop.ts';

/** What somebody orders, what happens to the order later, and how it has to end. A few lines of data each. */
export interface Scenario {
  readonly name: string;
  /** Which of the demo's shops it is ordered from (demo-stores.ts). */
  readonly shop: StoreKind;
  readonly order: (person: Person) => OrderToPlace;
  /** What Posti does to the first request that books this order, and to no other. */
  readonly postiFault?: PostiFault;
  /** In this order; each once its moment has come. */
  readonly later?: readonly Later[];
  readonly end: ScenarioEnd;
  /** Where it hangs on a moment that nobody can choose: an order that ended so is right, too. */
  readonly otherEnds?: readonly ScenarioEnd[];
}

export interface Later {
  /** `pays`, for whoever asks what it waits for. */
  readonly what: string;
  readonly when: ((state: OrderState) => boolean) | typeof beforeItIsRead;
  /** One that throws is tried again, and the order is not right before it succeeds. */
  readonly act: (hands: Hands) => Promise<void>;
}

/** The moment at which we have never read the order, so that it has no state to go by. */
export const beforeItIsRead = 'before it is read';

export interface ScenarioEnd {
  readonly phase: OrderPhase;
  /** By number: the first is shipment 1. */
  readonly shipments: readonly ShipmentEnd[];
  /** Units that are not shipped, by reason; those that are not named are none. */
  readonly unshipped?: Partial<Record<UnshippedReason, number>>;
  /** The status that the shop shows. Where it is left out: Shipped if all shipments have come to their ends, any if not. */
  readonly shopStatus?: number;
}

/** What an attempt came to. A `failed` one created nothing, which any order may meet when Posti is busy. */
export type AttemptEnd = 'live' | 'unknown' | 'refused' | 'failed' | 'superseded' | 'withdrawn';

export interface ShipmentEnd {
  readonly phase: ShipmentPhase;
  /** Null where none could be planned. */
  readonly service: string | null;
  readonly parcels: number;
  readonly pickupPoint?: string;
  /** That it was booked by, in Posti's books. */
  readonly contract?: string;
  /** All parcels together, in Posti's books. */
  readonly grams?: number;
  /** Of the receiver, in Posti's books. */
  readonly postcode?: string;
  /** What stands on the lines of its label that name whom and where it goes to. */
  readonly printed?: readonly string[];
  /** Units in the shop's records of it. */
  readonly units?: number;
  /** What the shopper reads in the shop's first record of it: a part of the tracking link, and the method's name. */
  readonly shopperReads?: { readonly link: string; readonly method: string };
  /** Records in the shop; 1 where it is booked and this is left out. */
  readonly records?: number;
  /** Where it was booked. */
  readonly deliveryStatus?: DeliveryStatus;
  /** What the shop was told of one that is booked; all of it where this is left out. */
  readonly told?: ShipmentState['told'];
  /** The code of what it needs a person for. */
  readonly attention?: string;
  /** In their order; where it is left out, one live one if it is booked, and none if not. */
  readonly attempts?: readonly AttemptEnd[];
}

/** The usual end: delivered, all of it. */
export const delivered = (...shipments: readonly Omit<ShipmentEnd, 'phase' | 'deliveryStatus'>[]): ScenarioEnd => ({
  phase: 'done',
  shipments: shipments.map((each) => ({ ...each, phase: 'delivered', deliveryStatus: 'delivered' })),
});

/** One shipment that waits for a person. */
export const needsAttention = (
  attention: string,
  shipment: Omit<ShipmentEnd, 'attention'>,
  rest: Omit<ScenarioEnd, 'phase' | 'shipments'> = {},
): ScenarioEnd => ({ phase: 'needs_attention', shipments: [{ ...shipment, attention }], ...rest });

export const waits = ({ phase }: OrderState): boolean => phase === 'waiting';

export const waitsForAPerson =
  (code: string) =>
  ({ shipments }: OrderState): boolean =>
    shipments.some(({ attention }) => attention?.code === code);

/** The first shipment is booked, its label is here, and it is so besides. */
export const isBooked =
  (besides: (shipment: ShipmentState) => boolean = ({ told }) => told === 'told') =>
  ({ shipments: [first] }: OrderState): boolean =>
    first?.phase === 'booked' && first.labelKept && besides(first);

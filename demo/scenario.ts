import type { DeliveryStatus, OrderPhase, OrderState, ShipmentPhase, UnshippedReason } from '../workflows/contract.ts';
import type { Person } from './people.ts';
import type { OrderAtTheShop, OrderToPlace } from './shop.ts';

/** What somebody orders, what happens to the order later, and how it has to end. A few lines of data each. */
export interface Scenario {
  readonly name: string;
  /** Which of the demo's shops it is ordered from (demo-stores.ts). */
  readonly shop: 'live' | 'observing';
  readonly order: (person: Person) => OrderToPlace;
  /** In this order; each once its moment has come. */
  readonly later?: readonly Later[];
  readonly end: ScenarioEnd;
}

export interface Later {
  /** `pays`, for the table. */
  readonly what: string;
  readonly when: (state: OrderState) => boolean;
  readonly act: (order: OrderAtTheShop) => Promise<void>;
}

export interface ScenarioEnd {
  readonly phase: OrderPhase;
  /** By number: the first is shipment 1. */
  readonly shipments: readonly ShipmentEnd[];
  /** Units that are not shipped, by reason; those that are not named are none. */
  readonly unshipped?: Partial<Record<UnshippedReason, number>>;
}

export interface ShipmentEnd {
  readonly phase: ShipmentPhase;
  readonly service: string;
  readonly parcels: number;
  readonly pickupPoint?: string;
  /** Where it was booked. */
  readonly deliveryStatus?: DeliveryStatus;
}

/** The usual end: delivered, all of it. */
export const delivered = (shipment: Omit<ShipmentEnd, 'phase' | 'deliveryStatus'>): ScenarioEnd => ({
  phase: 'done',
  shipments: [{ ...shipment, phase: 'delivered', deliveryStatus: 'delivered' }],
});

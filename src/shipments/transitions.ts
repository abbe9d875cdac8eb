import type { ShipmentPhase } from '../domain/order-state.ts';

/** Where a shipment may go from where it is. An end is an end. The statements that do it are in transitions.sql.ts. */
export const nextPhases: Readonly<Record<ShipmentPhase, readonly ShipmentPhase[]>> = {
  planned: ['booked', 'cancelled'],
  // Planned again when a person changes it, or when its label is lost.
  booked: ['planned', 'delivered', 'returned', 'cancelled'],
  delivered: [],
  returned: [],
  cancelled: [],
};

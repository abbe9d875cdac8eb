export interface OrderRef {
  readonly storeHash: string;
  readonly orderId: number;
}

export interface ShipmentRef extends OrderRef {
  /** Number of the shipment within its order: 1, 2, … */
  readonly n: number;
}

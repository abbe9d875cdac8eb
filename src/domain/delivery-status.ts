/** Forward-only (src/tracking/delivery-status.ts); `unknown` until the carrier has said anything. */
export type DeliveryStatus =
  | 'unknown'
  | 'registered'
  | 'received'
  | 'in_transit'
  | 'customs'
  | 'out_for_delivery'
  | 'ready_for_pickup'
  | 'delivered'
  | 'returning'
  | 'returned';

/** The carrier has scanned it: what follows is a return, or a redirection by the receiver. */
export const wasScanned = ({ deliveryStatus }: { readonly deliveryStatus: DeliveryStatus }): boolean =>
  deliveryStatus !== 'unknown' && deliveryStatus !== 'registered';

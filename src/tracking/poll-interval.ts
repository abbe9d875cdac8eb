import type { Timings } from '../../workflows/contract.ts';
import type { DeliveryStatus } from '../domain/delivery-status.ts';

/** Milliseconds until the carrier is asked again about a parcel of this status; null when there is nothing more to ask. */
export function pollInterval(status: DeliveryStatus, poll: Timings['poll']): number | null {
  switch (status) {
    case 'unknown':
    case 'registered':
      return poll.beforeFirstScan;
    case 'received':
    case 'in_transit':
    case 'customs':
    case 'returning':
      return poll.inTransit;
    case 'out_for_delivery':
    case 'ready_for_pickup':
      return poll.nearTheEnd;
    case 'delivered':
    case 'returned':
      return null;
    default:
      return status satisfies never;
  }
}

import { wasScanned, type DeliveryStatus } from '../domain/delivery-status.ts';
import type { Problem } from '../domain/problem.ts';

/**
 * What helps once Posti has scanned the parcel, where the advice that was written down before is to cancel or change the
 * shipment: neither is possible any more (src/domain/offered-commands.ts).
 */
const remedies: Readonly<Record<string, string>> = {
  label_no_longer_matches:
    'The parcel is on its way: tell the customer, or ask Posti to redirect it; then close this with "resolve".',
  refunded_after_booking:
    'The parcel is on its way with all of its units: agree with the customer on a return; then close this with "resolve".',
  shop_shipment_deleted:
    'The parcel is on its way: record it in BigCommerce again with its tracking number, or close this with "resolve" to leave it as it is.',
  label_handed_out: 'The parcel is on its way: what follows is a return. Close this with "resolve".',
  label_looks_odd: 'The parcel is on its way, so its label was good enough: close this with "resolve".',
};

/** Problems of a shipment with advice that can be followed now. They were written down when they arose. */
export const asThingsAre = <T extends Problem>(problems: readonly T[], deliveryStatus: DeliveryStatus): T[] =>
  problems.map((one) => {
    const remedy = wasScanned({ deliveryStatus }) ? remedies[one.code] : undefined;
    return remedy === undefined ? one : { ...one, remedy };
  });

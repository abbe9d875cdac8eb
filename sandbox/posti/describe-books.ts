import { hasUsableLabel, type Books } from './books.ts';
import { isHandedOver, scansOf, statusOf } from './tracking/progress.ts';

/** What this Posti really did, for tests that count. */
export function describeBooks(books: Books, now: Date): object {
  return {
    bookings: books.bookings.map((booking) => {
      const { id, reference, orderNo, contract, service, addons, agent, createdAt, answered, labelFetched } = booking;
      const { name, zipcode, city, country } = booking.receiver;
      return {
        id,
        reference: reference ?? null,
        orderNo: orderNo ?? null,
        contract,
        service,
        addons,
        agent: agent ?? null,
        receiver: { name, zipcode, city, country },
        parcels: booking.parcels.map((parcel) => {
          const scans = scansOf(booking, parcel, now);
          return { parcelNo: parcel.parcelNo, weight: parcel.weightKg, status: statusOf(scans), scans };
        }),
        createdAt,
        answered,
        labelFetched,
        usableLabel: hasUsableLabel(booking),
        handedOver: isHandedOver(booking, now),
        script: booking.script,
      };
    }),
    requests: books.requests,
  };
}

import { hasUsableLabel, type Books, type Party } from './books.ts';
import { isHandedOver, scansOf, statusOf } from './tracking/progress.ts';

/** What this Posti really did, for tests that count. */
export function describeBooks(books: Books, now: Date): object {
  return {
    bookings: books.bookings.map((booking) => {
      const { id, reference, orderNo, contract, service, addons, agent, createdAt, answered, labelFetched } = booking;
      const place = ({ name, zipcode, city, country }: Party) => ({ name, zipcode, city, country });
      return {
        id,
        reference: reference ?? null,
        orderNo: orderNo ?? null,
        contract,
        service,
        addons,
        agent: agent ?? null,
        sender: place(booking.sender),
        receiver: place(booking.receiver),
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

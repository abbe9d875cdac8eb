import { hasUsableLabel, type Booking, type Books, type Party } from './books.ts';
import { labelPages } from './label/label-pages.ts';
import { recipientLines } from './label/layout.ts';
import { isHandedOver, scansOf, statusOf } from './tracking/progress.ts';

/** What this Posti really did, for tests that count: all of it, or the bookings whose reference begins with one of `of`. */
export function describeBooks(books: Books, now: Date, of: readonly string[] = []): object {
  const isMeant = ({ reference = '' }: Booking) => of.length === 0 || of.some((start) => reference.startsWith(start));
  return {
    bookings: books.bookings.filter(isMeant).map((booking) => {
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
        receiver: { ...place(booking.receiver), mobile: booking.receiver.mobile ?? null },
        printed: printedOf(booking, books),
        contents: booking.parcels.map(({ contents }) => contents ?? null),
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

/** Whom and where the label names, line by line. */
function printedOf(booking: Booking, { labels }: Books): string[] {
  const [page] = labelPages(booking, labels);
  if (!page) return [];
  const { who, where, town } = recipientLines(page);
  return [...who, ...where, town];
}

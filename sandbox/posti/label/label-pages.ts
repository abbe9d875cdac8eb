import { usualLabels, type Booking, type LabelFile, type LabelHabits } from '../books.ts';
import { findService } from '../order/services.ts';
import { findPoint } from '../points/catalogue.ts';
import type { LabelPage } from './layout.ts';

/** A booking's label, drawn from the booking whenever it is wanted: nothing of it is stored. */
export function labelPages(booking: Booking, habits: LabelHabits = usualLabels): LabelPage[] {
  const service = findService(booking.service);
  if (service === undefined) throw new Error(`A booking of the unknown service "${booking.service}".`);
  const point = booking.agent === undefined ? undefined : findPoint(booking.agent);
  return booking.parcels.map((_, index) => ({
    booking,
    service,
    habits,
    index,
    ...(point && {
      pickup: {
        careOf: `c/o ${point.name}`,
        address: {
          name: point.name,
          address1: point.street,
          zipcode: point.postcode,
          city: point.city.toUpperCase(),
          country: point.country,
        },
      },
    }),
  }));
}

/** How the file of a booking's label is made. */
export const labelFile = ({ receiver }: Booking, { files = [] }: LabelHabits = usualLabels): LabelFile =>
  files.find(({ receiverNameContains }) => receiver.name.includes(receiverNameContains))?.file ?? 'plain';

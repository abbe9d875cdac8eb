import { aSmallLabel } from '../support/label-file.ts';
import type { OrderInPlay } from './order-in-play.ts';

const aLabelFile = Buffer.from(aSmallLabel).toString('base64');

/** What a person finds in OmaPosti Pro of the last attempt that nobody could tell of; undefined where Posti has none. */
export async function aFoundBooking(order: OrderInPlay, n: number): Promise<Record<string, unknown> | undefined> {
  const unknown = (await order.hand.attempts()).filter(
    ({ state, reference }) => state === 'unknown' && reference.startsWith(`${order.mark}${n}-`),
  );
  const reference = unknown.at(-1)?.reference;
  const booking = (await order.hand.bookings()).find((each) => each.reference === reference);
  if (!booking) return undefined;
  return { trackingNumbers: booking.parcels.map(({ parcelNo }) => parcelNo), labelPdfBase64: aLabelFile };
}

import { createHash } from 'node:crypto';
import type { Booking, Parcel, Scan } from '../books.ts';
import { findService } from '../order/services.ts';
import { findPoint } from '../points/catalogue.ts';
import { findEventKind, statusName } from './events.ts';
import { statusOf } from './progress.ts';

const OMITTED_IN_PERCENT = 8;

export interface TrackingView {
  booking: Booking;
  parcel: Parcel;
  scans: readonly Scan[];
  /** Contract data, or the limited view of the public (posti.md 6.1). */
  access: 'contract' | 'public';
  order: 'ASC' | 'DESC';
  massUnit: 'GRAM' | 'KILOGRAM';
}

/**
 * One entry of `parcelShipments`.
 *
 * GAP: the property names of Tracking v7 are not public (posti.md 6.1). These are the names that were seen in Posti's
 * other answers: consignmentNumber, trackingNumbers, product, status, events, services, references of OmaPosti Pro's
 * GraphQL, and destination…, weight, pickupAddress, lastPickupDate of the old public JSON (6.3). When a real answer is
 * captured, this function is the one place to correct.
 */
export function parcelShipment(view: TrackingView): object {
  const { booking, parcel, scans, access, massUnit } = view;
  const product = findService(booking.service);
  const status = statusOf(scans);
  const point = booking.agent === undefined ? undefined : findPoint(booking.agent);
  const ready = scans.findLast((scan) => scan.status === 'READY_FOR_PICKUP');
  const ordered = scans.toSorted((a, b) => a.at.localeCompare(b.at));
  if (view.order === 'DESC') ordered.reverse();

  // No field is declared required (6.1): a few that a careful reader can do without are left out, the same ones each time.
  const maybe = <T extends object>(name: string, value: T): Partial<T> =>
    isOmitted(parcel.parcelNo, name) ? {} : value;

  return {
    trackingNumbers: [parcel.parcelNo],
    ...maybe('consignmentNumber', { consignmentNumber: booking.id }),
    ...maybe('product', {
      product: {
        code: product?.product ?? booking.service,
        name: { fi: product?.name, sv: product?.name, en: product?.name },
      },
    }),
    status: { code: status, ...maybe('status.description', { description: statusName(status) }) },
    events: ordered.map((scan) => eventWire(scan, parcel.parcelNo)),
    ...maybe('weight', {
      weight: {
        value: massUnit === 'GRAM' ? parcel.weightKg * 1000 : parcel.weightKg,
        unit: massUnit === 'GRAM' ? 'g' : 'kg',
      },
    }),
    destinationPostcode: booking.receiver.zipcode,
    ...maybe('destinationCity', { destinationCity: booking.receiver.city }),
    destinationCountry: booking.receiver.country,
    ...(ready &&
      point && {
        pickupAddress: {
          publicName: point.name,
          streetAddress: point.street,
          postcode: point.postcode,
          city: point.city.toUpperCase(),
        },
        lastPickupDate: new Date(new Date(ready.at).getTime() + 7 * 86_400_000).toISOString().slice(0, 10),
      }),
    ...(access === 'contract' && {
      services: booking.addons.map((code) => ({ code, localNames: { fi: code, sv: code, en: code } })),
      references: {
        invoicingCode: booking.contract,
        ...(booking.orderNo !== undefined && { orderNumber: booking.orderNo }),
        senderReferenceNumbers: booking.reference === undefined ? [] : [booking.reference],
        receiverReferenceNumbers: [],
      },
    }),
  };
}

function eventWire(scan: Scan, parcelNo: string): object {
  const name = findEventKind(scan.code)?.name;
  const key = `${scan.code}${scan.at}`;
  return {
    eventCode: scan.code,
    timeStamp: scan.at,
    ...(name && !isOmitted(parcelNo, `${key}.name`) && { eventShortName: name }),
    ...(!isOmitted(parcelNo, `${key}.city`) && { city: scan.city }),
    ...(!isOmitted(parcelNo, `${key}.country`) && { countryCode: scan.countryCode }),
    ...(scan.reason !== undefined && { reasonDescription: { fi: scan.reason, sv: scan.reason, en: scan.reason } }),
  };
}

/** A coin that always falls the same way for a field of a parcel. */
function isOmitted(parcelNo: string, field: string): boolean {
  const digest = createHash('sha256').update(`${parcelNo} ${field}`).digest();
  return digest.readUInt16BE(0) % 100 < OMITTED_IN_PERCENT;
}

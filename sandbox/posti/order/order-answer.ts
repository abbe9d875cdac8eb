import type { Booking } from '../books.ts';
import { findService } from './services.ts';

/** The reply to an order: an array with one shipment (posti.md 4.5), and the fields of the API that it mirrors. */
export function orderAnswer(booking: Booking, baseUrl: string, label: Uint8Array | undefined): object[] {
  const { sender, receiver } = booking;
  const isReturn = findService(booking.service)?.isReturn === true;
  const created = booking.createdAt.replace('Z', '+0000');
  return [
    {
      id: booking.id,
      status: 'PRINTED',
      shipmentNo: null,
      orderNo: booking.orderNo ?? null,
      reference: booking.reference ?? null,
      serviceId: booking.service,
      parcelCount: booking.parcels.length,
      sndName: sender.name,
      sndZipcode: sender.zipcode,
      sndCity: sender.city,
      sndCountry: sender.country,
      rcvName: receiver.name,
      rcvZipcode: receiver.zipcode,
      rcvCity: receiver.city,
      rcvCountry: receiver.country,
      created,
      changed: created,
      shipDate: created,
      returnShipment: isReturn,
      normalShipment: !isReturn,
      consolidated: false,
      parcels: booking.parcels.map(({ parcelNo }) => ({ parcelNo })),
      prints: [
        {
          id: booking.labelId,
          href: `${baseUrl}/shipments/${booking.contract}/pdfs/${booking.labelId}`,
          description: 'Address label',
          media: booking.media,
          pdf_type: 'ADDRESSLABEL',
          ...(label && { data: Buffer.from(label).toString('base64') }),
        },
      ],
    },
  ];
}

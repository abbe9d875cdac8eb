import type { Db } from '../db/pool.ts';
import type { LockedShipment } from '../shipments/shipments.sql.ts';
import type { Settings } from '../settings/settings.ts';
import { isPrinted } from './moment.sql.ts';

/**
 * When the shop is told of a shipment: creating the record mails the shopper and can't be taken back, so that a store may
 * wait until the label is printed, or until Posti has scanned the parcel.
 */
export async function whenToTell(
  db: Db,
  shipment: LockedShipment,
  settings: Pick<Settings, 'writeBack'>,
): Promise<'now' | 'waits_for_print' | 'waits_for_first_scan'> {
  const scanned = !['unknown', 'registered'].includes(shipment.deliveryStatus);
  switch (settings.writeBack.moment) {
    case 'booked':
      return 'now';
    case 'printed':
      return scanned || (await isPrinted(db, shipment.id)) ? 'now' : 'waits_for_print';
    case 'first_scan':
      return scanned ? 'now' : 'waits_for_first_scan';
    default:
      return settings.writeBack.moment satisfies never;
  }
}

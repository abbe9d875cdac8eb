import type { ShipmentDraft } from '../bigcommerce/api.ts';
import type { Settings } from '../settings/settings.ts';
import type { PlannedBooking, ShipmentPlan, UnitsOfLine } from '../planning/shipment-plan.ts';
import { findService } from '../booking/catalogue.ts';
import { trackingLink } from '../tracking/links.ts';
import type { Language } from '../domain/language.ts';

/** One record that the shop is to have of a shipment. `parcel` is 0 for the whole shipment, else the parcel's position. */
export interface ShopRecord {
  readonly parcel: number;
  readonly draft: ShipmentDraft;
}

export interface ShipmentToTell {
  readonly plan: ShipmentPlan;
  /** In the order of the parcels. */
  readonly trackingNumbers: readonly string[];
  readonly language: Language;
}

/**
 * What the shop should say about a booked shipment. BigCommerce has no parcels (bigcommerce.md 3.7): several are one
 * record with the first number and all of them in the comments, or one record per parcel where the store wants it and
 * it is known which units are in which parcel.
 */
export function recordsFor(shipment: ShipmentToTell, settings: Pick<Settings, 'writeBack'>): ShopRecord[] {
  const { plan, trackingNumbers } = shipment;
  const booking = plan.booking;
  const [first] = trackingNumbers;
  if (!booking || first === undefined) return [];

  const apart = settings.writeBack.severalParcels === 'record_per_parcel' && isDivided(plan.lines, booking);
  if (trackingNumbers.length > 1 && apart) {
    return trackingNumbers.map((number, i) => ({
      parcel: i + 1,
      draft: draftOf(
        shipment,
        booking,
        number,
        booking.parcels[i]?.units ?? [],
        `Parcel ${i + 1} of ${trackingNumbers.length}`,
      ),
    }));
  }
  // Said outright also where there is nothing to say: a record that is changed would keep the numbers of other parcels.
  const comments = trackingNumbers.length > 1 ? `Parcels: ${trackingNumbers.join(', ')}` : '';
  return [{ parcel: 0, draft: draftOf(shipment, booking, first, plan.lines, comments) }];
}

/**
 * Every parcel has units of its own, and together they are those of the shipment. They are not where the shop replaced a
 * line after booking: the parcels were packed by the line that it no longer has, and it would refuse a record of that.
 */
function isDivided(lines: readonly UnitsOfLine[], { parcels }: PlannedBooking): boolean {
  if (parcels.some(({ units }) => units.length === 0)) return false;
  const left = new Map(lines.map(({ lineId, quantity }) => [lineId, quantity]));
  for (const { lineId, quantity } of parcels.flatMap(({ units }) => units)) {
    left.set(lineId, (left.get(lineId) ?? 0) - quantity);
  }
  return [...left.values()].every((quantity) => quantity === 0);
}

function draftOf(
  { plan, language }: ShipmentToTell,
  booking: PlannedBooking,
  trackingNumber: string,
  units: readonly UnitsOfLine[],
  comments: string,
): ShipmentDraft {
  return {
    order_address_id: plan.addressId,
    items: units.map(({ lineId, quantity }) => ({ order_product_id: lineId, quantity })),
    tracking_number: trackingNumber,
    tracking_link: trackingLink(trackingNumber, language),
    tracking_carrier: 'posti',
    shipping_method: findService(booking.service)?.names[language] ?? booking.service,
    comments,
  };
}

import type { Booking, LabelSize, Party } from '../port.ts';

export interface WireChoices {
  /**
   * The country to name for Åland, whose postcodes are 22xxx. Nobody outside Posti knows which of the two its order API
   * and its search for pickup points want (posti.md 11 [I]), so it can be configured.
   */
  readonly alandAs: 'FI' | 'AX';
}

/** Our booking in the wire format of OmaPosti Pro's order API, v2 (posti.md 4.2 and 4.3). Pure. */
export function toWireOrder(booking: Booking, choices: WireChoices): object {
  return {
    printConfig: { target1Media: mediaOf(booking.labelSize) },
    shipment: {
      senderPartners: [{ id: 'POSTI', custNo: booking.contractNumber }],
      sender: toWireParty(booking.sender, choices),
      receiver: toWireParty(booking.receiver, choices),
      ...(booking.pickupPointId === null ? {} : { agent: { quickId: booking.pickupPointId } }),
      service: {
        id: booking.service,
        ...(booking.addons.length === 0 ? {} : { addons: booking.addons.map((id) => ({ id })) }),
      },
      // One row per parcel, so that the numbers come back in the order of ours.
      parcels: booking.parcels.map(({ weightGrams, contents }) => ({
        copies: 1,
        weight: weightGrams / 1000,
        packageCode: 'PKT',
        ...(contents === null ? {} : { contents }),
        // Required by this API although the schema it mirrors says otherwise (posti.md 4.3 [V CLI]).
        valuePerParcel: true,
      })),
      // The one is what Tracking finds, the other what Posti's support finds.
      senderReference: booking.reference,
      orderNo: booking.reference,
      ...(booking.freeText === null ? {} : { freeText1: booking.freeText }),
    },
  };
}

function toWireParty(party: Party, choices: WireChoices): object {
  const fields = {
    name: party.name,
    contact: party.contact,
    address1: party.address1,
    address2: party.address2,
    // Left out where the country has none; that Posti takes it so is not documented.
    zipcode: party.postcode === '' ? null : party.postcode,
    city: party.city,
    state: party.state,
    country: countryName(party.country, choices),
    // Notices of arrival go to `mobile`, as text messages: a landline is no such number (posti.md 4.3).
    phone: party.phone,
    mobile: party.mobile,
    email: party.email,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

export const countryName = (country: string, { alandAs }: WireChoices): string =>
  country === 'AX' ? alandAs : country;

/** posti.md 4.4 */
function mediaOf(size: LabelSize): string {
  switch (size) {
    case 'A5':
      return 'laser-a5';
    case '107x225':
      return 'thermo-225';
    default:
      return size satisfies never;
  }
}

import { isAccessible, type Found } from './search.ts';
import type { Hours, Point } from './seed.ts';

const week = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;

/** Kinds of point in the languages that we can say them in; the others get English (posti.md 5, Accept-Language). */
const kindNames: Record<string, Record<Point['kind'], string>> = {
  fi: { locker: 'Postin automaatti', outdoor: 'Postin ulkoautomaatti', staffed: 'Postin palvelupiste' },
  sv: { locker: 'Postens paketautomat', outdoor: 'Postens utomhusautomat', staffed: 'Postens serviceställe' },
  en: { locker: 'Posti parcel locker', outdoor: 'Posti outdoor locker', staffed: 'Posti service point' },
};

/** The first language of the header that the gateway knows; Finnish otherwise. */
export function languageOf(header: string | undefined): string {
  const asked = (header ?? '').split(',').map((each) => each.trim().slice(0, 2).toLowerCase());
  return asked.find((each) => ['fi', 'sv', 'da', 'en', 'et', 'lv', 'lt'].includes(each)) ?? 'fi';
}

/** A pickup point as the gateway answers it (posti.md 5.3). */
export function pointWire({ point, distanceInMeters }: Found, language: string): object {
  const kind = (kindNames[language] ?? kindNames.en)?.[point.kind] ?? '';
  const publicName = `${kind}, ${point.name}`;
  return {
    id: point.id,
    publicName,
    careOf: `c/o ${publicName}`,
    parcelLocker: point.kind !== 'staffed',
    routingServiceCode: point.id.slice(5),
    pupCode: point.id,
    ...(distanceInMeters !== undefined && { distanceInMeters }),
    availability: { openingHours: week.map((day) => openingHours(point, day)), exceptions: [] },
    location: {
      countryCode: point.country,
      street: point.street,
      postcode: point.postcode,
      city: point.city.toUpperCase(),
      municipality: point.city.toUpperCase(),
      coordinates: { latitude: point.latitude, longitude: point.longitude },
      routingPostcode: point.id.slice(0, 5),
    },
    capabilities: capabilities(point),
  };
}

function openingHours(point: Point, dayOfWeek: (typeof week)[number]): object {
  const hours = point.closed ? undefined : span(point.hours, dayOfWeek);
  if (hours === undefined) return { dayOfWeek, closed: true, open24h: false };
  const [opens, closes] = hours;
  return { dayOfWeek, opens, closes, closed: false, open24h: point.hours === 'all' };
}

function span(hours: Hours, day: (typeof week)[number]): readonly [string, string] | undefined {
  switch (hours) {
    case 'all':
      return ['00:00:00', '23:59:00'];
    case 'shop':
      return day === 'SUNDAY' ? ['10:00:00', '20:00:00'] : ['07:00:00', '22:00:00'];
    case 'kiosk':
      if (day === 'SUNDAY') return undefined;
      return day === 'SATURDAY' ? ['10:00:00', '15:00:00'] : ['09:00:00', '18:00:00'];
    case 'office':
      return day === 'SATURDAY' || day === 'SUNDAY' ? undefined : ['09:00:00', '17:00:00'];
  }
}

function capabilities(point: Point): object[] {
  const locker = point.kind !== 'staffed';
  return [
    ...(isAccessible(point) ? [{ name: 'accessibility', value: 'WHEELCHAIR' }] : []),
    { name: 'expressDelivery', value: 'NOT_POSSIBLE' },
    { name: 'identityCheck', value: 'NONE' },
    { name: 'ADRLimitedQuantities', value: locker ? 'NOT_ALLOWED' : 'ALLOWED' },
    { name: 'parcelDropoff', value: 'MANUAL_DROP', cutOffTime: '11:30:00' },
    { name: 'parcelPickup', value: 'AVAILABLE' },
    { name: 'parcelReturn', value: 'MANUAL_DROP' },
    { name: 'saturdayDelivery', value: 'NOT_POSSIBLE' },
    { name: 'sundayDelivery', value: 'NOT_POSSIBLE' },
  ];
}

import type { Point } from './seed.ts';

export interface Place {
  latitude: number;
  longitude: number;
}

/** What a search asks for, after the wire (posti.md 5.1). */
export interface PointSearch {
  postcode?: string | undefined;
  city?: string | undefined;
  countryCode?: string | undefined;
  coordinates?: Place | undefined;
  radiusMeters?: number | undefined;
  rectangle?: { swLatitude: number; swLongitude: number; neLatitude: number; neLongitude: number } | undefined;
  parcelLocker?: boolean | undefined;
  outdoorLocker?: boolean | undefined;
  wheelchairAccessibility?: boolean | undefined;
  openOnWeekends?: boolean | undefined;
  limit: number;
}

export interface Found {
  point: Point;
  distanceInMeters?: number;
}

/** The nearest points that fit, nearest first. */
export function searchPoints(points: readonly Point[], search: PointSearch): Found[] {
  const from = search.coordinates ?? locate(points, search);
  const fitting = points
    .filter((point) => !search.countryCode || sameArea(point.country, search.countryCode))
    .filter((point) => search.parcelLocker === undefined || (point.kind !== 'staffed') === search.parcelLocker)
    .filter((point) => search.outdoorLocker !== false || point.kind !== 'outdoor')
    .filter((point) => search.wheelchairAccessibility !== true || isAccessible(point))
    .filter((point) => search.openOnWeekends !== true || (point.hours !== 'office' && !point.closed))
    .filter((point) => inRectangle(point, search.rectangle));
  if (from === undefined) return fitting.slice(0, search.limit).map((point) => ({ point }));
  return fitting
    .map((point) => ({ point, distanceInMeters: Math.round(distanceMeters(from, point)) }))
    .filter((found) => search.radiusMeters === undefined || found.distanceInMeters <= search.radiusMeters)
    .toSorted((a, b) => a.distanceInMeters - b.distanceInMeters)
    .slice(0, search.limit);
}

export const isAccessible = (point: Point) => point.kind !== 'outdoor';

/** Åland's points are found from Finland and the other way round, as its postcodes belong to Finland's. */
function sameArea(a: string, b: string): boolean {
  const area = (country: string) => (country.toUpperCase() === 'AX' ? 'FI' : country.toUpperCase());
  return area(a) === area(b);
}

/** There is no map here: an address is where the point with the most similar postcode, or else of the same city, is. */
function locate(points: readonly Point[], { postcode, city, countryCode }: PointSearch): Place | undefined {
  const near = points.filter((point) => !countryCode || sameArea(point.country, countryCode));
  const digits = postcode?.replace(/\D/g, '') ?? '';
  for (let length = digits.length; length > 0; length--) {
    const hit = near.find((point) => point.postcode.startsWith(digits.slice(0, length)));
    if (hit) return hit;
  }
  return near.find((point) => point.city.toLowerCase() === city?.toLowerCase());
}

function inRectangle(point: Point, box: PointSearch['rectangle']): boolean {
  if (box === undefined) return true;
  const inLatitude = point.latitude >= box.swLatitude && point.latitude <= box.neLatitude;
  return inLatitude && point.longitude >= box.swLongitude && point.longitude <= box.neLongitude;
}

function distanceMeters(a: Place, b: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const half = (from: number, to: number) => Math.sin(radians(to - from) / 2) ** 2;
  const across = Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * half(a.longitude, b.longitude);
  return 2 * 6_371_000 * Math.asin(Math.sqrt(half(a.latitude, b.latitude) + across));
}

import type { PickupPoint, PickupPointQuery } from '../port.ts';
import { parseJson } from '../../http-client/body-text.ts';
import { countryName, type WireChoices } from './booking.ts';
import { toPostiError } from './errors.ts';
import type { PostiResult } from './requests.ts';
import { first, isRecord, listOf, localised, numberOf, textOf, type Json } from './tolerant-fields.ts';

/** The search in the gateway's format; it refuses fields that it does not know (posti.md 5.1). */
export function toSearch(query: PickupPointQuery, choices: WireChoices): object {
  const filters = {
    ...(query.product === null ? {} : { product: { code: query.product } }),
    ...(query.lockers === 'indoors' ? { outdoorLocker: false } : {}),
    ...(query.limitedQuantities ? { ADRLimitedQuantities: true } : {}),
  };
  return {
    searchCriteria: {
      location: {
        countryCode: countryName(query.country, choices),
        postcode: query.postcode,
        ...(query.street === null ? {} : { street: query.street }),
        ...(query.city === null ? {} : { city: query.city }),
      },
      ...(query.lockers === 'none' ? { parcelLocker: false } : {}),
      ...(Object.keys(filters).length === 0 ? {} : { serviceFilters: filters }),
    },
    // 1–20 is what others use; the true limit is not known (posti.md 5.1).
    limit: Math.min(Math.max(query.limit, 1), 20),
  };
}

/** Points in the order in which they came, nearest first where distances came. @throws AppError */
export function readPickupPoints(purpose: string, result: PostiResult, now: Date): PickupPoint[] {
  if ('failure' in result) throw toPostiError(purpose, result, now);
  const body = result.status === 200 ? parseJson(result.text) : undefined;
  if (!isRecord(body)) throw toPostiError(purpose, result, now);
  // A single point may come bare, or in the list that searches have.
  const points = Array.isArray(body.pickupPoints) ? listOf(body.pickupPoints) : [body];
  return points
    .flatMap((point) => readPoint(point))
    .toSorted((a, b) => (a.distanceMetres ?? Infinity) - (b.distanceMetres ?? Infinity) || 0);
}

/** posti.md 5.3 */
function readPoint(point: Json): PickupPoint[] {
  const id = textOf(first(point, 'id', 'pupCode'));
  const location = isRecord(point.location) ? point.location : {};
  if (id === null) return [];
  const names = localised(point.publicName);
  return [
    {
      id,
      name: names.fi ?? Object.values(names)[0] ?? id,
      street: textOf(location.street) ?? '',
      postcode: textOf(location.postcode) ?? '',
      city: textOf(location.city) ?? '',
      country: textOf(location.countryCode) ?? '',
      locker: point.parcelLocker === true,
      distanceMetres: numberOf(point.distanceInMeters),
    },
  ];
}

import type { Problem } from '../domain/problem.ts';
import { highestParcelLimitGrams } from '../carriers/limits.ts';

export interface LineToPack {
  readonly lineId: number;
  readonly sku: string;
  readonly quantity: number;
  /** Of one unit; null or 0 where the shop has none. */
  readonly unitWeightGrams: number | null;
}

export interface PackedParcel {
  readonly weightGrams: number;
  readonly units: readonly { readonly lineId: number; readonly quantity: number }[];
}

export interface PackingRules {
  /** Weight of a whole shipment in which no line has a weight. */
  readonly defaultWeightGrams: number;
  readonly parcelWeightLimitGrams: number;
  /** The same where it goes to a pickup point; null where that is no other limit. */
  readonly pickupPointLimitGrams?: number | null;
  /** The least weight that the service takes: a lighter parcel is declared with it (src/booking/catalogue.ts). */
  readonly lightestGrams: number;
}

/**
 * Splits units into parcels: each unit goes whole into the first parcel that has room for its weight. Deterministic, and
 * lines stay in the order in which they came.
 *
 * Where no line has a weight, the whole shipment is one parcel of the default weight. A line without a weight next to
 * lines that have one counts as nothing. No parcel is said to weigh less than the service takes.
 */
export function splitIntoParcels(
  lines: readonly LineToPack[],
  {
    defaultWeightGrams,
    parcelWeightLimitGrams: limit,
    pickupPointLimitGrams: toPoint = null,
    lightestGrams: lightest,
  }: PackingRules,
): { readonly parcels: readonly PackedParcel[] } | Problem {
  const wanted = lines.filter((line) => line.quantity > 0);
  if (wanted.length === 0) {
    return {
      code: 'nothing_to_pack',
      field: 'lines',
      problem: 'The shipment has no units to pack.',
      remedy: 'Check the quantities of the order.',
    };
  }

  if (wanted.every((line) => weightOf(line) === 0)) {
    if (defaultWeightGrams > limit) {
      return {
        code: 'default_weight_above_parcel_limit',
        field: 'settings.defaultWeightGrams',
        problem: `The default weight of ${defaultWeightGrams} g is above the store's limit of ${limit} g per parcel.`,
        remedy:
          defaultWeightGrams > highestParcelLimitGrams
            ? 'Lower the default weight in the settings, or give the weight of this shipment.'
            : 'Lower the default weight or raise the limit in the settings, or give the weight of this shipment.',
      };
    }
    const units = wanted.map(({ lineId, quantity }) => ({ lineId, quantity }));
    return { parcels: [{ weightGrams: Math.max(lightest, defaultWeightGrams), units }] };
  }

  const tooHeavy = wanted.find((line) => weightOf(line) > limit);
  if (tooHeavy) {
    return {
      code: 'unit_heavier_than_parcel_limit',
      field: 'lines',
      problem: `One unit of ${tooHeavy.sku} weighs ${weightOf(tooHeavy)} g; the store's limit is ${limit} g per parcel.`,
      // Advice that can be followed: the settings take no limit above Posti's own.
      remedy:
        weightOf(tooHeavy) > highestParcelLimitGrams
          ? `No parcel of Posti's may weigh more than ${highestParcelLimitGrams} g. Correct the weight of the product if it is wrong; if it is right, cancel the shipment and send it as freight.`
          : 'Correct the weight of the product, or raise the limit in the settings.',
    };
  }

  // A unit that only the pickup point's limit excludes keeps its parcel: the rule about the point says so then.
  const fitsPoint = toPoint !== null && wanted.every((line) => weightOf(line) <= toPoint);
  const open: OpenParcel[] = [];
  for (const line of wanted) pack(line, open, fitsPoint ? Math.min(limit, toPoint) : limit);
  return {
    parcels: open.map(({ grams, units }) => ({ weightGrams: Math.max(lightest, grams), units })),
  };
}

interface OpenParcel {
  grams: number;
  readonly units: { lineId: number; quantity: number }[];
}

/** Puts all units of a line into the parcels with room, opening new ones at the end. */
function pack(line: LineToPack, open: OpenParcel[], limit: number): void {
  const weight = weightOf(line);
  let left = line.quantity;
  for (let i = 0; left > 0; i++) {
    const parcel = (open[i] ??= { grams: 0, units: [] });
    const room = weight === 0 ? left : Math.floor((limit - parcel.grams) / weight);
    const quantity = Math.min(left, room);
    if (quantity <= 0) continue;
    parcel.units.push({ lineId: line.lineId, quantity });
    parcel.grams += quantity * weight;
    left -= quantity;
  }
}

function weightOf({ unitWeightGrams }: LineToPack): number {
  return unitWeightGrams !== null && unitWeightGrams > 0 ? unitWeightGrams : 0;
}

export type WeightUnit = 'g' | 'kg' | 't' | 'lb' | 'oz';

/** Micrograms in one unit, so that all of them are whole (the pound is 453.59237 g by definition). */
const micrograms: Readonly<Record<WeightUnit, bigint>> = {
  g: 1_000_000n,
  kg: 1_000_000_000n,
  t: 1_000_000_000_000n,
  lb: 453_592_370n,
  oz: 28_349_523n, // 28.349523125 g; far below a gram's difference for any parcel
};

/**
 * The unit that a store names in `weight_units`. BigCommerce's full list is not known: LBS, Ounces, KGS, Grams and Tonnes
 * are matched by their beginnings (bigcommerce.md 7.7 [U]). Null for any other.
 */
export function weightUnit(text: string | null): WeightUnit | null {
  const name = (text ?? '').trim().toLowerCase();
  if (/^(kg|kilo)/.test(name)) return 'kg';
  if (/^(g$|gr|gms?$)/.test(name)) return 'g';
  if (/^(lb|pound)/.test(name)) return 'lb';
  if (/^(oz|ounce)/.test(name)) return 'oz';
  if (/^(t$|ton|metric ton)/.test(name)) return 't';
  return null;
}

export type LengthUnit = 'in' | 'cm';

/** The unit that a store names in `dimension_units`: Inches or Centimeters are what is known of it (bigcommerce.md 7.7). */
export function lengthUnit(text: string | null): LengthUnit | null {
  const name = (text ?? '').trim().toLowerCase();
  if (/^(in$|inch)/.test(name)) return 'in';
  if (/^(cm$|centim)/.test(name)) return 'cm';
  return null;
}

/** Whole millimetres of a decimal text in a unit, rounded up; null where it is no number, or 0: a shop's word for unknown. */
export function toMillimetres(text: string | null, unit: LengthUnit | null): number | null {
  const trimmed = (text ?? '').trim();
  if (unit === null || !/^\d{1,7}(\.\d*)?$/.test(trimmed)) return null;
  // In ten-thousandths of a millimetre first, so that 60 cm are not a hair more.
  const millimetres = Math.ceil(Math.round(Number(trimmed) * (unit === 'in' ? 254_000 : 100_000)) / 10_000);
  return millimetres === 0 ? null : millimetres;
}

/**
 * Whole grams of a decimal text in a unit, rounded to the nearest, but never a real weight to nothing. Null where the text
 * is no number or says 0: that is how a shop says that it does not know.
 */
export function toGrams(text: string | null, unit: WeightUnit | null): number | null {
  const match = /^(\d{1,12})(?:\.(\d*))?$/.exec((text ?? '').trim());
  if (!match || unit === null) return null;
  const fraction = (match[2] ?? '').slice(0, 9);
  const scaled = BigInt(match[1]! + fraction) * micrograms[unit];
  const perGram = 1_000_000n * 10n ** BigInt(fraction.length);
  const grams = (scaled + perGram / 2n) / perGram;
  if (scaled === 0n) return null;
  return grams === 0n ? 1 : Number(grams);
}

/**
 * Minor units of a decimal text like "109.0000" in a currency, rounded half away from zero; no float is involved. Null
 * where the text is no amount, or one too large to be true.
 */
export function toMinorUnits(text: string | null, currency: string): number | null {
  const match = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec((text ?? '').trim());
  if (!match) return null;
  const digits = minorDigits(currency);
  const fraction = match[3] ?? '';
  const kept = BigInt(match[2]! + fraction.slice(0, digits).padEnd(digits, '0'));
  const roundUp = fraction.charAt(digits) >= '5';
  const minor = Number(kept + (roundUp ? 1n : 0n));
  if (!Number.isSafeInteger(minor)) return null;
  return match[1] === '-' && minor !== 0 ? -minor : minor;
}

/** Decimals of a currency after ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD; 2 for codes that nobody knows. */
export function minorDigits(currency: string): number {
  if (!/^[A-Za-z]{3}$/.test(currency)) return 2;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

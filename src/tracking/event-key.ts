import type { Scan } from '../carriers/scan.ts';

/**
 * The same for every report of one scan of a parcel, so that a repeat is stored once. Made of the instant and the carrier's
 * code only: places and texts are sometimes left out and filled in later (posti.md 6.1), and our reading may change.
 */
export function eventKey({
  at,
  atRaw,
  code,
  status,
  place,
}: Pick<Scan, 'at' | 'atRaw' | 'code' | 'status' | 'place'>): string {
  const instant = at?.toISOString() ?? `undated${atRaw === undefined ? '' : ` ${atRaw}`}`;
  const what = code.trim() === '' ? `${status ?? ''}@${place ?? ''}` : code.trim().toUpperCase();
  return `${instant} ${what}`;
}

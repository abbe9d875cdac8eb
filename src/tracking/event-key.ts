import type { Scan } from './scan.ts';

/**
 * The same for every report of one scan of a parcel, so that a repeat is stored once. Made of the instant and the carrier's
 * code only: places and texts are sometimes left out and filled in later (posti.md 6.1), and our reading may change.
 */
export function eventKey({ at, code, status, place }: Pick<Scan, 'at' | 'code' | 'status' | 'place'>): string {
  const instant = Number.isNaN(at.getTime()) ? 'undated' : at.toISOString();
  const what = code.trim() === '' ? `${status ?? ''}@${place ?? ''}` : code.trim().toUpperCase();
  return `${instant} ${what}`;
}

/**
 * Whether a moment that somebody sent is one of a calendar that databases have too: JavaScript's goes back to the year
 * -271821, and a row with such a year could never be written.
 */
export function isInCalendar(at: Date): boolean {
  const year = at.getUTCFullYear();
  return year >= 1 && year <= 9999;
}

import { expect } from 'vitest';
import type { OrderInHand } from './order.ts';

/**
 * The promise of the booking protocol, counted from Posti's books and from our index at once: one live attempt of a booked
 * shipment, with the only usable label; every other booking of Posti's is listed by its reference and watched.
 */
export async function expectExactlyOneLive(
  order: OrderInHand,
  /** Attempts whose answer was changed behind Posti's back: it believes that we have their label. */
  changedOnTheWay: readonly string[] = [],
): Promise<void> {
  const [attempts, bookings, shipment] = await Promise.all([order.attempts(), order.bookings(), order.only()]);
  const live = attempts.filter(({ state }) => state === 'live').map(({ reference }) => reference);
  const listed = attempts.filter(({ watch }) => watch !== null && watch !== 'cleared');

  expect(live, 'live attempts').toHaveLength(shipment.phase === 'booked' ? 1 : 0);
  const usable = bookings.filter(({ usableLabel }) => usableLabel).map(({ reference }) => reference);
  const known = new Set([...live, ...listed.map(({ reference }) => reference)]);
  const unlisted = bookings.map(({ reference }) => reference).filter((reference) => !known.has(reference));
  expect(unlisted, 'bookings of Posti that nobody lists').toEqual([]);
  expect(
    usable.filter((reference) => live.includes(reference) || !changedOnTheWay.includes(reference)),
    'labels that somebody could print',
  ).toEqual(live);

  const ofLive = bookings.find(({ reference }) => reference === live[0]);
  expect(shipment.trackingNumbers).toEqual(ofLive?.parcels.map(({ parcelNo }) => parcelNo) ?? []);
  expect(attempts.some(({ state }) => state === 'sent')).toBe(false);
}

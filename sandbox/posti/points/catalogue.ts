import type { Books } from '../books.ts';
import { seedPoints, type Point } from './seed.ts';

/** The points that searches and lists show, in the order of their postcodes (posti.md 5.2). */
export function listedPoints(books: Books): Point[] {
  return seedPoints
    .filter((point) => books.points[point.id]?.listed !== false)
    .toSorted((a, b) => a.postcode.localeCompare(b.postcode) || a.id.localeCompare(b.id));
}

export const findPoint = (id: string): Point | undefined => seedPoints.find((point) => point.id === id);

/** Whether a parcel can be booked to it. An id that nobody knows is refused like an inactive one. */
export function isActive(books: Books, id: string): boolean {
  const point = findPoint(id);
  return books.points[id]?.active ?? (point !== undefined && !point.inactive);
}

/** Whether a compartment of it can be reserved: lockers alone have any. */
export const isReservable = (books: Books, point: Point): boolean =>
  point.kind !== 'staffed' && (books.points[point.id]?.reservable ?? point.reservable);

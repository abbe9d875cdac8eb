import type { Booking, Books } from '../books.ts';

/** Where a step of a script happens. */
export type Place = 'sender' | 'sorting' | 'destination' | 'abroad';

export interface Step {
  /** Clock hours after the hand-over. */
  afterHours: number;
  /** An event code of events.ts. */
  code: string;
  place: Place;
  reason?: string;
}

const step = (afterHours: number, code: string, place: Place, reason?: string): Step => ({
  afterHours,
  code,
  place,
  ...(reason !== undefined && { reason }),
});

const onTheWay = [step(0, 'VAS', 'sender'), step(6, 'KUL', 'sender'), step(18, 'LAJ', 'sorting')];
const toTheDoor = [step(30, 'JAK', 'destination'), step(36, 'LUO', 'destination')];
const toThePoint = [step(30, 'SAA', 'destination'), step(46, 'LUO', 'destination')];

/** What a parcel goes through once it is handed over. */
const scripts: Record<string, (booking: Booking) => Step[]> = {
  default: (booking) => [...onTheWay, ...(booking.agent === undefined ? toTheDoor : toThePoint)],
  // Kept for seven days at the pickup point, then back (posti.md 11, storage time).
  returned: () => [
    ...onTheWay,
    step(30, 'SAA', 'destination'),
    step(198, 'PAL', 'destination', 'Not collected'),
    step(228, 'PTL', 'sender'),
  ],
  'never-scanned': () => [],
  'failed-attempt': () => [
    ...onTheWay,
    step(30, 'JAK', 'destination'),
    step(33, 'YRI', 'destination', 'Recipient not reached'),
    step(54, 'JAK', 'destination'),
    step(58, 'LUO', 'destination'),
  ],
  customs: (booking) => [
    ...onTheWay,
    step(24, 'TUL', 'destination', 'Declaration is awaited'),
    step(48, 'KUL', 'abroad'),
    ...(booking.agent === undefined ? toTheDoor : toThePoint).map((each) => ({
      ...each,
      afterHours: each.afterHours + 30,
    })),
  ],
  'stays-in-transit': () => onTheWay,
};

export const scriptNames = Object.keys(scripts);

export const stepsOf = (booking: Booking): Step[] => (scripts[booking.script] ?? scripts.default)?.(booking) ?? [];

/** The script of the first rule that fits a new booking, or the default one. */
export function chooseScript({ rules, default: usual }: Books['scripts'], booking: Booking): string {
  const rule = rules.find(
    (each) =>
      (each.service === undefined || each.service === booking.service) &&
      (each.receiverNameContains === undefined || booking.receiver.name.includes(each.receiverNameContains)) &&
      (each.referencePrefix === undefined || booking.reference?.startsWith(each.referencePrefix) === true),
  );
  return rule?.script ?? usual;
}

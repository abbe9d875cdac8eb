import type { Leniency } from './checker.ts';
import type { PostiBooking } from './posti.ts';
import type { AttemptEnd, ShipmentEnd } from './scenario.ts';

/** An attempt as we have it down. */
export interface KeptAttempt {
  readonly reference: string;
  readonly state: string;
  readonly code?: string | null;
}

/** The booking of the attempt that counts, in Posti's books. */
export function liveBooking(
  booked: readonly PostiBooking[],
  attempts: readonly KeptAttempt[],
): PostiBooking | undefined {
  const live = attempts.find(({ state }) => state === 'live');
  return booked.find(({ reference }) => reference === live?.reference);
}

/** Compares our attempts with the scenario's, and each of them with what Posti has under its reference. Pure. */
export function judgeAttempts(
  end: ShipmentEnd,
  n: number,
  booked: readonly PostiBooking[],
  given: readonly KeptAttempt[],
  { attemptsMayBeLost }: Leniency,
): string[] {
  const complaints: string[] = [];
  const attempts = given.map((attempt) => ({ ...attempt, state: stateOf(attempt) }));
  const expected = end.attempts ?? (end.phase === 'planned' || end.phase === 'cancelled' ? [] : ['live' as const]);
  const counts = (state: string) => isCounted(state, expected, attemptsMayBeLost);
  const counted = attempts.map(({ state }) => state).filter(counts);
  const wanted = expected.filter(counts);
  if (merged(counted).join() !== merged(wanted).join()) {
    complaints.push(
      `The attempts of shipment ${n} are ${counted.join(', ') || 'none'} and should be ${expected.join(', ') || 'none'}.`,
    );
  }

  for (const { reference, state } of attempts) {
    const ofIt = booked.filter((booking) => booking.reference === reference);
    const usable = ofIt.filter(({ usableLabel }) => usableLabel).length;
    const [atLeast, atMost] = bookingsOf(state, attemptsMayBeLost);
    if (ofIt.length < atLeast || ofIt.length > atMost) {
      complaints.push(`Posti has ${ofIt.length} bookings of attempt ${reference}, which is ${state}.`);
    }
    const shouldBeUsable = hasLabel(state) ? ofIt.length : 0;
    // An answer that left Posti whole and met a dead worker looks usable in Posti's books; nobody has that label.
    const answerMayHaveVanished = attemptsMayBeLost && (state === 'unknown' || state === labelLost);
    if (usable !== shouldBeUsable && !answerMayHaveVanished) {
      complaints.push(
        `The number of usable labels in Posti's books of attempt ${reference}, which is ${state}, is ${usable} and should be ${shouldBeUsable}.`,
      );
    }
  }
  for (const { reference } of booked) {
    if (attempts.some((attempt) => attempt.reference === reference)) continue;
    complaints.push(`Posti has a booking ${reference} of shipment ${n}, and we do not list it.`);
  }
  return complaints;
}

/**
 * Attempts that created nothing are counted only where the scenario is about them: any order may meet a busy Posti. Where
 * programs are killed, an attempt more may be lost, and one that should have been may have been lost before it met its fault.
 */
function isCounted(state: string, expected: readonly AttemptEnd[], attemptsMayBeLost: boolean): boolean {
  if (attemptsMayBeLost && ['failed', 'unknown', labelLost].includes(state)) return false;
  return state !== 'failed' || expected.includes('failed');
}

/** Booked, and given up because its label was behind a link that had expired: another attempt that nobody has a label of. */
const labelLost = 'label lost';
const stateOf = ({ state, code }: KeptAttempt): string => (code === 'label_lost' ? labelLost : state);

/** Several failed ones in a row are as good as one. */
const merged = (states: readonly string[]): string[] =>
  states.filter((state, i) => state !== 'failed' || states[i - 1] !== 'failed');

const hasLabel = (state: string): boolean => ['live', 'superseded', 'withdrawn'].includes(state);

/** How many bookings Posti may have of an attempt. The scenarios' lost answers are all of bookings that were carried out. */
function bookingsOf(state: string, attemptsMayBeLost: boolean): readonly [atLeast: number, atMost: number] {
  if (hasLabel(state) || state === labelLost) return [1, 1];
  if (state === 'unknown') return [attemptsMayBeLost ? 0 : 1, 1];
  return [0, 0];
}

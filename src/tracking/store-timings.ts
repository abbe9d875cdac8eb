import type { Timings } from '../../workflows/contract.ts';
import type { Settings } from '../settings/settings.ts';

export type FollowTimings = Pick<Timings, 'poll' | 'silence'>;

const minute = 60_000;
const day = 24 * 60 * minute;

/** How often a store's parcels are looked at, and how long they may be silent: what it chose, else the house's. */
export function followTimings({ tracking }: Pick<Settings, 'tracking'>, house: FollowTimings): FollowTimings {
  const { pollMinutes, silenceDays } = tracking;
  const chosen = (count: number | null, unit: number, otherwise: number) => (count === null ? otherwise : count * unit);
  return {
    poll: {
      beforeFirstScan: chosen(pollMinutes.beforeFirstScan, minute, house.poll.beforeFirstScan),
      inTransit: chosen(pollMinutes.inTransit, minute, house.poll.inTransit),
      nearTheEnd: chosen(pollMinutes.nearTheEnd, minute, house.poll.nearTheEnd),
    },
    silence: {
      beforeFirstScan: chosen(silenceDays.beforeFirstScan, day, house.silence.beforeFirstScan),
      betweenScans: chosen(silenceDays.betweenScans, day, house.silence.betweenScans),
    },
  };
}

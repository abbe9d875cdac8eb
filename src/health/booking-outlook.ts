import type { Db } from '../db/pool.ts';
import { bookingBacklogs, type BookingBacklog } from './booking-backlog.sql.ts';
import { drainsInSeconds } from './drain.ts';

/** The backlog of one Posti account, as people are shown it. */
export interface BookingOutlook extends Pick<
  BookingBacklog,
  'account' | 'state' | 'reason' | 'since' | 'pausedUntil' | 'waiting'
> {
  /** Of the last minutes, since the last pause at most; null while nothing can be booked. */
  readonly measured: {
    readonly seconds: number;
    readonly bookedPerMinute: number;
    readonly plannedPerMinute: number;
  } | null;
  /** When nothing will wait any more at the measured rate; null where nothing waits, or no rate says so. Never a guess. */
  readonly drainedAt: Date | null;
}

const windowMs = 5 * 60_000;

export async function bookingOutlooks(db: Db): Promise<BookingOutlook[]> {
  return (await bookingBacklogs(db, windowMs)).map(toOutlook);
}

export function toOutlook(backlog: BookingBacklog): BookingOutlook {
  const { account, state, reason, since, pausedUntil, waiting, measuredSeconds: seconds, booked, planned } = backlog;
  const perMinute = (count: number) => (seconds > 0 ? Math.round((count / seconds) * 600) / 10 : 0);
  const drainsIn = drainsInSeconds({ waiting, done: booked, came: planned, seconds });
  return {
    ...{ account, state, reason, since, pausedUntil, waiting },
    measured:
      state === 'open'
        ? {
            seconds: Math.round(seconds),
            bookedPerMinute: perMinute(booked),
            plannedPerMinute: perMinute(planned),
          }
        : null,
    drainedAt: drainsIn === null ? null : new Date(backlog.at.getTime() + drainsIn * 1_000),
  };
}

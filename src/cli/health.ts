import { readBacklog, type InboxBacklog } from '../inbox/inbox.sql.ts';
import type { EngineHealth } from '../temporal/client.ts';
import { accountsInHealth, type AccountHealth } from '../health/accounts.sql.ts';
import { bookingOutlooks, type BookingOutlook } from '../health/booking-outlook.ts';
import { countUnread } from '../orders/unread-orders.sql.ts';
import type { Command } from './command.ts';
import { relaysListening } from './staff.sql.ts';
import { unreadCountsInWords } from './unread-words.ts';

export const healthCommand: Command = {
  words: 'health',
  summary: 'says what is paused or closed and why, what waits and until when, and whether the engine answers',
  async run({ pool, engine }) {
    const [accounts, booking, backlog, unread, running, engineHealth] = await Promise.all([
      accountsInHealth(pool),
      bookingOutlooks(pool),
      readBacklog(pool),
      countUnread(pool),
      relaysListening(pool),
      engine.health(),
    ]);
    return {
      lines: [
        ...accountsInWords(accounts),
        ...booking.filter(({ waiting }) => waiting > 0).map(bookingInWords),
        backlogInWords(backlog),
        ...unreadCountsInWords(unread),
        running === 0 ? 'No API or worker seems to run on this database.' : `${running} processes take from the inbox.`,
        engineInWords(engineHealth),
      ],
      json: { accounts, booking, backlog, unread, relaysRunning: running, engine: engineHealth },
    };
  },
};

function accountsInWords(accounts: readonly AccountHealth[]): string[] {
  const troubled = accounts.filter(({ state }) => state !== 'open');
  if (troubled.length === 0) return ['Every shop and carrier account is open.'];
  return troubled.map(accountInWords);
}

function accountInWords({ system, account, state, since, pausedUntil, reason }: AccountHealth): string {
  const until = pausedUntil ? `; tried again by itself at ${time(pausedUntil)}` : '';
  const why = (reason ?? 'unknown').replaceAll('_', ' ');
  if (state === 'closed') {
    return `${system} ${account} is closed since ${time(since)}: it does not let us in (${why}). Mend the account${until}.`;
  }
  const paused = reason === 'throttled' ? 'it asked us to wait' : `it is out of order (${why})`;
  return `${system} ${account} is paused since ${time(since)}: ${paused}${until}.`;
}

function bookingInWords({ account, waiting, measured, drainedAt }: BookingOutlook): string {
  const wait = `${waiting} shipments wait to be booked by ${account}`;
  if (measured === null) return `${wait}; they are booked by themselves when it is open again.`;
  const rate = `${measured.bookedPerMinute} a minute were booked and ${measured.plannedPerMinute} came`;
  const end = drainedAt ? `none will wait at ${time(drainedAt)}` : 'that does not say yet when none will wait';
  return `${wait}; in the last ${measured.seconds} s ${rate}: ${end}.`;
}

function backlogInWords({ hints, orders, oldestHintMs, commands, oldestCommandMs }: InboxBacklog): string {
  if (hints + commands === 0) return 'Nothing waits in the inbox.';
  const oldest = Math.round(Math.max(oldestHintMs, oldestCommandMs) / 1000);
  return `In the inbox wait ${hints} hints for ${orders} orders and ${commands} commands; the oldest for ${oldest} s.`;
}

const engineInWords = ({ ok, tookMs, problem }: EngineHealth): string =>
  ok
    ? `The engine (Temporal) answers in ${tookMs} ms.`
    : `The engine (Temporal) was not reached: ${problem ?? 'unknown'}`;

const time = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;

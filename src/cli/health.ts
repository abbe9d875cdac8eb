import { readBacklog, type InboxBacklog } from '../inbox/inbox.sql.ts';
import type { EngineHealth } from '../engine/client.ts';
import type { Command } from './command.ts';
import { accountsInHealth, relaysListening, type AccountHealth } from './staff.sql.ts';

export const healthCommand: Command = {
  words: 'health',
  usage: '',
  summary: 'says what is paused or closed and why, what waits in the inbox, and whether the engine answers',
  flags: [],
  async run({ pool, engine }) {
    const [accounts, backlog, running, engineHealth] = await Promise.all([
      accountsInHealth(pool),
      readBacklog(pool),
      relaysListening(pool),
      engine.health(),
    ]);
    return {
      lines: [
        ...accountsInWords(accounts),
        backlogInWords(backlog),
        running === 0 ? 'No API or worker seems to run on this database.' : `${running} processes take from the inbox.`,
        engineInWords(engineHealth),
      ],
      json: { accounts, backlog, relaysRunning: running, engine: engineHealth },
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

import { ConfigurationError } from '../config.ts';
import { databaseNotOpened } from '../doctor/database.ts';
import { isWrong, type Finding } from '../doctor/finding.ts';
import { isAppError } from '../errors.ts';
import { storeOption, type Command, type Said } from './command.ts';

export const doctorCommand: Command = {
  words: 'doctor',
  summary: 'says what is wrong with the set-up, and how it is mended',
  details:
    'Looks at database, engine, workers, clock, public address, shops, webhooks and Posti accounts. Ends with 1 whenever an order could not be booked, read or told. It changes nothing, but that an account which is let in again is opened: then all that waits for it goes on.',
  options: [
    storeOption,
    {
      flags: '--again',
      description: 'log in at Posti also where it was refused a moment ago: for after it was mended',
    },
  ],
  async run({ examine }, { flags, switches }) {
    return said(await examine({ storeHash: flags['store'], again: switches['again'] }));
  },
  withoutContext(error) {
    // Those say themselves what is wrong.
    if (error instanceof ConfigurationError || isAppError(error)) throw error;
    return said([databaseNotOpened(error)]);
  },
};

function said(findings: readonly Finding[]): Said {
  const wrong = findings.filter(isWrong).length;
  const unproven = findings.filter(({ verdict }) => verdict === 'unproven').length;
  const end = wrong === 0 ? nothingWrong(unproven) : wrong === 1 ? '1 thing is wrong.' : `${wrong} things are wrong.`;
  return {
    lines: [...findings.flatMap(inLines), end],
    json: { ok: wrong === 0, findings },
    ...(wrong === 0 ? {} : { exitCode: 1 as const }),
  };
}

const nothingWrong = (unproven: number): string =>
  unproven === 0
    ? 'Nothing is wrong.'
    : `Nothing is wrong; ${unproven === 1 ? '1 thing is' : `${unproven} things are`} not proven yet (?).`;

const marks = { right: 'ok   ', wrong: 'WRONG', unproven: '?    ' } as const;

function inLines({ check, storeHash, verdict, words, advice }: Finding): string[] {
  const about = `${check.replaceAll('_', ' ')}${storeHash === null ? '' : ` of ${storeHash}`}`;
  return [`${marks[verdict]}  ${about}: ${words}`, ...(advice === null ? [] : [`       → ${advice}`])];
}

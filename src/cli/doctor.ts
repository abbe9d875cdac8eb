import { ConfigurationError } from '../config.ts';
import { databaseNotOpened } from '../doctor/database.ts';
import { isWrong, type Finding } from '../doctor/finding.ts';
import { isAppError } from '../errors.ts';
import type { Command, Said } from './command.ts';

export const doctorCommand: Command = {
  words: 'doctor',
  usage: '[--store <hash>] [--again]',
  summary:
    'looks at database, engine, clock, public address, shops, webhooks and Posti accounts, and says how to mend what is wrong; --again logs in at Posti also where it was refused a moment ago',
  flags: ['store'],
  switches: ['again'],
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

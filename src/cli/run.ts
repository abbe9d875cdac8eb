import { parseArgs, type ParseArgsConfig } from 'node:util';
import { migrate } from '../db/migrate.ts';
import { isAppError } from '../errors.ts';
import { connectCommand, forgetOldCommand, rotateCommand } from './connect.ts';
import { usageError, type CliContext, type Command, type ExitCode, type Given, type Said } from './command.ts';
import { doctorCommand } from './doctor.ts';
import { eraseCommand } from './erase.ts';
import { healthCommand } from './health.ts';
import { listKeysCommand, rotateKeysCommand } from './keys.ts';
import { labelsCommand } from './labels.ts';
import { orderCommands } from './order-commands.ts';
import { listOrders, listStores, showOrder } from './orders.ts';
import { replayCommand } from './replay.ts';
import { resumeCommand } from './resume.ts';
import { listRunsCommand } from './runs.ts';
import { checkSettings, setSettings, showSettings } from './settings.ts';
import { createTokenCommand, listTokensCommand, revokeTokenCommand } from './tokens.ts';

const migrateCommand: Command = {
  words: 'migrate',
  usage: '',
  summary: 'brings the database to the newest schema',
  flags: [],
  async run({ pool }) {
    const applied = await migrate(pool);
    const lines = applied.length > 0 ? applied.map((name) => `applied ${name}`) : ['The schema is up to date.'];
    return { lines, json: { applied } };
  },
};

const commands: readonly Command[] = [
  connectCommand,
  listStores,
  ...[showSettings, setSettings, checkSettings],
  ...[rotateCommand, forgetOldCommand],
  ...[createTokenCommand, listTokensCommand, revokeTokenCommand],
  ...[listOrders, showOrder],
  ...orderCommands,
  labelsCommand,
  doctorCommand,
  ...[healthCommand, listRunsCommand, resumeCommand, replayCommand],
  eraseCommand,
  ...[listKeysCommand, rotateKeysCommand],
  migrateCommand,
];

export interface CliRun {
  readonly argv: readonly string[];
  /** Opened only once the words make sense: help needs no database. */
  readonly withContext: (work: (context: CliContext) => Promise<void>) => Promise<void>;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** Runs one command. Gives the exit code: 0 done, or one of {@link ExitCode}. */
export async function runCli({ argv, withContext, out, err }: CliRun): Promise<0 | ExitCode> {
  if (argv.length === 0 || argv[0] === 'help' || argv.includes('--help')) {
    for (const line of help()) out(line);
    return 0;
  }
  try {
    const { command, given, json } = understand(argv);
    let exitCode: 0 | ExitCode = 0;
    let opened = false;
    const say = (said: Said) => {
      exitCode = said.exitCode ?? 0;
      if (json) out(JSON.stringify(said.json, null, 2));
      else for (const line of said.lines) (exitCode === 0 ? out : err)(line);
    };
    try {
      await withContext(async (context) => {
        opened = true;
        say(await command.run(context, given));
      });
    } catch (error) {
      if (opened || !command.withoutContext) throw error;
      say(command.withoutContext(error));
    }
    return exitCode;
  } catch (error) {
    if (!isAppError(error)) throw error;
    err(error.message);
    if (error.advice) err(error.advice);
    return error.code === 'usage' ? 64 : 1;
  }
}

/** @throws AppError `usage` */
function understand(argv: readonly string[]): { command: Command; given: Given; json: boolean } {
  const command = commands.find(({ words }) => words.split(' ').every((word, i) => argv[i] === word));
  if (!command) throw usageError(`There is no command "${argv.slice(0, 2).join(' ')}".`);
  const { flags = [], switches = [], lists = [] } = command;
  const options: NonNullable<ParseArgsConfig['options']> = { json: { type: 'boolean' } };
  for (const flag of flags) options[flag] = { type: 'string' };
  for (const flag of switches) options[flag] = { type: 'boolean' };
  for (const flag of lists) options[flag] = { type: 'string', multiple: true };
  try {
    const args = argv.slice(command.words.split(' ').length);
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const of = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, values[name]]));
    const given = { positionals, flags: of(flags), switches: of(switches), lists: of(lists) } as Given;
    return { command, given, json: values['json'] === true };
  } catch (cause) {
    throw usageError((cause as Error).message);
  }
}

function help(): string[] {
  return [
    'npm run lahetti -- <command> [--json]',
    '',
    ...commands.flatMap(({ words, usage, summary }) => [`  ${words} ${usage}`.trimEnd(), `      ${summary}`]),
    '',
    'Exit codes: 0 done, 1 refused or failed, 64 not understood, 75 asked for and not answered yet, 78 configuration.',
  ];
}

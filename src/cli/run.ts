import { parseArgs } from 'node:util';
import { migrate } from '../db/migrate.ts';
import { isAppError } from '../errors.ts';
import { connectCommand, forgetOldCommand, rotateCommand } from './connect.ts';
import { usageError, type CliContext, type Command, type Given } from './command.ts';
import { listStores, showOrder } from './orders.ts';
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
  showOrder,
  migrateCommand,
];

export interface CliRun {
  readonly argv: readonly string[];
  /** Opened only once the words make sense: help needs no database. */
  readonly withContext: (work: (context: CliContext) => Promise<void>) => Promise<void>;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** Runs one command. Gives the exit code: 0 done, 1 failed, 64 not understood (EX_USAGE). */
export async function runCli({ argv, withContext, out, err }: CliRun): Promise<number> {
  if (argv.length === 0 || argv[0] === 'help' || argv.includes('--help')) {
    for (const line of help()) out(line);
    return 0;
  }
  try {
    const { command, given, json } = understand(argv);
    await withContext(async (context) => {
      const said = await command.run(context, given);
      if (json) out(JSON.stringify(said.json, null, 2));
      else for (const line of said.lines) out(line);
    });
    return 0;
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
  const options = Object.fromEntries(command.flags.map((flag) => [flag, { type: 'string' }] as const));
  try {
    const { values, positionals } = parseArgs({
      args: argv.slice(command.words.split(' ').length),
      options: { ...options, json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const { json, ...flags } = values as Record<string, string | boolean | undefined>;
    return { command, given: { positionals, flags: flags as Given['flags'] }, json: json === true };
  } catch (cause) {
    throw usageError((cause as Error).message);
  }
}

function help(): string[] {
  return [
    'npm run lahetti -- <command> [--json]',
    '',
    ...commands.flatMap(({ words, usage, summary }) => [`  ${words} ${usage}`.trimEnd(), `      ${summary}`]),
  ];
}

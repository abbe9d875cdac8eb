import { migrate } from '../db/migrate.ts';
import { isAppError } from '../errors.ts';
import { attentionCommand } from './attention.ts';
import { auditCommand } from './audit.ts';
import { connectCommand, forgetOldCommand, rotateCommand } from './connect.ts';
import type { CliContext, Command, ExitCode, Said } from './command.ts';
import { doctorCommand } from './doctor.ts';
import { eraseCommand } from './erase.ts';
import { exchangesCommand } from './exchanges.ts';
import { healthCommand } from './health.ts';
import { listKeysCommand, rotateKeysCommand } from './keys.ts';
import { labelsCommand } from './labels.ts';
import { orderCommands } from './order-commands.ts';
import { listOrders, orderTimeline, showOrder } from './orders.ts';
import { understand } from './parser.ts';
import { replayCommand } from './replay.ts';
import { resumeCommand } from './resume.ts';
import { listRunsCommand } from './runs.ts';
import { previewSettingsCommand } from './settings-preview.ts';
import { shown, shownJson } from './shown.ts';
import { listStores, pauseStore, resumeStore } from './stores.ts';
import { checkSettings, setSettings, showSettings } from './settings.ts';
import { createTokenCommand, listTokensCommand, revokeTokenCommand } from './tokens.ts';

const migrateCommand: Command = {
  words: 'migrate',
  summary: 'brings the database to the newest schema',
  async run({ pool }) {
    const applied = await migrate(pool);
    const lines = applied.length > 0 ? applied.map((name) => `applied ${name}`) : ['The schema is up to date.'];
    return { lines, json: { applied } };
  },
};

const commands: readonly Command[] = [
  connectCommand,
  ...[listStores, pauseStore, resumeStore],
  ...[showSettings, setSettings, checkSettings, previewSettingsCommand],
  ...[rotateCommand, forgetOldCommand],
  ...[createTokenCommand, listTokensCommand, revokeTokenCommand],
  attentionCommand,
  ...[listOrders, showOrder, orderTimeline],
  ...orderCommands,
  labelsCommand,
  doctorCommand,
  ...[auditCommand, exchangesCommand],
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
  try {
    const understood = understand(commands, argv);
    if ('help' in understood) {
      out(understood.help);
      return 0;
    }
    const { command, given, json } = understood;
    let exitCode: 0 | ExitCode = 0;
    let opened = false;
    const say = (said: Said) => {
      exitCode = said.exitCode ?? 0;
      if (json) out(shownJson(said.json));
      else for (const line of said.lines) (exitCode === 0 ? out : err)(shown(line));
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
    err(shown(error.message));
    for (const line of error.advice?.split('\n') ?? []) err(shown(line));
    return error.code === 'usage' ? 64 : 1;
  }
}

import { Command as Program, CommanderError, Option } from 'commander';
import { usageError, type Command, type CommandOption, type Given } from './command.ts';

/** What a command line comes to: a command to run, or the text of a help page. */
export type Understood =
  { readonly command: Command; readonly given: Given; readonly json: boolean } | { readonly help: string };

const caller = 'npm run lahetti --';

/** Reads a command line with commander. @throws AppError `usage` */
export function understand(commands: readonly Command[], argv: readonly string[]): Understood {
  let chosen: Understood | undefined;
  let help = '';
  const program = prepared(new Program('lahetti'), (text) => (help += text));
  program.usage('<command> [--json]').helpCommand(false);
  program.helpInformation = () => overview(commands);
  for (const command of commands) {
    const own = ownCommand(program, command);
    own.action(() => {
      const opts = own.opts<Record<string, unknown>>();
      chosen = { command, given: givenTo(command, own.args, opts), json: opts['json'] === true };
    });
  }
  // `help orders change` is `orders change --help`.
  const [first, ...rest] = argv;
  const asked = first === undefined || first === '--help' || first === '-h' ? [] : first === 'help' ? rest : null;
  if (asked?.length === 0) return { help: overview(commands) };
  try {
    program.parse(asked === null ? [...argv] : isKnown(commands, asked) ? [...asked, '--help'] : asked, {
      from: 'user',
    });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(readable(error.message, argv), help === '' ? undefined : help.trimEnd());
  }
  return chosen ?? { help: help.trimEnd() };
}

/** Whether there is such a command, or a group of commands. */
const isKnown = (commands: readonly Command[], asked: readonly string[]): boolean =>
  commands.some(({ words }) => `${words} `.startsWith(`${asked.join(' ')} `));

/** A program or a group of commands that writes nothing itself and ends no process. */
function prepared(program: Program, out: (text: string) => void): Program {
  return program
    .exitOverride()
    .configureOutput({ writeOut: out, writeErr: out, outputError: () => {} })
    .configureHelp({ helpWidth: 100, commandUsage: (own) => `${caller} ${pathOf(own)} ${own.usage()}` })
    .helpOption('-h, --help', 'show this page');
}

/** `orders show` is the command `show` of the group `orders`; `stores` is both a command and a group. */
function ownCommand(
  program: Program,
  { words, summary, details, arguments: args = [], options = [] }: Command,
): Program {
  const names = words.split(' ');
  let own = program;
  for (const name of names) {
    const known = own.commands.find((one) => one.name() === name);
    own = known ?? own.command(name).helpCommand(false);
  }
  own.summary(summary).description(details === undefined ? `${summary}.` : `${summary}.\n\n${details}`);
  for (const [name, description] of args) own.argument(name, description);
  for (const option of options) own.addOption(toOption(option));
  return own.option('--json', 'the answer as JSON');
}

function toOption({ flags, description, repeated }: CommandOption): Option {
  const option = new Option(flags, description);
  return repeated ? option.argParser((value: string, so: string[] = []) => [...so, value]) : option;
}

function givenTo({ options = [] }: Command, positionals: readonly string[], opts: Record<string, unknown>): Given {
  const flags: Record<string, string | undefined> = {};
  const switches: Record<string, boolean | undefined> = {};
  const lists: Record<string, readonly string[] | undefined> = {};
  for (const each of options) {
    const option = toOption(each);
    const value = opts[option.attributeName()];
    const name = option.long!.slice(2);
    if (each.repeated) lists[name] = value as readonly string[] | undefined;
    else if (option.required) flags[name] = value as string | undefined;
    else switches[name] = value as boolean | undefined;
  }
  return { positionals, flags, switches, lists };
}

function pathOf(own: Program): string {
  return own.parent ? `${pathOf(own.parent)} ${own.name()}`.trim() : '';
}

/** As a sentence; which command it was about, the line above the help says. */
function readable(message: string, argv: readonly string[]): string {
  const words = message.replace(/^error: /, '').replace(/\n/g, ' ');
  if (words === '(outputHelp)') return `"${argv.join(' ')}" is a group of commands.`;
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.)?]$/.test(words) ? '' : '.'}`;
}

function overview(commands: readonly Command[]): string {
  const calls = commands.map(({ words, arguments: args = [] }) => [words, ...args.map(([name]) => name)].join(' '));
  const width = Math.min(44, Math.max(...calls.map(({ length }) => length)));
  return [
    `${caller} <command> [--json]`,
    '',
    ...commands.map(({ summary }, i) => `  ${calls[i]!.padEnd(width)}  ${summary}`),
    '',
    `What a command takes: ${caller} help <command>, for example: help orders change.`,
    'Exit codes: 0 done, 1 refused or failed, 64 not understood, 75 asked for and not answered yet, 78 configuration.',
  ].join('\n');
}

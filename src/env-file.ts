import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { ConfigurationError, isKnownVariable } from './config.ts';

/** What came of reading a file of variables. Values are never in it. */
export interface EnvFile {
  /** Full path. */
  readonly path: string;
  /** Names that were taken from the file. */
  readonly taken: readonly string[];
  /** Names that the environment had already: they stay as they were. */
  readonly kept: readonly string[];
  /** Sentences about what is probably a mistake, and does not keep us from starting. */
  readonly doubts: readonly string[];
}

export interface EnvFileOptions {
  /** Changed: gets the variables that it does not have. Default: the process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where `.env` is looked for. Default: the working directory. */
  readonly folder?: string;
}

/** The value of LAHETTI_ENV_FILE for reading none. Programs that start our programs set it, and so do tests. */
export const noEnvFile = 'none';

/**
 * Takes the variables of `.env`, or of the file that LAHETTI_ENV_FILE names, into the environment. What is set already is
 * not overridden, also where it is set to nothing. Into the environment itself, and not only for our own configuration:
 * OpenTelemetry, the Temporal SDK and PostgreSQL's driver read variables of their own.
 *
 * @returns null where there is no file to read
 * @throws ConfigurationError for a file that is named and missing, cannot be read, or would be understood wrongly
 */
export function readEnvFile({ env = process.env, folder = '.' }: EnvFileOptions = {}): EnvFile | null {
  const named = env['LAHETTI_ENV_FILE'];
  if (named === noEnvFile) return null;
  const path = resolve(folder, named || '.env');
  const text = readText(path, Boolean(named));
  if (text === null) return null;

  const values = Object.entries(parseEnv(text)).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const problems = [
    ...values.filter(([name]) => !isName(name)).map(([name]) => `"${firstLine(name)}" is not a line like NAME=value.`),
    ...cutOff(text).map((name) => `The value of ${name} has a # in it, which begins a comment: put it in quotes.`),
  ];
  if (problems.length > 0) throw new ConfigurationError(problems.map((problem) => `${path}: ${problem}`));

  const taken: string[] = [];
  const kept: string[] = [];
  for (const [name, value] of values) {
    if (env[name] === undefined) {
      env[name] = value;
      taken.push(name);
    } else if (env[name] !== value) kept.push(name);
  }
  return { path, taken, kept: kept.sort(), doubts: doubtsAbout(path, values) };
}

/** For the log, and for a terminal. */
export function envFileInWords({ path, taken, kept }: EnvFile): string {
  const count = taken.length === 1 ? '1 variable' : `${taken.length} variables`;
  const stays = kept.length === 1 ? 'was set already and stays' : 'were set already and stay';
  return `${count} read from ${path}${kept.length > 0 ? `; ${kept.join(', ')} ${stays} as set` : ''}`;
}

function readText(path: string, isNamed: boolean): string | null {
  try {
    // Some editors begin a file with an invisible mark, which would become part of the first name.
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !isNamed) return null;
    const why = code === 'ENOENT' ? 'it is not there' : `it cannot be read (${code ?? 'unknown'})`;
    throw new ConfigurationError([
      isNamed
        ? `LAHETTI_ENV_FILE names ${path}: ${why}. Correct it, or set it to "${noEnvFile}" to read no file.`
        : `${path}: ${why}. Let us read it, or set LAHETTI_ENV_FILE=${noEnvFile} to read no file.`,
    ]);
  }
}

const isName = (name: string): boolean => /^[A-Za-z_][\w.-]*$/.test(name);
const firstLine = (text: string): string => text.split('\n')[0]!.slice(0, 40);

/**
 * Node ends a value at any # that is not in quotes; docker compose, which reads the same file, only at one after a space.
 * A password would be cut without a word.
 */
function cutOff(text: string): string[] {
  const lines = text.matchAll(/^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*[^\s"'`#][^\n"'`#]*[^\s"'`#]?#/gm);
  return [...lines].filter(([line]) => !/\s#$/.test(line)).map((match) => match[1]!);
}

function doubtsAbout(path: string, values: readonly [string, string][]): string[] {
  const unknown = values.map(([name]) => name).filter((name) => !isKnownVariable(name));
  const secret = values.find(([name, value]) => value !== '' && /SECRET|TOKEN|PASSWORD|DATABASE_URL/.test(name));
  return [
    ...unknown.map((name) => `${name} in ${path} is no variable of ours: see .env.example for how it is spelled.`),
    ...(secret && isOpenToOthers(path)
      ? [`Other users of this machine can read ${path}, which holds ${secret[0]}: chmod 600 ${path}`]
      : []),
  ];
}

function isOpenToOthers(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0;
}

import type { OrderRef } from '../domain/order-ref.ts';
import type { BigCommerceApi } from '../bigcommerce/api.ts';
import type { Pool } from '../db/pool.ts';
import type { Examination } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import type { Engine } from '../temporal/client.ts';
import { AppError } from '../errors.ts';
import type { Stores } from '../stores/store.ts';

/** What commands work with. */
export interface CliContext {
  readonly pool: Pool;
  readonly stores: Stores;
  readonly api: BigCommerceApi;
  /** Connected to at its first use only: most commands ask the database alone. */
  readonly engine: Pick<Engine, 'liveState' | 'health'>;
  /** Hints every order that is due, whatever the engine runs. */
  readonly resume: () => Promise<{ readonly due: number; readonly started: number }>;
  /** Looks at the whole set-up, for what is wrong with it. */
  readonly examine: (what: Examination) => Promise<Finding[]>;
  /** Holds what runs on the engine (at most so many), or the histories of a folder, against today's workflows. */
  readonly replay: (
    what: { readonly running: number } | { readonly folder: string },
  ) => Promise<readonly { readonly workflowId: string; readonly problem: Error | null }[]>;
  /** How long to wait for what a running API or worker has to do. */
  readonly patienceMs: number;
  readonly publicUrl: string | null;
  /** For secrets: a flag could be read by everybody on the machine (`ps`). */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readStandardInput: () => Promise<string>;
  readonly readFile: (path: string) => Promise<Buffer>;
  /** For files that are asked for there; lines are what a command returns. */
  readonly standardOutput: NodeJS.WritableStream;
  /** Who sits there, as the audit names them. */
  readonly who: string;
}

/** What a command has to say: lines for people, and the same for programs (`--json`). */
export interface Said {
  readonly lines: readonly string[];
  readonly json: unknown;
  /** Left out: 0. What did not come about is said on standard error. */
  readonly exitCode?: ExitCode;
}

/** 1: refused or failed. 64: not understood (EX_USAGE). 75: asked for, and nobody has answered yet (EX_TEMPFAIL). */
export type ExitCode = 1 | 64 | 75;

export interface CommandOption {
  /** `--limit <n>`, or `--printed` for one without a value. */
  readonly flags: string;
  readonly description: string;
  /** May be given several times. */
  readonly repeated?: boolean;
}

export interface Command {
  /** `tokens create`: the words that call it. */
  readonly words: string;
  /** One line, without a full stop at its end. */
  readonly summary: string;
  /** More, for its own help page. */
  readonly details?: string;
  /** `<store hash>`, `[shipment]` where it may be left out, `<change...>` for several; each with what it is. */
  readonly arguments?: readonly (readonly [name: string, description: string])[];
  readonly options?: readonly CommandOption[];
  run(context: CliContext, given: Given): Promise<Said>;
  /** For a command that has something to say also where the database could not be opened. */
  withoutContext?(error: unknown): Said;
}

export interface Given {
  readonly positionals: readonly string[];
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly switches: Readonly<Record<string, boolean | undefined>>;
  readonly lists: Readonly<Record<string, readonly string[] | undefined>>;
}

/** @throws AppError `usage` */
export function need(value: string | undefined, what: string): string {
  if (value !== undefined && value !== '') return value;
  throw usageError(`${what} is missing.`);
}

/** Store hash and order id, as every command about an order starts. @throws AppError `usage` */
export function orderNamed({ positionals }: Given): OrderRef {
  const storeHash = need(positionals[0], 'The store hash');
  return { storeHash, orderId: wholeNumber(need(positionals[1], 'The order id'), 'An order id') };
}

/** @throws AppError `usage` */
export function wholeNumber(text: string, what: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw usageError(`${what} is a whole number.`);
}

export const usageError = (message: string, advice = 'See: npm run lahetti -- help <command>.'): AppError =>
  new AppError(message, { kind: 'invalid', code: 'usage', advice });

/** Arguments and options that several commands have. */
export const storeArgument = ['<store>', 'its store hash: what follows /stores/ in the API path of the shop'] as const;
export const orderArguments = [storeArgument, ['<order>', 'the number of the order']] as const;
export const storeOption: CommandOption = { flags: '--store <hash>', description: 'of this store only' };
export const pageOptions: readonly CommandOption[] = [
  { flags: '--limit <n>', description: 'at most so many; 50 where it is left out' },
  { flags: '--after <id>', description: 'go on after this one: the end of a list says which' },
];

/** What was given of options, for a schema of the API. */
export function asQuery({ flags, switches }: Given): Record<string, string> {
  const given = Object.entries(flags).filter((each): each is [string, string] => each[1] !== undefined);
  const on = Object.entries(switches).flatMap(([name, value]) => (value ? [[name, 'true']] : []));
  return Object.fromEntries([...given, ...on]) as Record<string, string>;
}

/** The end of a list that goes on. */
export const andMore = (next: number | null): string[] =>
  next === null ? [] : [`There are more: the same with --after ${next}.`];

/** `2026-11-30 22:35:04`, in UTC. */
export const stampOf = (at: Date): string => at.toISOString().slice(0, 19).replace('T', ' ');

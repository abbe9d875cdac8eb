import type { BigCommerceApi } from '../bigcommerce/api.ts';
import type { Pool } from '../db/pool.ts';
import type { Engine } from '../engine/client.ts';
import { AppError } from '../errors.ts';
import type { Stores } from '../stores/store.ts';

/** What commands work with. */
export interface CliContext {
  readonly pool: Pool;
  readonly stores: Stores;
  readonly api: BigCommerceApi;
  readonly engine: Pick<Engine, 'liveState'>;
  readonly publicUrl: string | null;
  /** For secrets: a flag could be read by everybody on the machine (`ps`). */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readStandardInput: () => Promise<string>;
  /** Who sits there, as the audit names them. */
  readonly who: string;
}

/** What a command has to say: lines for people, and the same for programs (`--json`). */
export interface Said {
  readonly lines: readonly string[];
  readonly json: unknown;
}

export interface Command {
  /** `tokens create`: the words that call it. */
  readonly words: string;
  /** What follows the words, as the help shows it. */
  readonly usage: string;
  readonly summary: string;
  /** Flags with a value. */
  readonly flags: readonly string[];
  run(context: CliContext, given: Given): Promise<Said>;
}

export interface Given {
  readonly positionals: readonly string[];
  readonly flags: Readonly<Record<string, string | undefined>>;
}

/** @throws AppError `usage` */
export function need(value: string | undefined, what: string): string {
  if (value !== undefined && value !== '') return value;
  throw usageError(`${what} is missing.`);
}

export const usageError = (message: string): AppError =>
  new AppError(message, { kind: 'invalid', code: 'usage', advice: 'See: npm run lahetti -- help.' });

import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../errors.ts';
import type { Logger } from '../log.ts';

/** Why another system could not be used, in words for whoever runs us. */
export interface Trouble {
  readonly code: string;
  /** A sentence that names the system and where it was looked for; free of secrets. */
  readonly words: string;
  readonly advice: string;
  /** It may pass by itself: the system starts, or the network comes back. */
  readonly passes: boolean;
}

export interface Patience {
  /** Milliseconds from the first try until it is given up. */
  readonly limitMs: number;
  /** Ends the waiting at once. */
  readonly stopped: AbortSignal;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/** A system without which a process does not start. Whoever runs the process may start it again. */
export class NotReached extends AppError {
  /** EX_UNAVAILABLE where it may be there the next time, EX_CONFIG where somebody has to correct something first. */
  readonly exitCode: 69 | 78;

  constructor({ code, words, advice, passes }: Trouble, cause: unknown) {
    super(words, { kind: passes ? 'retryable' : 'invalid', code, advice, cause });
    this.exitCode = passes ? 69 : 78;
  }
}

const pauseMs = { first: 250, longest: 5_000 };

/**
 * Does what needs another system, and does it again while that does not answer, for a limited time: systems that are started
 * together come up in any order. Each try is a line in the log.
 *
 * @param troubleIn what an error of the work says of the system; null where it says nothing of it
 * @throws NotReached; what the work throws that is not about reaching the system; `stopped`'s reason
 */
export async function untilReached<T>(
  work: () => Promise<T>,
  troubleIn: (error: unknown) => Trouble | null,
  { limitMs, stopped, log }: Patience,
): Promise<T> {
  const givenUpAt = performance.now() + limitMs;
  for (let tries = 0; ; tries += 1) {
    try {
      const result = await work();
      if (tries > 0) log.info('it answers now: the start goes on');
      return result;
    } catch (error) {
      const trouble = troubleIn(error);
      if (!trouble) throw error;
      stopped.throwIfAborted();
      const leftMs = Math.max(0, givenUpAt - performance.now());
      if (!trouble.passes || leftMs === 0) throw new NotReached(trouble, error);
      log.warn({ code: trouble.code }, `${trouble.words} Trying again for ${Math.ceil(leftMs / 1_000)} s.`);
      const pause = Math.min(leftMs, pauseMs.longest, pauseMs.first * 2 ** tries);
      await delay(pause, undefined, { signal: stopped });
    }
  }
}

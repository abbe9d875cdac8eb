import { setTimeout as delay } from 'node:timers/promises';
import { notExamined, type LabelCheck } from './label-check.ts';
import { createLabelThread } from './thread.ts';

/** Looks at one label's file after the other, on a thread of its own: whatever is in one, it holds nobody else up. */
export interface LabelChecker {
  /** Never throws: what could not be looked at in time has that for a doubt. */
  check(pdf: Uint8Array): Promise<LabelCheck>;
  /** Ends the thread, which keeps no process alive. */
  close(): Promise<void>;
}

export interface LabelCheckerOptions {
  /** Milliseconds for one file. Default 5 s: a label takes a few milliseconds, the start of the thread up to a second. */
  readonly limitMs?: number;
  /** Milliseconds for one file and those before it. Default 10 s: within the time that a booking has beside its HTTP. */
  readonly patienceMs?: number;
}

export function createLabelChecker({ limitMs = 5_000, patienceMs = 10_000 }: LabelCheckerOptions = {}): LabelChecker {
  const thread = createLabelThread(limitMs);
  return {
    async check(pdf) {
      const enough = new AbortController();
      const patience = delay(patienceMs, notExamined, { signal: enough.signal });
      const looked = thread
        .run(() => ({ check: new Uint8Array(pdf) }))
        .then((reply) => ('checked' in reply ? reply.checked : notExamined))
        .catch(() => notExamined);
      try {
        return await Promise.race([looked, patience]);
      } finally {
        enough.abort();
        await patience.catch(() => undefined);
      }
    },
    close: () => thread.close(),
  };
}

import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  /** Of `performance.now()`. */
  readonly deadline: number;
  /** Somebody pressed Ctrl-C. */
  readonly stopAsked: AbortSignal;
}

/** Looks twice a second. A look that throws is one that saw nothing. @throws Error that says what did not come about */
export async function until(
  what: string,
  { deadline, stopAsked }: Patience,
  look: () => boolean | Promise<boolean>,
): Promise<void> {
  for (;;) {
    stopAsked.throwIfAborted();
    const seen = await Promise.resolve()
      .then(look)
      .catch(() => false);
    if (seen) return;
    if (performance.now() > deadline) throw new Error(`It did not come about in time that ${what}.`);
    await delay(500);
  }
}

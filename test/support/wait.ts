import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Milliseconds until it gives up. Default 5 s. */
  within?: number;
  /** Milliseconds between two looks. Default 25. */
  every?: number;
}

/**
 * Looks again until `look` gives something other than undefined and false, without throwing, and gives that back: return
 * the thing you wait for, or put `expect` calls into it. When the limit has passed it throws what the last look threw.
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  { within = 5_000, every = 25 }: EventuallyOptions = {},
): Promise<Exclude<T, undefined | false>> {
  const deadline = performance.now() + within;
  let failure: unknown;
  do {
    try {
      const seen = await look();
      if (seen !== undefined && seen !== false) return seen as Exclude<T, undefined | false>;
      failure = undefined;
    } catch (err) {
      failure = err;
    }
    await delay(every);
  } while (performance.now() < deadline);
  throw failure instanceof Error ? failure : new Error(`It did not come about within ${within} ms.`);
}

import { setTimeout as delay } from 'node:timers/promises';

const everyMs = 150;

/** Looks again and again until `look` gives something, at most so long; undefined where it never did. */
export async function waitUntil<T>(look: () => Promise<T | undefined>, withinMs: number): Promise<T | undefined> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined || performance.now() >= deadline) return seen;
    await delay(everyMs);
  }
}

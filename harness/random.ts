/** Numbers from 0 up to 1 that look random and come again with the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Deals `items` round after round, shuffled anew for each: every item has come before one comes again. */
export function* dealt<T>(items: readonly T[], seed: number): Generator<T, never> {
  const random = randomFrom(seed);
  for (;;) {
    const round = [...items];
    while (round.length > 0) yield* round.splice(Math.floor(random() * round.length), 1);
  }
}

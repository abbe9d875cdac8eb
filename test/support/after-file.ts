import { afterAll } from 'vitest';

/**
 * What is ended after the last test of the file. An `afterAll` that is set up within a `beforeAll` is never called, so
 * that this one is set up when the file is read.
 */
const ends: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const end of ends.toReversed()) await end();
});

/** From anywhere: the top of a file, a hook, a test. What was asked for last is ended first. */
export const afterFile = (end: () => Promise<void>): void => void ends.push(end);

import { expect, test } from 'vitest';
import { drainsInSeconds, type Measured } from '../../../src/health/drain.ts';

const a = (measured: Partial<Measured>): Measured => ({ waiting: 100, done: 50, came: 0, seconds: 10, ...measured });

test.each<[string, Measured, number | null]>([
  ['a hundred wait and five a second are done', a({}), 20],
  ['of five a second that are done, three are new ones', a({ came: 30 }), 50],
  ['nothing waits', a({ waiting: 0 }), null],
  ['as much comes as is done', a({ came: 50 }), null],
  ['it becomes more', a({ came: 80 }), null],
  ['nothing was done', a({ done: 0 }), null],
  ['a few were done, which is no rate yet', a({ done: 4 }), null],
  ['just enough were done', a({ done: 5, seconds: 5 }), 100],
  ['it has been measured for a moment only', a({ seconds: 2 }), null],
])('the time until a backlog is gone is foretold from its rate: %s', (_name, measured, seconds) => {
  expect(drainsInSeconds(measured)).toBe(seconds);
});

import { expect, test } from 'vitest';
import { compareUse, type ProcessUse, type Sample } from '../../soak/compare.ts';

const steady: ProcessUse = { residentMb: 200, sockets: 30, lagP50Ms: 10, lagP99Ms: 20 };
const early = { from: 240, to: 300 };
const late = { from: 1_140, to: 1_200 };

/** Six samples of a minute. */
const minute = (from: number, worker: Partial<ProcessUse>, connections = 40): Sample[] =>
  [0, 10, 20, 30, 40, 50].map((at) => ({
    at: from + at,
    load: 1,
    idleLagP99Ms: 11,
    connections,
    processes: { worker: { ...steady, ...worker } },
  }));

const missedOf = (samples: readonly Sample[]) =>
  compareUse(samples, early, late)
    .filter(({ met }) => met === false)
    .map(({ what }) => what);

test('what stays as it was, or grows by a fifth, keeps its bound', () => {
  expect(missedOf([...minute(240, {}), ...minute(1_140, { residentMb: 240, lagP99Ms: 24 }, 48)])).toEqual([]);
});

test('a value that grows by more than a fifth misses its bound, each for itself', () => {
  const grown = minute(1_140, { residentMb: 241, sockets: 37 }, 49);
  expect(missedOf([...minute(240, {}), ...grown])).toEqual([
    'worker: resident memory, MB',
    'worker: open sockets',
    'connections to the database',
  ]);
});

test('one outlying sample, and the samples between the minutes, are ignored', () => {
  const last = minute(1_140, {});
  const outlier = { ...last[2]!, processes: { worker: { ...steady, lagP99Ms: 900 } } };
  const between = minute(600, { residentMb: 900 });
  expect(missedOf([...minute(240, {}), ...between, ...last.with(2, outlier)])).toEqual([]);
});

test('a process that was not seen in one of the minutes misses its bounds', () => {
  const gone = minute(1_140, {}).map((sample) => ({ ...sample, processes: {} }));
  expect(missedOf([...minute(240, {}), ...gone])).toHaveLength(4);
});

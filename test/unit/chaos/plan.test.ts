import { expect, test } from 'vitest';
import { lies } from '../../chaos/harms/lies.ts';
import { moments } from '../../chaos/harms/moments.ts';
import { harmKinds, inWords, planHarms, type HarmKind } from '../../chaos/plan.ts';
import { percentile } from '../../chaos/summary.ts';

const seconds = 600;
const planOf = (seed: number, only: readonly HarmKind[] = harmKinds) => planHarms({ seed, seconds, only });

test('the same seed is the same plan, and another one is another', () => {
  expect(planOf(7)).toEqual(planOf(7));
  expect(planOf(7)).not.toEqual(planOf(8));
});

test('a kind that is left out changes nothing about the others', () => {
  const without = harmKinds.filter((kind) => kind !== 'network');
  expect(planOf(7, without)).toEqual(planOf(7).filter(({ kind }) => kind !== 'network'));
});

test('a run of ten minutes meets every kind, every lie and every boundary of a step', () => {
  const plan = planOf(1);
  expect(new Set(plan.map(({ kind }) => kind))).toEqual(new Set(harmKinds));
  const waysOf = (kind: string) => new Set(plan.filter((harm) => harm.kind === kind).map(({ way }) => way));
  expect(waysOf('lies')).toEqual(new Set(Object.keys(lies)));
  expect(waysOf('kill-at-moment')).toEqual(new Set(Object.keys(moments)));
});

test('a run of seconds meets every kind, too', () => {
  const plan = planHarms({ seed: 4, seconds: 20, only: harmKinds });
  expect(new Set(plan.map(({ kind }) => kind))).toEqual(new Set(harmKinds));
});

test("the engine's database is lost once, and PostgreSQL restarted every five to ten seconds in a part of the run", () => {
  const at = (kind: string) => planOf(3).flatMap((harm) => (harm.kind === kind ? [harm.at] : []));
  expect(at('lose-engine')).toHaveLength(1);
  const restarts = at('restart-postgres');
  const gaps = restarts.slice(1).map((time, i) => time - restarts[i]!);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4.9);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(10.1);
});

test('a planned harm reads as a line', () => {
  expect(inWords({ at: 12.34, kind: 'network', way: 'posti half-open', seconds: 2.5 })).toBe(
    '   12.3 s  network: posti half-open (2.5 s)',
  );
});

test('a percentile is a value that was measured', () => {
  expect(percentile([3, 1, 2], 0.5)).toBe(2);
  expect(percentile([3, 1, 2], 0.99)).toBe(3);
  expect(percentile([], 0.5)).toBeNull();
});

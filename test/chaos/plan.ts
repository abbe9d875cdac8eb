import { randomFrom } from '../../harness/random.ts';
import { lies } from './harms/lies.ts';
import { moments } from './harms/moments.ts';
import { interference } from './interference.ts';
import { detourModes, detourNames } from './detours.ts';

/** What can be done to the system, or to those that it talks with. */
export const harmKinds = [
  'kill-worker',
  'kill-api',
  'kill-at-moment',
  'restart-postgres',
  'restart-temporal',
  'lose-engine',
  'network',
  'lies',
  'webhooks',
  'terminate',
  'people',
] as const;

export type HarmKind = (typeof harmKinds)[number];

export interface PlannedHarm {
  /** Seconds after the first order. */
  readonly at: number;
  readonly kind: HarmKind;
  /** Which of the kind's ways: a moment, a lie, a detour and what becomes of it. */
  readonly way: string;
  /** For how long, where it lasts. */
  readonly seconds: number;
}

/** Seconds between two harms of a kind, on the average; those that are done once, or only in a part of the run, are below. */
const paces: Partial<Record<HarmKind, number>> = {
  'kill-worker': 15,
  'kill-api': 20,
  'kill-at-moment': 7,
  'restart-temporal': 45,
  network: 8,
  lies: 3,
  webhooks: 6,
  terminate: 5,
  people: 4,
};

/** Webhooks' fates, by the stand-in's switches. */
export const webhookFates = ['drop', 'duplicate', 'delay', 'reorder'] as const;

/** What is done and when, in order of time. Pure: the same seed, length and kinds are the same plan. */
export function planHarms(input: {
  readonly seed: number;
  readonly seconds: number;
  readonly only: readonly HarmKind[];
}): PlannedHarm[] {
  const { seed, seconds, only } = input;
  const plan = only.flatMap((kind) => {
    // A stream of its own for each kind: leaving one out does not change the others.
    const random = randomFrom(seed * 1_000 + harmKinds.indexOf(kind));
    const ways = waysOf(kind);
    return times(kind, seconds, random).map((at, i): PlannedHarm => {
      // In turn, so that a long run meets each of them, from a start that the seed decides.
      const way = ways[(i + seed) % ways.length] ?? '';
      return { at, kind, way, seconds: Math.round((1 + 3 * random()) * 10) / 10 };
    });
  });
  return plan.toSorted((a, b) => a.at - b.at || harmKinds.indexOf(a.kind) - harmKinds.indexOf(b.kind));
}

/** Long runs are harmed less often: what starts again takes its share of the machine, and something has to get done between. */
const slowerOverSeconds = 400;
const atMostSlower = 5;

/** Each kind at least once, however short the run is. */
function times(kind: HarmKind, seconds: number, random: () => number): number[] {
  const planned = usualTimes(kind, seconds, random);
  return planned.length > 0 ? planned : [Math.round(seconds * 40) / 100];
}

function usualTimes(kind: HarmKind, seconds: number, random: () => number): number[] {
  if (kind === 'lose-engine') return [seconds * 0.55];
  if (kind === 'restart-postgres') return postgresTimes(seconds, random);
  const pace = (paces[kind] ?? 10) * Math.min(atMostSlower, Math.max(1, seconds / slowerOverSeconds));
  return spread(1, seconds, () => pace * (0.4 + 1.2 * random()));
}

/** Every five to ten seconds, for a minute at most of every ten. */
function postgresTimes(seconds: number, random: () => number): number[] {
  const at: number[] = [];
  const lasts = Math.min(60, seconds * 0.2);
  for (let from = 0.3 * Math.min(600, seconds); from < seconds; from += 600) {
    at.push(...spread(from, Math.min(seconds, from + lasts), () => 5 + 5 * random()));
  }
  return at;
}

function spread(from: number, to: number, gap: () => number): number[] {
  const at: number[] = [];
  for (let time = from + gap() / 2; time < to; time += gap()) at.push(Math.round(time * 100) / 100);
  return at;
}

function waysOf(kind: HarmKind): readonly string[] {
  switch (kind) {
    case 'kill-at-moment':
      return Object.keys(moments);
    case 'lies':
      return Object.keys(lies);
    case 'network':
      return detourNames.flatMap((name) => detourModes.map((mode) => `${name} ${mode}`));
    case 'webhooks':
      return webhookFates;
    case 'people':
      return interference.map(({ name }) => name);
    case 'kill-worker':
      return ['1', '2', 'both'];
    case 'kill-api':
    case 'restart-postgres':
    case 'restart-temporal':
    case 'lose-engine':
    case 'terminate':
      return [];
    default:
      return kind satisfies never;
  }
}

export const inWords = ({ at, kind, way, seconds }: PlannedHarm): string =>
  `${at.toFixed(1).padStart(7)} s  ${kind}${way === '' ? '' : `: ${way}`} (${seconds} s)`;

import type { Finding } from '../support/finding.ts';

/** What a process uses at a moment. */
export interface ProcessUse {
  readonly residentMb: number;
  readonly sockets: number;
  /** Of the event loop, in milliseconds, since the sample before. */
  readonly lagP50Ms: number;
  readonly lagP99Ms: number;
  /** Of a worker: how many workflows it keeps in its memory (LAHETTI_MAX_CACHED_WORKFLOWS). */
  readonly cachedWorkflows?: number;
}

export interface Sample {
  /** Seconds after the first order. */
  readonly at: number;
  /** By the name of the process; one that is being started has none. */
  readonly processes: Readonly<Record<string, ProcessUse>>;
  /** To the database, of API and workers. */
  readonly connections: number;
  /** Of the machine, over a minute: what else it does is measured with us. */
  readonly load: number;
  /** Of a process that does nothing: what the machine adds to the delays of all. */
  readonly idleLagP99Ms: number;
}

export interface Window {
  readonly from: number;
  readonly to: number;
}

const mostGrowth = 1.2;

/** What each process is watched for; a figure without a bound only explains. */
const watched: readonly { readonly what: string; readonly of: keyof ProcessUse; readonly bounded: boolean }[] = [
  { what: 'resident memory, MB', of: 'residentMb', bounded: true },
  { what: 'open sockets', of: 'sockets', bounded: true },
  { what: 'event-loop delay p99, ms', of: 'lagP99Ms', bounded: true },
  { what: 'event-loop delay p50, ms', of: 'lagP50Ms', bounded: false },
  { what: 'workflows in its cache', of: 'cachedWorkflows', bounded: false },
];

/**
 * The median of a late window against that of an early one, for each process and each thing that it uses: at most 1.2 × is
 * allowed. Pure. A process that was not seen in one of them misses its bounds.
 */
export function compareUse(samples: readonly Sample[], early: Window, late: Window): Finding[] {
  const within = ({ from, to }: Window) => samples.filter(({ at }) => at >= from && at < to);
  const [before, after] = [within(early), within(late)];
  const names = [...new Set(samples.flatMap(({ processes }) => Object.keys(processes)))].sort();
  const finding = (what: string, valueOf: (sample: Sample) => number | undefined, bounded: boolean): Finding[] => {
    const [was, is] = [median(before.flatMap(some(valueOf))), median(after.flatMap(some(valueOf)))];
    if (was === null && is === null && !bounded) return []; // an API has no workflows
    const value = `${inWords(was)} → ${inWords(is)}`;
    if (was === null || is === null) return [{ what, value, bound: 'seen in both minutes', met: false }];
    const ratio = was === 0 ? (is === 0 ? 1 : Infinity) : is / was;
    const measured = { what, value: `${value} (${ratio.toFixed(2)} ×)` };
    return [bounded ? { ...measured, bound: `at most ${mostGrowth} ×`, met: ratio <= mostGrowth } : measured];
  };
  return [
    ...names.flatMap((name) =>
      watched.flatMap(({ what, of, bounded }) =>
        finding(`${name}: ${what}`, ({ processes }) => processes[name]?.[of], bounded),
      ),
    ),
    ...finding('connections to the database', ({ connections }) => connections, true),
    ...finding('load of the machine', ({ load }) => load, false),
    ...finding('event-loop delay p99 of a process that does nothing, ms', ({ idleLagP99Ms }) => idleLagP99Ms, false),
  ];
}

const some =
  (valueOf: (sample: Sample) => number | undefined) =>
  (sample: Sample): number[] => {
    const value = valueOf(sample);
    return value === undefined || Number.isNaN(value) ? [] : [value];
  };

/** Of an even number of values, the mean of the two in the middle; null of none. */
function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const inWords = (value: number | null): string =>
  value === null ? 'not seen' : value >= 100 ? value.toFixed(0) : value.toFixed(1);

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ask } from '../../harness/ask.ts';
import type { Topology } from '../../harness/topology.ts';
import { metricsOf } from '../soak/sampler.ts';

/** What the API and the metrics said of the backlog at a moment. Times are epoch milliseconds. */
export interface Glance {
  readonly at: number;
  readonly state: 'open' | 'paused' | 'closed';
  readonly waiting: number;
  readonly drainedAt: number | null;
  /** By the metrics of the API, which are at most some seconds old. */
  readonly metrics: { readonly waiting: number; readonly drainSeconds: number };
}

export interface OutlookWatch {
  readonly glances: readonly Glance[];
  stop(): Promise<void>;
}

const everyMs = 1_000;

/** Looks as a dashboard would: every second, as a viewer. A look that fails is left out. */
export function watchOutlook(topology: Topology): OutlookWatch {
  const glances: Glance[] = [];
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await glance(topology).then(
        (one) => glances.push(one),
        () => undefined,
      );
      await delay(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    glances,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

interface HealthAnswer {
  readonly booking: readonly {
    readonly state: Glance['state'];
    readonly waiting: number;
    readonly drainedAt: string | null;
  }[];
}

async function glance({ urls, memory, logFolder }: Topology): Promise<Glance> {
  const headers = { authorization: `Bearer ${memory.data.apiToken ?? ''}` };
  const health = await ask<HealthAnswer>('GET', `${urls.api}/api/v1/health`, undefined, headers);
  const at = Date.now();
  const text = await (
    await fetch(`${await metricsOf(join(logFolder, 'api.log'))}/metrics`, { signal: AbortSignal.timeout(10_000) })
  ).text();
  // The shops of the demo send by one account.
  const [{ state, waiting, drainedAt } = { state: 'open' as const, waiting: 0, drainedAt: null }] = health.booking;
  return {
    ...{ at, state, waiting },
    drainedAt: drainedAt === null ? null : Date.parse(drainedAt),
    metrics: {
      waiting: valueOf(text, 'lahetti_shipments_to_book'),
      drainSeconds: valueOf(text, 'lahetti_backlog_drain_seconds{of="booking"}'),
    },
  };
}

function valueOf(text: string, series: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  const value = line?.slice(series.length + 1);
  return value === '+Inf' ? Infinity : Number(value ?? Number.NaN);
}

export interface Foretold {
  /** Seconds that were said to be left. */
  readonly said: number;
  /** Seconds that it took from there. */
  readonly was: number;
}

/** What was said once half of the backlog was gone, and what came of it. Null where nothing was said then. */
export function foretoldAtHalf(
  glances: readonly Glance[],
  { from, most, drainedAt }: { readonly from: number; readonly most: number; readonly drainedAt: number },
): { readonly api: Foretold | null; readonly metrics: Foretold | null } {
  const late = glances.filter(({ at, waiting }) => at >= from && at < drainedAt && waiting <= most / 2 && waiting > 0);
  const api = late.find((one) => one.drainedAt !== null);
  const metrics = late.find((one) => Number.isFinite(one.metrics.drainSeconds) && one.metrics.drainSeconds > 0);
  const seconds = (ms: number) => Math.round(ms / 100) / 10;
  return {
    api: api ? { said: seconds(api.drainedAt! - api.at), was: seconds(drainedAt - api.at) } : null,
    metrics: metrics ? { said: metrics.metrics.drainSeconds, was: seconds(drainedAt - metrics.at) } : null,
  };
}

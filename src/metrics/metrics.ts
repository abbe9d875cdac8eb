import { collectDefaultMetrics, Registry } from 'prom-client';
import type { BigCommerceApi } from '../bigcommerce/api.ts';
import type { Db } from '../db/pool.ts';
import type { Engine } from '../temporal/client.ts';
import type { ExchangeSink } from '../exchanges/exchange.ts';
import type { Counters } from './webhook-counters.ts';
import type { RelayHealth } from '../inbox/relay.ts';
import type { Logger } from '../log.ts';
import { watchCalls } from './calls.ts';
import { meteredCounters } from './counters.ts';
import { addDatabaseGauges } from './database-gauges.ts';
import { addEngineGauge, addExchangeGauges, addQuotaGauge, addRelayGauges } from './process-gauges.ts';
import { requestTimer, type RequestTimer } from './request-timer.ts';

/**
 * What Prometheus reads of one process. Nothing in it is about a person, and every label has few values: names of ours,
 * never of stores, orders or paths.
 */
export interface Metrics {
  readonly counters: Counters;
  /** Measures each call to a shop or to Posti on its way into the log of exchanges. */
  calls(sink: ExchangeSink): ExchangeSink;
  readonly requests: RequestTimer;
  /** What becomes known only after the start. Each may be given once. */
  observe(sources: Partial<Observed>): void;
  /** Text of Prometheus' format from elsewhere, put after ours. Left out where it fails. */
  addText(source: () => Promise<string>): void;
  /** All of it, in Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
}

export interface Observed {
  /** What the database has: orders, attention, inbox, attempts, accounts. Read at most every few seconds. */
  readonly database: Db;
  readonly engine: Pick<Engine, 'health'>;
  readonly relay: { health(): RelayHealth };
  readonly exchanges: { readonly dropped: () => number };
  readonly bigcommerce: Pick<BigCommerceApi, 'quota'>;
}

export interface MetricsDeps {
  readonly log: Pick<Logger, 'warn'>;
}

export function createMetrics({ log }: MetricsDeps): Metrics {
  const registry = new Registry();
  // Process, garbage collection, and the delay of the event loop (nodejs_eventloop_lag_…, monitorEventLoopDelay).
  collectDefaultMetrics({ register: registry });
  const calls = watchCalls(registry);
  const texts: (() => Promise<string>)[] = [];
  return {
    counters: meteredCounters(registry),
    calls: (sink) => calls.watch(sink),
    requests: requestTimer(registry),
    observe({ database, engine, relay, exchanges, bigcommerce }) {
      if (database) addDatabaseGauges(registry, { db: database, log });
      if (engine) addEngineGauge(registry, engine);
      if (relay) addRelayGauges(registry, relay);
      if (exchanges) addExchangeGauges(registry, exchanges);
      if (bigcommerce) addQuotaGauge(registry, () => calls.storesCalled().map((store) => bigcommerce.quota(store)));
    },
    addText: (source) => void texts.push(source),
    async text() {
      const others = await Promise.allSettled(texts.map((source) => source()));
      const told = others.flatMap((other) => (other.status === 'fulfilled' ? [other.value] : []));
      return [await registry.metrics(), ...told].join('\n');
    },
    contentType: registry.contentType,
  };
}

import { Counter, Histogram, type Registry } from 'prom-client';
import type { ExchangeSink } from '../exchanges/exchange.ts';
import { fewValues } from './few-values.ts';

/** Up to the total time that one call may take (src/health/try-limits.ts), which is 30 s by default. */
const buckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60];

export interface WatchedCalls {
  watch(sink: ExchangeSink): ExchangeSink;
  /** Hashes of the stores that were called, the first thousand. */
  storesCalled(): readonly string[];
}

/** Measures every call to a shop or to Posti by what it was for (`read order`, `book shipment`): the route in our words. */
export function watchCalls(registry: Registry): WatchedCalls {
  const duration = new Histogram({
    name: 'lahetti_call_duration_seconds',
    help: 'Duration of calls to a system, by what they were for.',
    labelNames: ['system', 'purpose'],
    buckets,
    registers: [registry],
  });
  const calls = new Counter({
    name: 'lahetti_calls_total',
    help: 'Calls to a system, by the class of the answer: 2xx, 4xx, 5xx, or none.',
    labelNames: ['system', 'purpose', 'answer'],
    registers: [registry],
  });
  const failures = new Counter({
    name: 'lahetti_call_failures_total',
    help: 'Calls to a system that failed, by the code of the error.',
    labelNames: ['system', 'code'],
    registers: [registry],
  });
  const [purposeOf, codeOf] = [fewValues(60), fewValues(60)];
  const stores = new Set<string>();
  const watch =
    (sink: ExchangeSink): ExchangeSink =>
    (exchange) => {
      const { system, account, status, durationMs, errorCode } = exchange;
      if (system === 'bigcommerce' && stores.size < 1_000) stores.add(account);
      const purpose = purposeOf(exchange.purpose);
      duration.observe({ system, purpose }, durationMs / 1000);
      calls.inc({ system, purpose, answer: status === null ? 'none' : `${Math.floor(status / 100)}xx` });
      if (errorCode !== null) failures.inc({ system, code: codeOf(errorCode) });
      sink(exchange);
    };
  return { watch, storesCalled: () => [...stores] };
}

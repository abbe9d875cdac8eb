import { Counter, type Registry } from 'prom-client';
import { createCounters, type CounterName, type Counters } from './webhook-counters.ts';

const metrics: Record<CounterName, { readonly name: string; readonly help: string }> = {
  webhooks: { name: 'lahetti_webhooks_total', help: 'Webhooks that came, by what became of them.' },
};

/** The counters of the HTTP side, counted for Prometheus too. */
export function meteredCounters(registry: Registry): Counters {
  const counters = createCounters();
  const metered = new Map<CounterName, Counter<'outcome'>>(
    Object.entries(metrics).map(([counter, { name, help }]) => [
      counter as CounterName,
      new Counter({ name, help, labelNames: ['outcome'], registers: [registry] }),
    ]),
  );
  return {
    ...counters,
    count(name, outcome) {
      counters.count(name, outcome);
      metered.get(name)?.inc({ outcome });
    },
  };
}

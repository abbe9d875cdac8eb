import { Counter, Gauge, type Registry } from 'prom-client';
import type { Quota } from '../bigcommerce/api.ts';
import type { Engine } from '../temporal/client.ts';
import type { RelayHealth } from '../inbox/relay.ts';

/** Whether the engine answers, asked at each reading (it takes two seconds at most). */
export function addEngineGauge(registry: Registry, engine: Pick<Engine, 'health'>): void {
  new Gauge({
    name: 'lahetti_engine_up',
    help: '1 where the engine (Temporal) answers this process.',
    registers: [registry],
    async collect() {
      this.set((await engine.health()).ok ? 1 : 0);
    },
  });
}

export function addRelayGauges(registry: Registry, relay: { health(): RelayHealth }): void {
  new Gauge({
    name: 'lahetti_relay_in_flight',
    help: 'Hints and commands that this process is handing to the engine.',
    registers: [registry],
    collect() {
      this.set(relay.health().inFlight);
    },
  });
  new Gauge({
    name: 'lahetti_relay_trouble',
    help: '1 while this process has trouble with the database or the engine.',
    labelNames: ['with'],
    registers: [registry],
    collect() {
      const { database, engine } = relay.health().trouble;
      this.set({ with: 'database' }, database === null ? 0 : 1);
      this.set({ with: 'engine' }, engine === null ? 0 : 1);
    },
  });
  counted(registry, 'lahetti_relay_dispatched_total', 'Dispatches of an order’s hints to the engine.', () => ({
    dispatched: relay.health().hints.dispatched,
    coalesced: relay.health().hints.coalesced,
  }));
}

export function addExchangeGauges(registry: Registry, exchanges: { readonly dropped: () => number }): void {
  counted(registry, 'lahetti_exchanges_dropped_total', 'Calls that could not be logged.', () => ({
    all: exchanges.dropped(),
  }));
}

/** A quota that was seen longer ago than this says nothing any more: windows are of 30 s (bigcommerce.md 6.1). */
const quotaFreshMs = 60_000;

/** The smallest share of its quota that any store has left: who is short of it is in the log, not in a label. */
export function addQuotaGauge(registry: Registry, quotas: () => readonly (Quota | undefined)[]): void {
  new Gauge({
    name: 'lahetti_bigcommerce_quota_left_ratio',
    help: 'Of the stores that this process called in the last minute: the smallest share of a request quota left, 1 where none was called.',
    registers: [registry],
    collect() {
      const now = Date.now();
      const shares = quotas()
        .filter((quota) => quota !== undefined)
        .filter(({ seenAt, resetsAt }) => now - seenAt.getTime() < quotaFreshMs && resetsAt.getTime() > now)
        .map(({ requestsLeft, requestsQuota }) => (requestsQuota ? Math.min(1, requestsLeft / requestsQuota) : 1));
      this.set(Math.min(1, ...shares));
    },
  });
}

/** A count that is kept elsewhere, by name. */
function counted(registry: Registry, name: string, help: string, read: () => Record<string, number>): void {
  new Counter({
    name,
    help,
    labelNames: ['what'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [what, count] of Object.entries(read())) this.inc({ what }, count);
    },
  });
}

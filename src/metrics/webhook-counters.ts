/** What the HTTP side counts, in this process since it started. A metrics registry can take the interface over. */
export interface Counters {
  count(name: CounterName, outcome: string): void;
  /** How often it was counted. */
  read(name: CounterName, outcome: string): number;
  all(): { name: CounterName; outcome: string; count: number }[];
}

/** Requests are measured by route, method and status (src/metrics/request-timer.ts); a webhook is more than its status. */
export type CounterName = 'webhooks';

export function createCounters(): Counters {
  const counts = new Map<CounterName, Map<string, number>>();
  return {
    count(name, outcome) {
      const outcomes = counts.get(name) ?? new Map<string, number>();
      counts.set(name, outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1));
    },
    read: (name, outcome) => counts.get(name)?.get(outcome) ?? 0,
    all: () =>
      [...counts].flatMap(([name, outcomes]) => [...outcomes].map(([outcome, count]) => ({ name, outcome, count }))),
  };
}

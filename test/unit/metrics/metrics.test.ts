import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../../src/exchanges/exchange.ts';
import { createDrainEstimate, drainSeconds } from '../../../src/metrics/drain.ts';
import { fewValues } from '../../../src/metrics/few-values.ts';
import { createMetrics } from '../../../src/metrics/metrics.ts';
import { serveMetrics } from '../../../src/metrics/server.ts';
import { anExchange } from '../../support/exchange.ts';

const quiet = { warn: () => {} };

describe('calls to other systems', () => {
  test('calls to other systems are measured by their purpose, and handed on', async () => {
    const metrics = createMetrics({ log: quiet });
    const kept: Exchange[] = [];
    const sink = metrics.calls((exchange) => void kept.push(exchange));
    sink(anExchange());
    sink(
      anExchange({ system: 'posti', purpose: 'book shipment', status: null, errorCode: 'timeout', durationMs: 30_000 }),
    );
    expect(kept).toHaveLength(2);
    const text = await metrics.text();
    expect(text).toContain('lahetti_call_duration_seconds_count{system="bigcommerce",purpose="read order"} 1');
    expect(text).toContain('lahetti_calls_total{system="posti",purpose="book shipment",answer="none"} 1');
    expect(text).toContain('lahetti_call_failures_total{system="posti",code="timeout"} 1');
  });

  test('calls to other systems leave no store, order or path in a label', async () => {
    const metrics = createMetrics({ log: quiet });
    metrics.calls(() => {})(anExchange());
    expect(await metrics.text()).not.toMatch(/kauppa1|orders\/7/);
  });

  test('calls to the shop show the smallest share of its quota that any store has left', async () => {
    const metrics = createMetrics({ log: quiet });
    const now = new Date();
    const quota = (requestsLeft: number) => ({
      ...{ requestsLeft, requestsQuota: 150, seenAt: now, resetsAt: new Date(now.getTime() + 20_000) },
    });
    const left = new Map([
      ['kauppa1', quota(120)],
      ['kauppa2', quota(30)],
    ]);
    metrics.observe({ bigcommerce: { quota: (store) => left.get(store) } });
    expect(await metrics.text()).toContain('lahetti_bigcommerce_quota_left_ratio 1');
    const sink = metrics.calls(() => {});
    for (const account of left.keys()) sink(anExchange({ account }));
    expect(await metrics.text()).toContain('lahetti_bigcommerce_quota_left_ratio 0.2');
  });
});

test('a label has few values, whatever a caller sends', () => {
  const label = fewValues(2);
  expect(['a', 'b', 'c', 'a', '"}\n'].map(label)).toEqual(['a', 'b', 'other', 'a', 'other']);
});

describe('the time until a backlog is gone', () => {
  test.each([
    { name: 'nothing waits', before: 40, now: 0, seconds: 0 },
    { name: 'it halved in a minute', before: 100, now: 50, seconds: 60 },
    { name: 'it grows', before: 50, now: 60, seconds: Infinity },
    { name: 'it stands', before: 50, now: 50, seconds: Infinity },
  ])('the time until a backlog is gone is measured: $name', ({ before, now, seconds }) => {
    expect(drainSeconds({ atMs: 0, waiting: before }, { atMs: 60_000, waiting: now })).toBeCloseTo(seconds);
  });

  test('the time until a backlog is gone is counted from its peak, and forgets what is older than five minutes', () => {
    const estimate = createDrainEstimate();
    estimate({ atMs: 0, waiting: 10 });
    expect(estimate({ atMs: 60_000, waiting: 200 })).toBe(Infinity);
    expect(estimate({ atMs: 120_000, waiting: 100 })).toBeCloseTo(60);
    expect(estimate({ atMs: 500_000, waiting: 100 })).toBe(Infinity);
  });
});

test('a worker serves its metrics and its liveness, and nothing else', async () => {
  const metrics = createMetrics({ log: quiet });
  metrics.addText(() => Promise.resolve('temporal_num_pollers{queue="orders"} 3'));
  metrics.addText(() => Promise.reject(new Error('away')));
  const server = await serveMetrics(metrics, { host: '127.0.0.1', port: 0 });
  try {
    const answer = await fetch(`${server.url}/metrics`);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    const text = await answer.text();
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
    expect(text).toContain('temporal_num_pollers{queue="orders"} 3');
    expect((await fetch(`${server.url}/livez`)).status).toBe(200);
    expect((await fetch(`${server.url}/else`)).status).toBe(404);
    expect((await fetch(`${server.url}/metrics`, { method: 'POST' })).status).toBe(405);
  } finally {
    await server.stop();
  }
});

import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Pool } from '../../src/db/pool.ts';
import { stopUntil } from '../../src/health/system-health.sql.ts';
import { createMetrics, type Metrics } from '../../src/metrics/metrics.ts';
import { serveMetrics } from '../../src/metrics/server.ts';
import { createDatabaseReader } from '../../src/metrics/database-reader.ts';
import { anExchange } from '../support/exchange.ts';
import { anOrderDesk, type OrderDesk } from '../db/order-desk.ts';
import { testDatabase, type TestDatabase } from '../support/postgres.ts';
import { serveApp } from './served-app.ts';

let db: TestDatabase;
const quiet = { warn: () => {} };

beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  await db.pool.query('truncate lahetti.stores, lahetti.inbox, lahetti.system_health restart identity cascade');
});

const textOf = async (pool: Pool = db.pool): Promise<string> => {
  const metrics = createMetrics({ log: quiet });
  metrics.observe({ database: pool });
  return metrics.text();
};

describe('what the database has', () => {
  test('the metrics count orders by phase, attention by reason, and shipments that could be booked', async () => {
    const [wellKnown, strange] = [await anOrderDesk(db.pool), await anOrderDesk(db.pool)];
    strange.chooseSettings({ services: {}, defaultService: null });
    await wellKnown.look();
    await strange.look();
    const text = await textOf();
    expect(text).toContain('lahetti_orders{phase="under_way"} 1');
    expect(text).toContain('lahetti_orders{phase="needs_attention"} 1');
    expect(text).toContain('lahetti_attention{reason="service_not_chosen"} 1');
    expect(text).toContain('lahetti_shipments_to_book 1');
    expect(text).toContain('lahetti_database_up 1');
  });

  test('the metrics count a parcel that moves though its shipment has ended as waiting for a person', async () => {
    const desk = await anOrderDesk(db.pool);
    await desk.look();
    await desk.command('cancel', { n: 1 });
    await db.pool.query(
      `update lahetti.shipments set attention = '{"code": "scan_on_orphan", "since": "2026-03-01", "commands": ["resolve"]}'`,
    );
    await db.pool.query(`update lahetti.orders set phase = 'needs_attention'`);
    expect(await textOf()).toContain('lahetti_attention{reason="scan_on_orphan"} 1');
  });

  test('the metrics count attempts by state and possible orphans', async () => {
    const desk = await anOrderDesk(db.pool);
    await desk.look();
    desk.carrier.answers.push(() => ({ outcome: 'unknown', code: 'timeout', trackingNumbers: [] }));
    await desk.book().catch(() => undefined);
    const text = await textOf();
    expect(text).toContain('lahetti_attempts_last_day{state="unknown"} 1');
    expect(text).toContain('lahetti_watched_references{watch="possible_orphan"} 1');
  });

  test('the metrics count the inbox with its age', async () => {
    const { store } = await anOrderDesk(db.pool);
    await db.pool.query(
      `insert into lahetti.inbox (store_id, order_id, source, delivery_key, received_at)
       select $1, o, 'webhook', 'key' || o, now() - interval '90 seconds' from generate_series(1, 3) o`,
      [store.id],
    );
    const text = await textOf();
    expect(text).toContain('lahetti_inbox_hints 3');
    expect(Number(/^lahetti_inbox_oldest_hint_seconds (\S+)$/m.exec(text)?.[1])).toBeGreaterThanOrEqual(90);
    expect(text).toContain('lahetti_backlog_drain_seconds{of="inbox"} +Inf');
    expect(text).toContain('lahetti_backlog_drain_seconds{of="booking"} 0');
  });

  test('the metrics count closed and paused accounts by system, without their names', async () => {
    await stopUntil(db.pool, { system: 'bigcommerce', account: 'kauppa1' }, 'closed', 'token_refused', 60_000);
    await stopUntil(db.pool, { system: 'posti', account: '1' }, 'paused', 'throttled', 60_000);
    const text = await textOf();
    expect(text).toContain('lahetti_system_accounts{system="bigcommerce",state="closed"} 1');
    expect(text).toContain('lahetti_system_accounts{system="posti",state="paused"} 1');
    expect(text).not.toContain('kauppa1');
  });

  test('the metrics show the age of the last successful sweep, of the store where it is longest', async () => {
    const { store } = await anOrderDesk(db.pool);
    await db.pool.query(`update lahetti.stores set connected_at = now() - interval '2 hours'`);
    await db.pool.query(
      `insert into lahetti.runs (store_id, kind, started_at, ended_at, failure) values
         ($1, 'sweep', now() - interval '20 minutes', now(), null), ($1, 'sweep', now(), now(), 'away')`,
      [store.id],
    );
    const age = Number(/^lahetti_schedule_age_seconds\{schedule="sweep"\} (\S+)$/m.exec(await textOf())?.[1]);
    expect(age).toBeGreaterThanOrEqual(1_200);
    expect(age).toBeLessThan(1_500);
  });

  test('the metrics of the database are read once for all scrapes of the same seconds', async () => {
    let statements = 0;
    const counting = {
      query: (...given: Parameters<Pool['query']>) => {
        statements += 1;
        return db.pool.query(...given);
      },
    } as unknown as Pool;
    const reader = createDatabaseReader({ db: counting, log: quiet });
    await Promise.all([reader.read(), reader.read()]);
    const once = statements;
    await reader.read();
    expect(statements).toBe(once);
    expect(once).toBeGreaterThan(0);
  });

  test('the metrics of the database are left out, and the database called down, where it does not answer', async () => {
    const away = { query: () => Promise.reject(new Error('away')) } as unknown as Pool;
    const text = await textOf(away);
    expect(text).toContain('lahetti_database_up 0');
    expect(text).not.toMatch(/^lahetti_(inbox_hints|orders)\b/m);
  });
});

/** As Prometheus reads them. */
async function scrape(metrics: Metrics): Promise<string> {
  const server = await serveMetrics(metrics, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.stop());
  return (await fetch(`${server.url}/metrics`)).text();
}

describe('GET /metrics of the API', () => {
  async function served() {
    const metrics = createMetrics({ log: quiet });
    metrics.observe({
      database: db.pool,
      engine: { health: () => Promise.resolve({ ok: true, tookMs: 1, problem: null }) },
    });
    const app = await serveApp(db.pool, { metrics, counters: metrics.counters });
    onTestFinished(() => app.close());
    return { ...app, scrape: () => scrape(metrics) };
  }

  test('the metrics of the API count webhooks by outcome, and time requests by the pattern of their route', async () => {
    const app = await served();
    await fetch(`${app.url}/webhooks/bigcommerce/nobody`, { method: 'POST', body: '{}' });
    await fetch(`${app.url}/livez`);
    await fetch(`${app.url}/some/path/aino@example.com`);
    const text = await app.scrape();
    expect(text).toContain('lahetti_webhooks_total{outcome="unknown_store"} 1');
    expect(text).toContain(
      'lahetti_http_request_duration_seconds_count{method="POST",route="/webhooks/bigcommerce/:storeHash",status="401"} 1',
    );
    expect(text).toContain('lahetti_engine_up 1');
    expect(text).not.toMatch(/nobody|aino/);
  });

  test('the metrics of the API hold every figure that operators watch, with its value, in one scrape', async () => {
    const desks = await Promise.all([1, 2, 3].map(() => anOrderDesk(db.pool)));
    const [booked, strange, unsure] = desks as [OrderDesk, OrderDesk, OrderDesk];
    strange.chooseSettings({ services: {}, defaultService: null });
    unsure.carrier.answers.push(() => ({ outcome: 'unknown', code: 'timeout', trackingNumbers: [] }));
    for (const desk of desks) await desk.look();
    await booked.book();
    await unsure.book().catch(() => undefined);
    await db.pool.query(
      `insert into lahetti.inbox (store_id, order_id, source, delivery_key, received_at)
       values ($1, 1, 'webhook', 'a key', now() - interval '90 seconds')`,
      [booked.store.id],
    );
    const metrics = createMetrics({ log: quiet });
    const now = new Date();
    const quota = { requestsLeft: 30, requestsQuota: 150, seenAt: now, resetsAt: new Date(now.getTime() + 30_000) };
    metrics.observe({ database: db.pool, bigcommerce: { quota: () => quota } });
    metrics.addText(() => Promise.resolve('temporal_num_pollers{poller_type="workflow_task"} 10'));
    const call = metrics.calls(() => {});
    call(anExchange({ system: 'bigcommerce', purpose: 'read order', durationMs: 120 }));
    call(
      anExchange({ system: 'posti', purpose: 'book shipment', durationMs: 700, status: 503, errorCode: 'posti_away' }),
    );
    const text = await scrape(metrics);
    const valueOf = (series: string) => {
      const line = text.split('\n').find((each) => each.startsWith(`${series} `));
      return line === undefined ? null : Number(line.slice(series.length));
    };
    const figures: Record<string, number> = {
      // Orders by state, attention by reason.
      'lahetti_orders{phase="under_way"}': 2,
      'lahetti_orders{phase="needs_attention"}': 1,
      'lahetti_attention{reason="service_not_chosen"}': 1,
      // Attempts.
      'lahetti_attempts_last_day{state="live"}': 1,
      'lahetti_attempts_last_day{state="unknown"}': 1,
      // Latencies and errors of shop and carrier.
      'lahetti_call_duration_seconds_sum{system="bigcommerce",purpose="read order"}': 0.12,
      'lahetti_call_duration_seconds_sum{system="posti",purpose="book shipment"}': 0.7,
      'lahetti_calls_total{system="bigcommerce",purpose="read order",answer="2xx"}': 1,
      'lahetti_calls_total{system="posti",purpose="book shipment",answer="5xx"}': 1,
      'lahetti_call_failures_total{system="posti",code="posti_away"}': 1,
      // Budget left; and what the Temporal worker says of itself (test/workflows/engine-metrics.test.ts has the real one).
      lahetti_bigcommerce_quota_left_ratio: 0.2,
      'temporal_num_pollers{poller_type="workflow_task"}': 10,
    };
    expect(Object.fromEntries(Object.keys(figures).map((series) => [series, valueOf(series)]))).toEqual(figures);
    // The age of the inbox, and the delay of the event loop.
    expect(valueOf('lahetti_inbox_oldest_hint_seconds')).toBeGreaterThanOrEqual(90);
    expect(valueOf('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
  });

  test('the metrics of the API count requests by method, route and status', async () => {
    const app = await served();
    for (const path of ['/livez', '/livez', '/nothing']) await fetch(app.url + path);
    const text = await app.scrape();
    expect(text).toContain('lahetti_http_request_duration_seconds_count{method="GET",route="/livez",status="200"} 2');
    expect(text).toContain('lahetti_http_request_duration_seconds_count{method="GET",route="none",status="404"} 1');
  });

  test('the metrics of the API are served by a listener of their own, and not where webhooks and the API are', async () => {
    const app = await served();
    expect(await app.scrape()).toContain('lahetti_orders');
    for (const headers of [{}, { 'x-forwarded-for': '203.0.113.7' }] as Record<string, string>[]) {
      const answer = await fetch(`${app.url}/metrics`, { headers });
      expect(answer.status).toBe(404);
      expect(await answer.text()).not.toContain('lahetti_orders');
    }
  });
});

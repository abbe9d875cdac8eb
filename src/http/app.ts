import express, { type Express } from 'express';
import type { Pool } from '../db/pool.ts';
import type { Engine } from '../temporal/client.ts';
import { createHintKeeper } from '../inbox/keep-hints.ts';
import { createRelayWaker } from '../inbox/wake-relay.ts';
import type { Logger } from '../log.ts';
import type { LogScope } from '../log-scope.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Stores } from '../stores/store.ts';
import { createUninstaller } from '../stores/uninstalled.ts';
import { noTraces, type Traces } from '../tracing/traces.ts';
import { apiRoutes } from './api/routes.ts';
import type { ApiDeps } from './api/deps.ts';
import type { Counters } from '../metrics/webhook-counters.ts';
import { healthRoutes } from './health.ts';
import { measureRequests } from './metrics.ts';
import { noSuchPath, problemHandler } from './problems.ts';
import { securityHeaders } from './security-headers.ts';
import type { RequestLimits } from './rate-limits.ts';
import { requestIds } from './request-ids.ts';
import { createWebhookReceiver } from './webhooks/receiver.ts';
import { webhookRoutes } from './webhooks/routes.ts';

export interface AppDeps extends Pick<
  ApiDeps,
  'bigcommerce' | 'publicUrl' | 'examineStore' | 'changes' | 'eventLimits'
> {
  readonly pool: Pool;
  readonly stores: Stores;
  readonly engine: Pick<Engine, 'liveState' | 'health'>;
  readonly counters: Counters;
  /** What requests are measured with. They are served by a listener of their own (src/metrics/server.ts). */
  readonly metrics?: Metrics;
  readonly log: Logger;
  /** Where lines that are logged for a request get its id from. */
  readonly scope?: Pick<LogScope, 'run'>;
  /** Default: none. */
  readonly traces?: Pick<Traces, 'keeping'>;
  /** Milliseconds since 1970; judges the age of signatures. */
  readonly clock?: () => number;
  /** Milliseconds after which a webhook is answered with 503. */
  readonly webhookPatienceMs?: number;
  /** Milliseconds after which a command that has no outcome yet is answered with 202. */
  readonly commandPatienceMs?: number;
  /** Of the API. Default: none. */
  readonly limits?: RequestLimits;
  /** Addresses and networks of proxies that may say for whom they ask (`X-Forwarded-For`). Default: none. */
  readonly trustedProxies?: readonly string[];
}

/** Everything that is served over HTTP. Listening, and stopping, is the entry point's. */
export function createApp(deps: AppDeps): Express {
  const { pool, stores, engine, counters, log, traces = noTraces } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // Before all else: also an answer that no route of ours gives has them.
  app.use(securityHeaders());
  if (deps.scope) app.use(requestIds(deps.scope));
  if (deps.metrics) app.use(measureRequests(deps.metrics));
  app.set('trust proxy', [...(deps.trustedProxies ?? [])]);

  const wakeRelay = createRelayWaker({ pool });
  const keepHint = createHintKeeper({ pool });
  const receive = createWebhookReceiver({
    verification: (storeHash) => stores.webhookVerification(storeHash),
    keepHint: async (hint) => {
      const fresh = await traces.keeping(hint, () => keepHint(hint));
      if (fresh) wakeRelay();
      return fresh;
    },
    uninstalled: createUninstaller({ stores, api: deps.bigcommerce }),
    informationChanged: (storeHash) => stores.informationChanged(storeHash),
    counters,
    log,
    ...(deps.clock ? { clock: deps.clock } : {}),
    ...(deps.webhookPatienceMs === undefined ? {} : { patienceMs: deps.webhookPatienceMs }),
  });
  app.use('/webhooks', webhookRoutes({ receive, counters }));

  app.use(healthRoutes({ db: pool, engine }));
  app.use('/api/v1', apiRoutes(deps));

  app.use(noSuchPath);
  app.use(problemHandler(log));
  return app;
}

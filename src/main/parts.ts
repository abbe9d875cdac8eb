import type { Carriers } from '../../activities/deps.ts';
import { createBigCommerce } from '../bigcommerce/client.ts';
import type { BigCommerceApi } from '../bigcommerce/api.ts';
import type { Config } from '../config.ts';
import { createEngine, type Engine } from '../temporal/client.ts';
import { gatherHintsMs } from '../temporal/timings.ts';
import { examineStore } from '../doctor/examine.ts';
import type { Finding } from '../doctor/finding.ts';
import { createExchangeLog } from '../exchanges/log.ts';
import { createShopBudget } from '../stores/shop-budget.ts';
import { createSystemHealth, type SystemHealth } from '../health/system-health.ts';
import type { TryLimits } from '../health/try-limits.ts';
import { createHttpSender } from '../http-client/sender.ts';
import { createRelay, type Relay } from '../inbox/relay.ts';
import type { Logger } from '../log.ts';
import { createLogScope, type LogScope } from '../log-scope.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import { createNotifier, type Notifier } from '../notices/notifier.ts';
import { createSecretBox, loadOrCreateSecretKeys } from '../stores/secrets.ts';
import type { Stores } from '../stores/store.ts';
import { createStores } from '../stores/connected-stores.ts';
import { noTraces, type Traces } from '../tracing/traces.ts';
import { createCarriers } from './carriers.ts';
import { openEngine, type OpenEngine } from './engine.ts';
import { openGround, type EngineCare, type Ground } from './ground.ts';
import { hostsOfProcess } from './our-stores.ts';
import { timeOutsOf } from './time-outs.ts';

/** What tells which lines and calls belong together. */
export interface Belonging {
  readonly scope: LogScope;
  readonly traces: Traces;
}

/** What API and worker are made from, opened in the order in which it stands on itself. */
export interface Parts extends Ground, Belonging {
  readonly log: Logger;
  readonly temporal: OpenEngine;
  readonly engine: Engine;
  readonly stores: Stores;
  readonly bigcommerce: BigCommerceApi;
  readonly carriers: Carriers;
  readonly health: SystemHealth;
  readonly limits: TryLimits;
  readonly relay: Relay;
  readonly notifier: Notifier;
  readonly metrics: Metrics;
  /** Looks at a store as the doctor does. */
  readonly examineStore: (storeHash: string, options: { readonly again: boolean }) => Promise<Finding[]>;
}

const clock = { now: () => new Date() };

export async function openParts(
  config: Config,
  log: Logger,
  { scope, traces }: Belonging = { scope: createLogScope(), traces: noTraces },
  care: EngineCare = {},
): Promise<Parts> {
  const ground = await openGround(config, log, care);
  const { pool, databaseUrl } = ground;
  const metrics = createMetrics({ log });
  const exchangeLog = createExchangeLog({ pool, log });
  const exchanges = { ...exchangeLog, sink: metrics.calls(exchangeLog.sink) };
  const timeOuts = timeOutsOf(config);
  const sender = traces.sender(createHttpSender(timeOuts.sender));
  const temporal = await openEngine(config, log, care).catch(async (error: unknown) => {
    await ground.close();
    throw error;
  });

  const keys = await loadOrCreateSecretKeys({
    configured: config.secretKeys,
    stateDir: config.stateDir,
    production: config.production,
  });
  const stores = createStores({ pool, secretBox: createSecretBox(keys), ...hostsOfProcess(config) });
  const { connection, namespace } = temporal;
  const engine = createEngine({ connection, namespace, traces, ...timeOuts.engine });

  const bigcommerce = createBigCommerce({
    ...{ baseUrl: config.bigcommerce.apiUrl, sender, log: exchanges.sink, clock },
    budget: createShopBudget({
      ...{ pool, leftToOthers: config.bigcommerce.quotaLeftToOthers },
      ...timeOuts.shopBudget,
    }),
  });
  const relay = createRelay({ pool, databaseUrl, engine, log, traces, gatherMs: gatherHintsMs(config.speed) });
  metrics.observe({ database: pool, engine, relay, exchanges, bigcommerce });

  const carriers = createCarriers({ config, stores, sender, log: exchanges.sink });
  const doctor = {
    ...{ pool, stores, api: bigcommerce, engine, sender, now: clock.now, publicUrl: config.http.publicUrl },
    httpsOnly: config.bigcommerce.apiUrl.startsWith('https:'),
    postiOf: (storeHash: string) => carriers.find(storeHash),
    postiAddresses: config.posti,
  };

  return {
    ...ground,
    log,
    scope,
    traces,
    temporal,
    engine,
    stores,
    ...timeOuts.steps,
    bigcommerce,
    carriers,
    examineStore: (storeHash, options) => examineStore(storeHash, doctor, options),
    health: createSystemHealth({ pool, log, speed: config.speed }),
    relay,
    notifier: createNotifier({ pool, sender, log, receiver: config.notices, speed: config.speed }),
    metrics,
    close: async () => {
      await sender.close();
      await exchanges.flush();
      await temporal.close();
      await ground.close();
    },
  };
}

import type { Carriers } from '../../activities/deps.ts';
import { createBigCommerce } from '../bigcommerce/client.ts';
import type { BigCommerceApi } from '../bigcommerce/api.ts';
import type { Config } from '../config.ts';
import { createEngine, type Engine } from '../engine/client.ts';
import { timingsAt } from '../engine/timings.ts';
import { AppError } from '../errors.ts';
import { createExchangeLog, type ExchangeLog } from '../exchanges/log.ts';
import { createSystemHealth, type SystemHealth } from '../health/system-health.ts';
import { tryLimits, type TryLimits } from '../health/try-limits.ts';
import { createHttpSender, type HttpSender } from '../http-sender/sender.ts';
import { createRelay, type Relay } from '../inbox/relay.ts';
import type { Logger } from '../log.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import { createPostiCarrier, type PostiCarrier } from '../posti/carrier.ts';
import { createSecretBox, loadOrCreateSecretKeys } from '../stores/secrets.ts';
import { createStores, type CarrierAccount, type Stores } from '../stores/store.ts';
import { openEngine, type OpenEngine } from './engine.ts';
import { openGround, type Ground } from './ground.ts';

/** What API and worker are made from, opened in the order in which it stands on itself. */
export interface Parts extends Ground {
  readonly log: Logger;
  readonly temporal: OpenEngine;
  readonly engine: Engine;
  readonly stores: Stores;
  readonly bigcommerce: BigCommerceApi;
  readonly carriers: Carriers;
  readonly health: SystemHealth;
  readonly limits: TryLimits;
  readonly relay: Relay;
  readonly metrics: Metrics;
}

const version = '0.1.0';
const clock = { now: () => new Date() };

export async function openParts(config: Config, log: Logger): Promise<Parts> {
  const ground = await openGround(config, log);
  const { pool, databaseUrl } = ground;
  const metrics = createMetrics({ log });
  const exchangeLog = createExchangeLog({ pool, log });
  const exchanges = { ...exchangeLog, sink: metrics.calls(exchangeLog.sink) };
  const limits = tryLimits(config.httpTimeoutMs);
  const sender = createHttpSender({ timeouts: { total: limits.httpMs } });
  const temporal = await openEngine(config, log).catch(async (error: unknown) => {
    await ground.close();
    throw error;
  });

  const keys = await loadOrCreateSecretKeys({
    configured: config.secretKeys,
    stateDir: config.stateDir,
    production: config.production,
  });
  const stores = createStores({ pool, secretBox: createSecretBox(keys) });
  const timings = { ...timingsAt(config.speed), tryTimeout: limits.tryMs };
  const engine = createEngine({ connection: temporal.connection, namespace: temporal.namespace, timings });

  const bigcommerce = createBigCommerce({ baseUrl: config.bigcommerce.apiUrl, sender, log: exchanges.sink, clock });
  const relay = createRelay({ pool, databaseUrl, engine, log });
  metrics.observe({ database: pool, engine, relay, exchanges, bigcommerce });

  return {
    ...ground,
    log,
    temporal,
    engine,
    stores,
    limits,
    bigcommerce,
    carriers: createCarriers({ config, stores, sender, exchanges }),
    health: createSystemHealth({ pool, log, speed: config.speed }),
    relay,
    metrics,
    close: async () => {
      await sender.close();
      await exchanges.flush();
      await temporal.close();
      await ground.close();
    },
  };
}

interface CarriersDeps {
  readonly config: Config;
  readonly stores: Stores;
  readonly sender: HttpSender;
  readonly exchanges: ExchangeLog;
}

/** One client per Posti account, so that stores which share one share its token too. */
function createCarriers({ config, stores, sender, exchanges }: CarriersDeps): Carriers {
  const known = new Map<string, PostiCarrier>();
  const open = (account: CarrierAccount): PostiCarrier =>
    createPostiCarrier({
      account: { id: String(account.id), clientId: account.clientId, clientSecret: account.clientSecret },
      urls: {
        auth: `${config.posti.authUrl}/api/v1/token`,
        tracking: config.posti.trackingUrl,
        shippingFallback: `${config.posti.gatewayUrl}/shippingapi/api`,
        gatewayFallback: `${config.posti.gatewayUrl}/2026-04`,
      },
      labelHosts: config.posti.labelHosts,
      ...(account.gatewaySecret === null ? {} : { gatewaySecret: account.gatewaySecret }),
      userAgent: `lahetti/${version}`,
      alandAs: config.posti.alandAs,
      sender,
      log: exchanges.sink,
      clock,
    });

  return {
    async of(storeHash) {
      const account = await stores.carrierAccount(storeHash);
      if (!account) {
        throw new AppError(`Store ${storeHash} has no Posti account yet.`, {
          kind: 'credentials',
          code: 'carrier_account_missing',
          advice: 'Connect it again with the Posti client id and secret.',
        });
      }
      // A changed secret is a new client; the old one's token ends by itself.
      const key = [account.id, account.clientId, account.clientSecret, account.gatewaySecret].join('\n');
      const carrier = known.get(key) ?? open(account);
      known.set(key, carrier);
      return { carrier, account: String(account.id) };
    },
  };
}

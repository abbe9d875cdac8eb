import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { BigCommerceApi } from '../../src/bigcommerce/api.ts';
import type { Pool } from '../../src/db/pool.ts';
import { createChangeFeed } from '../../src/changes/feed.ts';
import { AppError } from '../../src/errors.ts';
import type { Engine, LiveState } from '../../src/temporal/client.ts';
import { createApp, type AppDeps } from '../../src/http/app.ts';
import { createCounters, type Counters } from '../../src/metrics/webhook-counters.ts';
import { createLimitedServer, type ServerLimits } from '../../src/http/server.ts';
import { createLog } from '../../src/log.ts';
import { createSecretBox } from '../../src/stores/secrets.ts';
import type { Stores } from '../../src/stores/store.ts';
import { createStores } from '../../src/stores/connected-stores.ts';
import { hosts } from '../support/hosts.ts';

export interface ServedApp {
  readonly url: string;
  readonly stores: Stores;
  readonly counters: Counters;
  /** All that was logged, as one text. */
  readonly logged: () => string;
  readonly engine: { live: LiveState; ok: boolean };
  close(): Promise<void>;
}

/** One for all apps of a file: they open what each other has sealed, as the processes of an installation do. */
const secretKey = { id: 'k1', key: randomBytes(32) };

/** A shop that nobody reaches. */
const noShop = new Proxy({} as BigCommerceApi, {
  get: () => () => Promise.reject(new AppError('The shop does not answer.', { kind: 'retryable', code: 'shop_away' })),
});

/** The app on a socket of the loopback. What webhooks are verified with is always read anew. */
export async function serveApp(
  pool: Pool,
  options: Partial<AppDeps> = {},
  serverLimits: Partial<ServerLimits> = {},
): Promise<ServedApp> {
  const stores = createStores({ hosts, pool, secretBox: createSecretBox([secretKey]), cacheMs: 0 });
  const counters = createCounters();
  const lines: string[] = [];
  const log = createLog({ level: 'trace', destination: { write: (line) => void lines.push(line) } });
  const engine = { live: { kind: 'not_running' } as LiveState, ok: true };
  const asked: Pick<Engine, 'liveState' | 'health'> = {
    liveState: () => Promise.resolve(engine.live),
    health: () => Promise.resolve({ ok: engine.ok, tookMs: 1, problem: engine.ok ? null : 'away' }),
  };
  const changes = createChangeFeed({ pool, log, pollMs: 20 });
  const app = createApp({
    ...{ pool, stores, counters, log, engine: asked, bigcommerce: noShop, publicUrl: null, changes },
    examineStore: () => Promise.resolve([]),
    ...options,
  });
  const server = createLimitedServer(app, serverLimits);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stores,
    counters,
    logged: () => lines.join(''),
    engine,
    close: () =>
      new Promise((resolve) => {
        changes.stop();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const aStore = (storeHash: string) => ({
  storeHash,
  name: 'Kaupan kauppa',
  clientId: 'client-1',
  accessToken: `token-of-${storeHash}`,
  clientSecret: 'app-client-secret',
  weightUnits: 'KGS',
  webhookSecrets: ['current-secret'],
  posti: { clientId: 'posti-1', clientSecret: 'posti-secret', gatewaySecret: null },
});

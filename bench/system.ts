import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { ask } from '../harness/ask.ts';
import { personFor } from '../harness/people.ts';
import { toHome } from '../harness/scenarios/orders.ts';
import { startTopology, type Topology, type TopologyOptions } from '../harness/topology.ts';
import { connectStore } from '../src/stores/connect.ts';
import type { Bench } from './figure.ts';
import { openLandmarks, type Landmarks } from './landmarks.ts';

/** A store of the bench, live, told when booked, of the usual kind of order. */
export interface BenchStore {
  readonly hash: string;
  /** What its hooks carry, and are signed with. */
  readonly hookSecret: string;
  readonly clientSecret: string;
}

export interface BenchSystem extends Topology {
  /** Who starts processes of his own beside it ends them when this is aborted. */
  readonly stopAsked: AbortSignal;
  /** When labels were kept and shops were told, as they are committed. */
  readonly landmarks: Landmarks;
  /** Opens stores at the stand-in, with so many requests per 30 s (0: any number), and connects them. */
  openStores(count: number, quota: number): Promise<BenchStore[]>;
  /** Places a paid order of one parcel to somebody's door. */
  place(store: BenchStore, options?: { readonly viaIncomplete?: boolean }): Promise<number>;
  /** Requests that the stand-in shop has counted of a store. */
  requestsOf(store: BenchStore): Promise<StoreRequests>;
}

export interface StoreRequests {
  readonly total: number;
  readonly throttled: number;
  readonly byRoute: Readonly<Record<string, number>>;
}

export interface SystemOptions {
  /** Of the stand-ins' clock; real time where it is left out. */
  readonly speed?: number;
  /** Of our own waits; real time where it is left out. */
  readonly ourSpeed?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Starts it on other engines than the embedded ones. */
  readonly start?: (options: TopologyOptions) => Promise<Topology>;
}

/**
 * The whole system as processes, below a folder of its own, for as long as `work` takes: both engines, the stand-ins
 * (which answer at once), the API and one worker. No sweep and no watchman runs meanwhile.
 */
export async function withSystem<T>(
  bench: Pick<Bench, 'say' | 'programs' | 'stopAsked'>,
  { speed = 1, ourSpeed = 1, env = {}, start = startTopology }: SystemOptions,
  work: (system: BenchSystem) => Promise<T>,
): Promise<T> {
  const stateDir = await mkdtemp(join(tmpdir(), 'lahetti-bench-'));
  const { stopAsked } = bench;
  bench.say('starting the system …');
  const topology = await start({
    ...{ stateDir, speed, ourSpeed, sweepEverySeconds: 86_400, watchmanEverySeconds: 86_400 },
    env,
    stopAsked,
    ...(bench.programs ? { programs: bench.programs } : {}),
  }).catch(async (error: unknown) => {
    await rm(stateDir, { recursive: true, force: true });
    throw error;
  });
  const client = new pg.Client({ connectionString: topology.parts.databaseUrl });
  try {
    await client.connect();
    const landmarks = await openLandmarks(client);
    const system = { ...topology, landmarks, stopAsked, ...benchStores(topology) };
    return await Promise.race([work(system), whenAborted(stopAsked)]);
  } finally {
    await client.end().catch(() => undefined);
    await topology.stop();
    await rm(stateDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

const whenAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const give = () => reject(signal.reason as Error);
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });

function benchStores({
  urls,
  memory,
  parts,
  shop,
}: Topology): Pick<BenchSystem, 'openStores' | 'place' | 'requestsOf'> {
  const { secret } = memory.data;
  let opened = 0;
  let people = 0;

  const openStore = async (quota: number): Promise<BenchStore> => {
    const hash = `bench${++opened}`;
    const accessToken = `${secret}token${hash}`;
    const store = { hash, hookSecret: `${secret}hook${hash}`, clientSecret: `${secret}client${hash}` };
    const account = { clientId: `client-${hash}`, clientSecret: store.clientSecret };
    const draft = { hash, name: `Bench ${opened}`, token: accessToken, ...account, weightUnits: 'Grams', quota };
    await ask('POST', `${urls.bigcommerce}/_control/stores`, draft);
    await connectStore(
      {
        ...{ storeHash: hash, ...account, accessToken, webhookSecret: store.hookSecret, who: 'bench' },
        posti: { clientId: 'lahetti-demo', clientSecret: `${secret}posti`, gatewaySecret: null },
        settings: {
          mode: 'live',
          warehouses: [
            {
              code: 'vantaa',
              contractNumber: '600100',
              sender: { name: 'Kauppa Kuusi', address1: 'Katu 1', postcode: '01300', city: 'Vantaa', country: 'FI' },
            },
          ],
          defaultService: { service: 'PO2104' },
          requireSignedWebhooks: true,
        },
      },
      { api: parts.bigcommerce, stores: parts.stores, publicUrl: urls.api },
    );
    return store;
  };

  return {
    async openStores(count, quota) {
      const stores: BenchStore[] = [];
      for (let i = 0; i < count; i++) stores.push(await openStore(quota));
      return stores;
    },
    async place({ hash }, { viaIncomplete = false } = {}) {
      const { orderId } = await shop.place(hash, { ...toHome(personFor(++people)), viaIncomplete });
      return orderId;
    },
    async requestsOf({ hash }) {
      const url = `${urls.bigcommerce}/_control/stores/${hash}/books`;
      return (await ask<{ requests: StoreRequests }>('GET', url)).requests;
    },
  };
}

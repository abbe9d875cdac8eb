import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { createActivities } from '../../activities/index.ts';
import { createWatchActivities } from '../../activities/watch.ts';
import type { OrderDraft } from '../../sandbox/bigcommerce/draft.ts';
import { createBigCommerce } from '../../src/bigcommerce/client.ts';
import type { Pool } from '../../src/db/pool.ts';
import { AppError } from '../../src/errors.ts';
import { createSystemHealth } from '../../src/health/system-health.ts';
import { tryLimits } from '../../src/health/try-limits.ts';
import { createHttpSender, type HttpAnswer, type HttpRequest, type HttpSender } from '../../src/http-client/sender.ts';
import { createPostiCarrier, type PostiCarrier } from '../../src/carriers/posti/carrier.ts';
import type { CarrierAccount, Store, Stores } from '../../src/stores/store.ts';
import { liveSettings } from '../support/order-builder.ts';
import { OrderInHand } from './order.ts';
import { runStep } from './patience.ts';
import type { BigCommerceBooks, PostiBooks, StandIn } from './world.ts';

export interface ShopNeeds {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Milliseconds that one request may take; long, since the machine may be busy. */
  readonly httpMs?: number;
  /** When an attempt may be called unknown; left out: as follows from `httpMs`. */
  readonly takeOverMs?: number;
  /** Of the pauses of `system_health`. */
  readonly speed?: number;
  readonly trackingAccess?: boolean;
  /** What the shop itself is written in. */
  readonly language?: string;
  /** Of the Posti account; one of its own where it is left out. */
  readonly clientId?: string;
  readonly roles?: readonly string[];
}

/** What may become of an answer on its way. */
export type OnTheWay = (request: HttpRequest, answer: HttpAnswer) => HttpAnswer | Promise<HttpAnswer>;

/** What may become of a request before it reaches the other side. */
export type OnItsWayThere = (request: HttpRequest) => void | Promise<void>;

interface Ground {
  readonly pool: Pool;
  readonly stores: Stores;
  readonly posti: StandIn<PostiBooks>;
  readonly bigcommerce: StandIn<BigCommerceBooks>;
  readonly log: Logger;
}

const contract = '654321';
const postiSecret = 'sandbox-secret';
export const allRoles = ['shippingapi', '2025-04', '2026-04'];

/** A connected store in the shop's stand-in, its account at Posti's, and the steps of its orders as a worker has them. */
export async function openShop(ground: Ground, needs: ShopNeeds) {
  const { pool, stores, posti, bigcommerce, log } = ground;
  const { httpMs = 5_000, speed = 1_000, trackingAccess = true } = needs;
  const storeHash = `s${randomUUID().slice(0, 8)}`;
  const clientId = needs.clientId ?? `posti-${storeHash}`;
  // Posti's limit counts by address, and all shops of a file have the same one: only a test about the limit sets one.
  const asked = { clientId, contracts: [contract], trackingAccess, rateLimit: 0 };
  const renewAccount = (changes: object = {}) =>
    posti.control('POST', '/accounts', { ...asked, secret: postiSecret, roles: needs.roles ?? allRoles, ...changes });
  await renewAccount();
  const token = `token-${storeHash}`;
  const inTheShop = (changes: object = {}) =>
    bigcommerce.control('POST', '/stores', {
      ...{ hash: storeHash, token, clientId: 'lahetti', clientSecret: 'none', quota: 0 },
      ...changes,
    });
  await inTheShop();

  const connect = (clientSecret = postiSecret): Promise<Store> =>
    stores.connect({
      ...{ storeHash, name: 'Kauppa Kuusi', clientId: 'lahetti', accessToken: token, clientSecret: null },
      ...{ weightUnits: 'Grams', dimensionUnits: 'Centimeters', webhookSecrets: ['secret'] },
      language: needs.language ?? null,
      posti: { clientId, clientSecret, gatewaySecret: null },
    });
  const store = await connect();
  const chooseSettings = async (changes: Readonly<Record<string, unknown>>) => {
    const settings = liveSettings({ defaultService: { service: 'PO2103' }, ...changes });
    const [first, ...others] = settings.warehouses;
    const warehouses = [{ ...first, contractNumber: contract }, ...others];
    await stores.saveSettings(storeHash, { ...settings, warehouses }, 'test');
  };
  await chooseSettings(needs.settings ?? {});

  const limits = { ...tryLimits(httpMs), ...(needs.takeOverMs !== undefined && { takeOverMs: needs.takeOverMs }) };
  const plain = createHttpSender({ timeouts: { total: limits.httpMs } });
  let onTheWay: OnTheWay = (_request, answer) => answer;
  let onItsWayThere: OnItsWayThere = () => {};
  const sender: HttpSender = {
    send: async (request) => {
      await onItsWayThere(request);
      return onTheWay(request, await plain.send(request));
    },
    close: () => plain.close(),
  };
  /** One more worker: its clients know nothing of the others', and its view of health is its own. */
  const startWorker = () => {
    const clients = { sender, log: () => {}, clock: { now: () => new Date() } };
    const deps = {
      ...{ pool, stores, limits, speed, log, now: () => new Date() },
      bigcommerce: createBigCommerce({ baseUrl: bigcommerce.url, ...clients }),
      carriers: carriersOf(stores, (account) => createPostiCarrier({ ...postiAt(posti.url, account), ...clients })),
      health: createSystemHealth({ pool, log, speed }),
    };
    return { ...createActivities(deps), ...createWatchActivities(deps) };
  };
  const worker = startWorker();

  return {
    storeHash,
    store,
    clientId,
    limits,
    worker,
    startWorker,
    chooseSettings,
    /** What the store in the stand-in has from now on: `{ weightUnits }`, `{ quotesAs }`, … */
    inTheShop,
    /** What Posti's account has from now on: `{ secret }`, `{ roles }`, … */
    renewAccount,
    /** The store is connected again, with this secret of its Posti account. */
    connect,
    /** What happens to answers from now on, until it is said anew. */
    meddle: (how: OnTheWay = (_request, answer) => answer) => void (onTheWay = how),
    /** What happens to requests, likewise. */
    meddleBefore: (how: OnItsWayThere = () => {}) => void (onItsWayThere = how),
    async order(draft: Partial<OrderDraft> = {}): Promise<OrderInHand> {
      const lines = draft.lines ?? [{ name: 'Villasukat', sku: 'SUKKA-1', weight: 200 }];
      const path = `/stores/${storeHash}/orders`;
      const { id } = await bigcommerce.control<{ id: number }>('POST', path, { ...draft, lines });
      const order = new OrderInHand({ ...ground, store, worker }, { storeHash, orderId: id });
      await order.look();
      return order;
    },
    watch: () => runStep(() => worker.watchAttempts()),
    /** No run of the watch looks at this shop's attempts any more. */
    async endWatch(): Promise<void> {
      await pool.query(
        `update lahetti.booking_attempts set watch = 'cleared' where watch is not null and shipment_id in (
           select s.id from lahetti.shipments s join lahetti.orders o on o.id = s.order_pk where o.store_id = $1)`,
        [store.id],
      );
    },
    /** The rows that people see as incidents. */
    async troubles(): Promise<{ system: string; state: string; reason: string | null }[]> {
      const { rows } = await pool.query<{ system: string; state: string; reason: string | null }>(
        `select h.system, h.state, h.reason from lahetti.system_health h
          where (h.account = $1 or h.account = (select carrier_account_id::text from lahetti.stores where store_hash = $1))
            and h.state <> 'open' order by 1`,
        [storeHash],
      );
      return rows;
    },
    close: () => sender.close(),
  };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;
export type Worker = Shop['worker'];

/** One client per account and secret, as the worker has them. */
function carriersOf(stores: Stores, open: (account: CarrierAccount) => PostiCarrier) {
  const known = new Map<string, PostiCarrier>();
  return {
    async of(storeHash: string) {
      const account = await stores.carrierAccount(storeHash);
      if (!account) throw new AppError('No Posti account.', { kind: 'credentials', code: 'carrier_account_missing' });
      const key = JSON.stringify(account);
      const carrier = known.get(key) ?? open(account);
      known.set(key, carrier);
      return { carrier, account: String(account.id) };
    },
  };
}

const postiAt = (url: string, account: CarrierAccount) => ({
  account: { id: String(account.id), clientId: account.clientId, clientSecret: account.clientSecret },
  urls: { auth: `${url}/auth/api/v1/token`, tracking: `${url}/tracking/7` },
  // The second is where a log-in sends us, and nobody listens (booking-outcomes.test.ts).
  labelHosts: [new URL(url).host, '127.0.0.1:9'],
  userAgent: 'lahetti-test',
});

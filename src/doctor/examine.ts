import type { BigCommerceApi, StoreConnection } from '../bigcommerce/api.ts';
import type { Pool } from '../db/pool.ts';
import type { Engine } from '../temporal/client.ts';
import { isAppError } from '../errors.ts';
import type { HttpSender } from '../http-client/sender.ts';
import type { Stores } from '../stores/store.ts';
import { examineClock } from './clock.ts';
import { examineContracts } from './contract.ts';
import { examineDatabase } from './database.ts';
import { examineEngine } from './engine.ts';
import type { Settings } from '../settings/settings.ts';
import { findingsOf, isWrong, type Finding } from './finding.ts';
import { examineHealthRow } from './health-row.ts';
import { examineHooks } from './hooks.ts';
import { examinePosti } from './posti.ts';
import type { PostiAccount, PostiAddresses } from './posti-account.ts';
import { examinePublicAddress } from './public-address.ts';
import { examineShopScopes } from './shop-scopes.ts';
import { examineShopToken } from './shop-token.ts';
import { examineStoreState } from './store.ts';
import { examineUnreadOrders } from './unread-orders.ts';
import { examineWorkers } from './workers.ts';

export interface DoctorDeps {
  readonly pool: Pool;
  readonly stores: Pick<Stores, 'list' | 'get' | 'connection' | 'settings' | 'webhookSecrets'>;
  readonly api: BigCommerceApi;
  /** The store's account at Posti, or null where it has none. */
  readonly postiOf: (storeHash: string) => Promise<PostiAccount | null>;
  readonly postiAddresses: PostiAddresses;
  readonly engine: Pick<Engine, 'health' | 'pollers'>;
  readonly sender: Pick<HttpSender, 'send'>;
  readonly publicUrl: string | null;
  /** False where the shops are stand-ins, which deliver to anything. */
  readonly httpsOnly: boolean;
  readonly now: () => Date;
}

export interface Examination {
  /** Left out: all stores. */
  readonly storeHash?: string | undefined;
  /** Ask Posti although it refused a log-in a moment ago: for after the account was mended. */
  readonly again?: boolean | undefined;
}

/**
 * Looks at the house and at its stores. Changes nothing, but that a closed account which is let in again is opened.
 * @throws AppError `unknown_store`
 */
export async function examineAll(deps: DoctorDeps, asked: Examination = {}): Promise<Finding[]> {
  const database = await examineDatabase(deps.pool);
  if (isWrong(database)) return [database, await examineEngine(deps.engine)];
  const all = asked.storeHash === undefined ? await deps.stores.list() : [await deps.stores.get(asked.storeHash)];
  const connected = all.filter(({ state }) => state !== 'disconnected').map(({ storeHash }) => storeHash);

  const house = await Promise.all([
    examineEngine(deps.engine),
    examineWorkers(deps.engine),
    examineClock({ db: deps.pool, api: deps.api, shops: await shopsOf(deps, connected.slice(0, 3)), now: deps.now }),
    examinePublicAddress(deps),
  ]);
  const ofStores: Finding[] = all.length === 0 ? [noStore] : [];
  const known: KnownAccounts = new Map();
  // One after the other: stores that share a Posti account are one log-in, which may be a wrong one.
  for (const { storeHash } of all) ofStores.push(...(await examineStore(storeHash, deps, asked, known)));
  return [database, ...house, ...ofStores];
}

/** What was found of Posti accounts so far. */
type KnownAccounts = Map<string, readonly Finding[]>;

const noStore = findingsOf('stores', null).wrong(
  'no_store',
  'No store is connected: there is nobody whose orders could be read.',
  'Connect one: npm run lahetti -- connect <store hash> --client-id <id> (see "npm run lahetti -- help connect").',
);

/** Looks at one store: its shop, its webhooks, and its account at Posti. */
export async function examineStore(
  storeHash: string,
  deps: DoctorDeps,
  { again = false }: Pick<Examination, 'again'> = {},
  known: KnownAccounts = new Map(),
): Promise<Finding[]> {
  const { settings } = await deps.stores.settings(storeHash);
  return [
    ...examineStoreState(await deps.stores.get(storeHash), settings),
    ...(await examineShop(storeHash, settings, deps)),
    ...(await examineAccount(storeHash, deps, again, known)),
    ...(await examineContracts(deps.pool, storeHash, settings)),
    ...(await examineUnreadOrders(deps.pool, storeHash)),
  ];
}

async function examineAccount(
  storeHash: string,
  deps: DoctorDeps,
  again: boolean,
  known: KnownAccounts,
): Promise<Finding[]> {
  try {
    return await examinePostiOnce(storeHash, deps, again, known);
  } catch (error) {
    // Its secret is not for the host that we are configured for.
    if (!isAppError(error) || error.code !== 'connected_elsewhere') throw error;
    return [findingsOf('posti_login', storeHash).wrong(error.code, error.message, error.advice ?? '')];
  }
}

async function examinePostiOnce(storeHash: string, deps: DoctorDeps, again: boolean, known: KnownAccounts) {
  const posti = await deps.postiOf(storeHash);
  const before = posti === null ? undefined : known.get(posti.account);
  if (before) return before.map((finding) => ({ ...finding, storeHash }));
  const findings = await examinePosti(storeHash, { db: deps.pool, posti, addresses: deps.postiAddresses, again });
  if (posti !== null) known.set(posti.account, findings);
  return findings;
}

/** A shop, and each scope of its token (src/stores/shop-access.ts). */
const shopSystems = [
  'bigcommerce',
  'bigcommerce_orders_read',
  'bigcommerce_orders_modify',
  'bigcommerce_information',
] as const;

async function examineShop(storeHash: string, settings: Settings, deps: DoctorDeps): Promise<Finding[]> {
  let shop: StoreConnection;
  try {
    shop = await deps.stores.connection(storeHash);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return [findingsOf('shop_token', storeHash).wrong(error.code, error.message, error.advice ?? 'Connect it again.')];
  }
  const token = await examineShopToken(deps.api, shop);
  // What it may do, nobody can say of a token that is refused.
  if (token.verdict !== 'right') return [token];
  const secrets = await deps.stores.webhookSecrets(storeHash);
  const scopes = await examineShopScopes(deps.api, shop);
  const health: Finding[] = [];
  for (const system of shopSystems) {
    const found = await examineHealthRow(
      { system, account: storeHash },
      {
        ...{ db: deps.pool, found: findingsOf('shop_token', storeHash), name: `The shop ${storeHash}` },
        stops: 'its orders are neither read nor told',
        works: isWrong(scopes) ? null : () => Promise.resolve(),
      },
    );
    health.push(...found);
  }
  const hooks = await examineHooks(shop, { api: deps.api, publicUrl: deps.publicUrl, secrets, settings });
  return [token, scopes, ...health, hooks];
}

async function shopsOf({ stores }: DoctorDeps, hashes: readonly string[]): Promise<StoreConnection[]> {
  const found = await Promise.allSettled(hashes.map((storeHash) => stores.connection(storeHash)));
  return found.flatMap((shop) => (shop.status === 'fulfilled' ? [shop.value] : []));
}

import type { BigCommerceApi, StoreConnection } from '../bigcommerce/api.ts';
import type { Pool } from '../db/pool.ts';
import type { Engine } from '../engine/client.ts';
import { isAppError } from '../errors.ts';
import type { HttpSender } from '../http-sender/sender.ts';
import type { Stores } from '../stores/store.ts';
import { examineClock } from './clock.ts';
import { examineContracts } from './contract.ts';
import { examineDatabase } from './database.ts';
import { examineEngine } from './engine.ts';
import { findingsOf, isWrong, type Finding } from './finding.ts';
import { examineHooks } from './hooks.ts';
import { examinePosti, type PostiAccount } from './posti.ts';
import { examinePublicAddress } from './public-address.ts';
import { examineShopScopes } from './shop-scopes.ts';
import { examineShopToken } from './shop-token.ts';

export interface DoctorDeps {
  readonly pool: Pool;
  readonly stores: Pick<Stores, 'list' | 'get' | 'connection' | 'settings' | 'webhookSecrets'>;
  readonly api: BigCommerceApi;
  /** The store's account at Posti, or null where it has none. */
  readonly postiOf: (storeHash: string) => Promise<PostiAccount | null>;
  readonly engine: Pick<Engine, 'health'>;
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

/** Looks at the house and at its stores. Changes nothing but `system_health`. @throws AppError `unknown_store` */
export async function examineAll(deps: DoctorDeps, asked: Examination = {}): Promise<Finding[]> {
  const database = await examineDatabase(deps.pool);
  if (isWrong(database)) return [database, await examineEngine(deps.engine)];
  const all = asked.storeHash === undefined ? await deps.stores.list() : [await deps.stores.get(asked.storeHash)];
  const connected = all.filter(({ state }) => state !== 'disconnected').map(({ storeHash }) => storeHash);

  const house = await Promise.all([
    examineEngine(deps.engine),
    examineClock({ db: deps.pool, api: deps.api, shops: await shopsOf(deps, connected.slice(0, 3)), now: deps.now }),
    examinePublicAddress(deps),
  ]);
  const ofStores: Finding[] = [];
  // One after the other: of stores that share a Posti account, the first one's refusal keeps the next from logging in.
  const askedAgain = new Set<string>();
  for (const { storeHash } of all) {
    const account = (await deps.postiOf(storeHash))?.account ?? '';
    const again = asked.again === true && !askedAgain.has(account);
    askedAgain.add(account);
    ofStores.push(...(await examineStore(storeHash, deps, { again })));
  }
  return [database, ...house, ...ofStores];
}

/** Looks at one store: its shop, its webhooks, and its account at Posti. */
export async function examineStore(
  storeHash: string,
  deps: DoctorDeps,
  { again = false }: Pick<Examination, 'again'> = {},
): Promise<Finding[]> {
  return [
    ...(await examineShop(storeHash, deps)),
    ...(await examinePosti(storeHash, { db: deps.pool, posti: await deps.postiOf(storeHash), again })),
    ...(await examineContracts(deps.pool, storeHash, (await deps.stores.settings(storeHash)).settings)),
  ];
}

async function examineShop(storeHash: string, deps: DoctorDeps): Promise<Finding[]> {
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
  return [
    token,
    await examineShopScopes(deps.api, shop),
    await examineHooks(shop, { api: deps.api, publicUrl: deps.publicUrl, secrets }),
  ];
}

async function shopsOf({ stores }: DoctorDeps, hashes: readonly string[]): Promise<StoreConnection[]> {
  const found = await Promise.allSettled(hashes.map((storeHash) => stores.connection(storeHash)));
  return found.flatMap((shop) => (shop.status === 'fulfilled' ? [shop.value] : []));
}

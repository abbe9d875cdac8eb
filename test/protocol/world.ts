import { randomBytes } from 'node:crypto';
import pino from 'pino';
import { afterAll } from 'vitest';
import type { Fault } from '../../sandbox/faults.ts';
import { startSandbox } from '../../sandbox/start.ts';
import type { Pool } from '../../src/db/pool.ts';
import { createSecretBox } from '../../src/stores/secrets.ts';
import type { Stores } from '../../src/stores/store.ts';
import { createStores } from '../../src/stores/connected-stores.ts';
import { control } from '../clients/control.ts';
import { testDatabase } from '../support/postgres.ts';
import { openShop, type Shop, type ShopNeeds } from './shop.ts';
import { hosts } from '../support/hosts.ts';

/** A database and both stand-ins, for one file of tests. */
export interface World {
  readonly pool: Pool;
  readonly stores: Stores;
  readonly posti: StandIn<PostiBooks>;
  readonly bigcommerce: StandIn<BigCommerceBooks>;
  /** A shop of the calling test's own, with a Posti account of its own: one test's trouble is no other's. */
  shop(needs?: ShopNeeds): Promise<Shop>;
}

export interface StandIn<Books> {
  readonly url: string;
  /** Spoils requests; give `match`, so that no other test's are meant. Gives the way to end it. */
  harm(...faults: Fault[]): Promise<() => Promise<void>>;
  books(): Promise<Books>;
  control<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
}

export interface PostiBooks {
  readonly bookings: readonly PostiBooking[];
  readonly requests: Requests;
}

export interface PostiBooking {
  readonly id: string;
  readonly reference: string;
  readonly contract: string;
  /** Pickup point id. */
  readonly agent: string | null;
  readonly sender: { readonly name: string; readonly city: string };
  readonly parcels: readonly { readonly parcelNo: string }[];
  readonly usableLabel: boolean;
  readonly createdAt: string;
}

export interface Requests {
  readonly byRoute: Readonly<Record<string, number>>;
  readonly total: number;
  readonly throttled: number;
}

export interface BigCommerceBooks {
  readonly stores: readonly { readonly hash: string; readonly requests: Requests }[];
}

/** Call it at the top of a test file; all of it ends after the file's last test. */
export async function startWorld(): Promise<World> {
  const [{ pool }, sandbox] = await Promise.all([testDatabase(), startSandbox()]);
  const stores = createStores({
    hosts,
    pool,
    secretBox: createSecretBox([{ id: 'test', key: randomBytes(32) }]),
    cacheMs: 0,
  });
  const posti = standIn<PostiBooks>(sandbox.posti);
  const bigcommerce = standIn<BigCommerceBooks>(sandbox.bigcommerce);
  const opened: Shop[] = [];
  afterAll(async () => {
    for (const shop of opened) await shop.close();
    await sandbox.close();
  });
  const log = pino({ level: 'silent' });
  return {
    pool,
    stores,
    posti,
    bigcommerce,
    async shop(needs = {}) {
      const shop = await openShop({ pool, stores, posti, bigcommerce, log }, needs);
      opened.push(shop);
      return shop;
    },
  };
}

const standIn = <Books>(url: string): StandIn<Books> => ({
  url,
  async harm(...faults) {
    const added = await control<Fault[]>(url, 'POST', '/faults', faults);
    return async () => {
      for (const { id } of added) await control(url, 'DELETE', `/faults/${id}`);
    };
  },
  books: () => control<Books>(url, 'GET', '/books'),
  control: (method, path, body) => control(url, method, path, body),
});

import type { BigCommerceApi, StoreConnection } from '../bigcommerce/api.ts';
import { scopeMissing } from '../bigcommerce/errors.ts';
import { isAppError } from '../errors.ts';
import type { Call } from '../exchanges/exchange.ts';
import { guardShop } from './shop-access.ts';
import type { SystemHealth } from '../health/system-health.ts';
import type { Store, Stores } from './store.ts';

/** In which units a shop writes what its goods weigh and measure. */
export type Units = Pick<Store, 'weightUnits' | 'dimensionUnits'>;

export interface UnitsDeps {
  readonly bigcommerce: Pick<BigCommerceApi, 'getStore'>;
  readonly stores: Pick<Stores, 'keepUnits'>;
  readonly health: Pick<SystemHealth, 'admit' | 'guard' | 'works' | 'close'>;
  /** A day is this much shorter in a demo or test; 1 otherwise. */
  readonly speed: number;
  readonly now: () => Date;
}

/** Units are asked for again after so long; the shop's hook asks sooner (src/http/webhooks/receiver.ts). */
const dayMs = 24 * 60 * 60_000;

/**
 * The units of a store, at most a day old. Where the shop cannot say, those of before are taken for one day more; after the
 * shop told us of a change, never.
 *
 * @throws AppError of the shop
 */
export async function currentUnits(
  deps: UnitsDeps,
  store: Store,
  connection: StoreConnection,
  call: Call,
): Promise<Units> {
  const ageMs = store.unitsReadAt === null ? Infinity : deps.now().getTime() - store.unitsReadAt.getTime();
  const day = dayMs / deps.speed;
  if (ageMs < day) return store;
  try {
    const shop = await guardShop(deps.health, store.storeHash, 'information', () =>
      deps.bigcommerce.getStore(connection, call),
    );
    return await deps.stores.keepUnits(store.storeHash, {
      weightUnits: shop.weight_units ?? store.weightUnits,
      dimensionUnits: shop.dimension_units ?? store.dimensionUnits,
      language: shop.language ?? store.language,
      asked: store.unitsAsked,
    });
  } catch (error) {
    if (!isAppError(error) || isOfTheWholeShop(error.code)) throw error;
    // A missing scope is an incident of its own, and stops no order.
    if (ageMs < 2 * day || isScope(error.code)) return store;
    throw error;
  }
}

/** Orders cannot be read then either, and wait for the same. */
const isOfTheWholeShop = (code: string): boolean =>
  code === 'bigcommerce_paused' || code === 'bigcommerce_token_refused' || code === 'bigcommerce_throttled';

const isScope = (code: string): boolean => code === scopeMissing || code === 'bigcommerce_information_paused';

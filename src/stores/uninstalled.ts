import type { BigCommerceApi } from '../bigcommerce/api.ts';
import { isAppError } from '../errors.ts';
import type { Stores } from './store.ts';

export interface UninstalledDeps {
  readonly stores: Pick<Stores, 'connection' | 'uninstalled'>;
  readonly api: Pick<BigCommerceApi, 'getTime'>;
  /** Milliseconds. */
  readonly clock?: () => number;
}

export interface Uninstalled {
  readonly storeHash: string;
  /** By the shop's clock. */
  readonly at: Date | null;
  /** The delivery has a signature that only the shop can make. */
  readonly signed: boolean;
}

/** A token that was found to work is believed for so long: each delivery costs at most one request of the store's quota. */
const believedMs = 60_000;

/**
 * Disconnects a store that the shop says has uninstalled us. The secret of our hooks proves little: it lies in the shop's
 * control panel and in the logs of proxies. So a delivery without a signature is only a reason to ask the shop: an app that
 * was uninstalled has a token that is refused (bigcommerce.md 6.3).
 *
 * Gives whether the store is disconnected now.
 * @throws AppError where the shop could not be asked: it delivers again
 */
export function createUninstaller({ stores, api, clock = Date.now }: UninstalledDeps) {
  const workedAt = new Map<string, number>();

  async function isRefused(storeHash: string): Promise<boolean> {
    if ((workedAt.get(storeHash) ?? 0) > clock() - believedMs) return false;
    try {
      await api.getTime(await stores.connection(storeHash), { about: { storeHash } });
      workedAt.set(storeHash, clock());
      return false;
    } catch (error) {
      const isOut = isAppError(error) && error.kind === 'credentials';
      if (isOut && (error.status === 401 || error.code === 'store_disconnected')) return true;
      throw error;
    }
  }

  return async ({ storeHash, at, signed }: Uninstalled): Promise<boolean> => {
    if (!signed && !(await isRefused(storeHash))) return false;
    await stores.uninstalled(storeHash, at);
    return true;
  };
}

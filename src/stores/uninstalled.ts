import type { BigCommerceApi } from '../bigcommerce/api.ts';
import { isAppError } from '../errors.ts';
import type { Stores } from './store.ts';

export interface UninstalledDeps {
  readonly stores: Pick<Stores, 'connection' | 'connectedAt' | 'uninstalled'>;
  readonly api: Pick<BigCommerceApi, 'getTime'>;
  /** Milliseconds. */
  readonly clock?: () => number;
  /** Does something after so many milliseconds, unless the process ends before. */
  readonly later?: (ms: number, look: () => Promise<void>) => void;
}

export interface Uninstalled {
  readonly storeHash: string;
  /** By the shop's clock. */
  readonly at: Date | null;
  /** The delivery has a signature that only the shop can make. */
  readonly signed: boolean;
}

/** `not_looked_at`: the shop was asked too short a time ago to be asked again; it has to deliver again. */
export type UninstalledOutcome = 'uninstalled' | 'still_installed' | 'not_looked_at';

/** Whoever knows the secret may deliver as often as they like: a store's quota pays for one request in so long. */
const askAgainMs = 60_000;

/**
 * Disconnects a store that the shop says has uninstalled us. The secret of our hooks proves little: it lies in the shop's
 * control panel and in the logs of proxies. So a delivery without a signature is only a reason to ask the shop: an app that
 * was uninstalled has a token that is refused (bigcommerce.md 6.3).
 *
 * What came too soon after a question is looked at when the shop may be asked again. Should the process end before, the
 * shop's next delivery has it looked at.
 *
 * @throws AppError where the shop could not be asked: it delivers again
 */
export function createUninstaller({ stores, api, clock = Date.now, later = soon }: UninstalledDeps) {
  const underWay = new Map<string, Promise<UninstalledOutcome>>();
  const askedAt = new Map<string, number>();
  const looksLater = new Set<string>();

  async function ask(storeHash: string): Promise<UninstalledOutcome> {
    askedAt.set(storeHash, clock());
    // Before the token: a store that is connected again meanwhile has another one, which nothing was found out about.
    const connectedAt = await stores.connectedAt(storeHash);
    if (!(await isRefused(storeHash))) return 'still_installed';
    return (await stores.uninstalled(storeHash, { connectedAt })) ? 'uninstalled' : 'still_installed';
  }

  async function isRefused(storeHash: string): Promise<boolean> {
    try {
      await api.getTime(await stores.connection(storeHash), { about: { storeHash } });
      return false;
    } catch (error) {
      const isOut = isAppError(error) && error.kind === 'credentials';
      if (isOut && (error.status === 401 || error.code === 'store_disconnected')) return true;
      throw error;
    }
  }

  function askAlone(storeHash: string): Promise<UninstalledOutcome> {
    const answer = ask(storeHash).finally(() => underWay.delete(storeHash));
    underWay.set(storeHash, answer);
    return answer;
  }

  function lookLater(storeHash: string, ms: number): 'not_looked_at' {
    if (looksLater.has(storeHash)) return 'not_looked_at';
    looksLater.add(storeHash);
    later(ms, async () => {
      looksLater.delete(storeHash);
      // Where it cannot be asked, or was meanwhile, the shop's next delivery has it looked at.
      await (underWay.get(storeHash) ?? askAlone(storeHash)).catch(() => undefined);
    });
    return 'not_looked_at';
  }

  return async ({ storeHash, at, signed }: Uninstalled): Promise<UninstalledOutcome> => {
    if (signed) return (await stores.uninstalled(storeHash, { saidAt: at })) ? 'uninstalled' : 'still_installed';
    const other = underWay.get(storeHash);
    const waitMs = (askedAt.get(storeHash) ?? -Infinity) + askAgainMs - clock();
    if (other) {
      // That it still worked when it was asked says nothing of what came since.
      const outcome = await other.catch(() => 'not_looked_at' as const);
      return outcome === 'uninstalled' ? outcome : lookLater(storeHash, Math.max(0, waitMs));
    }
    return waitMs > 0 ? lookLater(storeHash, waitMs) : askAlone(storeHash);
  };
}

/** Does not keep a process from ending. */
const soon = (ms: number, look: () => Promise<void>): void => void setTimeout(() => void look(), ms).unref();

import type { BigCommerceApi, HookDraft, StoreConnection, WireHook } from '../bigcommerce/api.ts';

/** What we want to hear of (bigcommerce.md 4.5). Each is a reason to look at an order; none is believed. */
export const hookScopes = [
  'store/order/created',
  'store/order/updated',
  'store/order/statusUpdated',
  'store/order/archived',
  'store/order/refund/created',
  'store/shipment/created',
  'store/shipment/updated',
  'store/shipment/deleted',
  'store/app/uninstalled',
] as const;

export const hookPath = (storeHash: string): string => `/webhooks/bigcommerce/${storeHash}`;

/** Carries the secret by which our own deliveries are known; the receiver reads it (src/http/webhooks/authenticity.ts). */
const secretHeaderName = 'X-Lahetti-Secret';

export interface HooksReport {
  readonly created: number;
  readonly mended: number;
  /** Were as they should be. */
  readonly kept: number;
  /** Doubles of ours, which would have told everything twice. */
  readonly removed: number;
}

export interface HooksWanted {
  readonly publicUrl: string;
  readonly secret: string;
}

/**
 * Brings our hooks at the shop to what they should be; again and again, it changes nothing more. Only hooks whose path is
 * ours are touched: another installation with the same API account keeps its own. Hooks that were switched off by the shop
 * (after two days of failures, bigcommerce.md 4.3) are switched on.
 */
export async function mendHooks(
  api: Pick<BigCommerceApi, 'listHooks' | 'createHook' | 'updateHook' | 'deleteHook'>,
  store: StoreConnection,
  { publicUrl, secret }: HooksWanted,
): Promise<HooksReport> {
  const call = { about: { storeHash: store.storeHash } };
  const path = hookPath(store.storeHash);
  const ours = (await api.listHooks(store, call)).filter((hook) => hook.destination.endsWith(path));
  const report = { created: 0, mended: 0, kept: 0, removed: 0 };

  for (const scope of hookScopes) {
    const wanted = {
      scope,
      destination: `${publicUrl}${path}`,
      // Said outright: older versions of the API make inactive hooks unless told.
      is_active: true,
      headers: { [secretHeaderName]: secret },
    };
    const [first, ...doubles] = ours
      .filter((hook) => hook.scope === scope)
      .sort((a, b) => Number(b.destination === wanted.destination) - Number(a.destination === wanted.destination));

    for (const double of doubles) {
      await api.deleteHook(store, double.id, call);
      report.removed++;
    }
    if (!first) {
      await api.createHook(store, wanted, call);
      report.created++;
    } else if (isAsWanted(first, wanted)) {
      report.kept++;
    } else {
      await api.updateHook(store, first.id, wanted, call);
      report.mended++;
    }
  }
  return report;
}

function isAsWanted(hook: WireHook, wanted: HookDraft): boolean {
  const secret = Object.entries(hook.headers).find(([name]) => name.toLowerCase() === secretHeaderName.toLowerCase());
  return hook.is_active && hook.destination === wanted.destination && secret?.[1] === wanted.headers[secretHeaderName];
}

/** Nothing had to be done. */
export const wereAsTheyShouldBe = ({ created, mended, removed }: HooksReport): boolean =>
  created + mended + removed === 0;

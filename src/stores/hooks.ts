import type { BigCommerceApi, HookDraft, StoreConnection, WireHook } from '../bigcommerce/api.ts';
import { namespacesToRead } from '../settings/metafields.ts';
import type { Settings } from '../settings/settings.ts';

/** What we want to hear of any shop (bigcommerce.md 4.5). Each is a reason to look at an order, or at the store; none is believed. */
export const hookScopes = [
  'store/order/created',
  'store/order/updated',
  'store/order/statusUpdated',
  'store/order/archived',
  'store/order/refund/created',
  'store/shipment/created',
  'store/shipment/updated',
  'store/shipment/deleted',
  // Its unit of weight may be another one.
  'store/information/updated',
  'store/app/uninstalled',
] as const;

/**
 * Only where the settings look into metafields (bigcommerce.md 4.2): that an app wrote one is not said to change the order,
 * and `store/order/updated` need not tell of it. Other apps may write many, and each would be a look.
 */
export const metafieldScopes = [
  'store/order/metafield/created',
  'store/order/metafield/updated',
  'store/order/metafield/deleted',
] as const;

export const scopesFor = (settings: Settings): readonly string[] =>
  namespacesToRead(settings).length > 0 ? [...hookScopes, ...metafieldScopes] : hookScopes;

export const hookPath = (storeHash: string): string => `/webhooks/bigcommerce/${storeHash}`;

/** Carries the secret by which our own deliveries are known; the receiver reads it (src/http/webhooks/authenticity.ts). */
const secretHeaderName = 'X-Lahetti-Secret';

export interface HooksReport {
  readonly created: number;
  readonly mended: number;
  /** Were as they should be. */
  readonly kept: number;
  /** Doubles of ours, which would have told everything twice, and those of metafields that the settings no longer use. */
  readonly removed: number;
}

export interface HooksWanted {
  readonly publicUrl: string;
  readonly secret: string;
  /** Say of what we want to hear. */
  readonly settings: Settings;
}

/**
 * Brings our hooks at the shop to what they should be; again and again, it changes nothing more. Ours are those that come to
 * this very address: another installation with the same API account (a test system, say) has the same path elsewhere, and
 * perhaps the same secret in a copied database. Its hooks are not touched. Those that we had at an earlier address are
 * therefore left, too; the shop switches them off after two days without an answer (bigcommerce.md 4.3). Ours that were
 * switched off are switched on. One is deleted only if it carries our secret, and does the same as another or tells of
 * metafields that the settings do not use.
 */
export async function mendHooks(
  api: Pick<BigCommerceApi, 'listHooks' | 'createHook' | 'updateHook' | 'deleteHook'>,
  store: StoreConnection,
  { publicUrl, secret, settings }: HooksWanted,
): Promise<HooksReport> {
  const call = { about: { storeHash: store.storeHash } };
  const destination = `${publicUrl}${hookPath(store.storeHash)}`;
  const ours = (await api.listHooks(store, call)).filter((hook) => hook.destination === destination);
  const report = { created: 0, mended: 0, kept: 0, removed: 0 };

  const scopes = scopesFor(settings);

  for (const scope of scopes) {
    const wanted = {
      scope,
      destination,
      // Said outright: older versions of the API make inactive hooks unless told.
      is_active: true,
      headers: { [secretHeaderName]: secret },
    };
    const [first, ...others] = ours
      .filter((hook) => hook.scope === scope)
      .sort((a, b) => Number(carries(b, secret)) - Number(carries(a, secret)));

    for (const double of others.filter((hook) => carries(hook, secret))) {
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
  const noLongerUsed = metafieldScopes.filter((scope) => !scopes.includes(scope));
  for (const hook of ours.filter(({ scope }) => noLongerUsed.some((it) => it === scope))) {
    if (!carries(hook, secret)) continue;
    await api.deleteHook(store, hook.id, call);
    report.removed++;
  }
  return report;
}

const isAsWanted = (hook: WireHook, { headers }: HookDraft): boolean =>
  hook.is_active && carries(hook, headers[secretHeaderName]!);

function carries({ headers }: WireHook, secret: string): boolean {
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === secretHeaderName.toLowerCase());
  return found?.[1] === secret;
}

/** Nothing had to be done. */
export const wereAsTheyShouldBe = ({ created, mended, removed }: HooksReport): boolean =>
  created + mended + removed === 0;

import { connectAgain } from './connect-again.ts';
import type { BigCommerceApi, StoreConnection } from '../bigcommerce/api.ts';
import { isAppError } from '../errors.ts';
import { findingsOf, type Finding } from './finding.ts';
import { shopAway } from './shop-token.ts';

/** No shop gets as far: what is asked to be changed there does not exist, so that nothing is. */
const noSuchId = 2_147_483_647;

type ScopeApi = Pick<BigCommerceApi, 'getStore' | 'listOrders' | 'updateShipment'>;

/** Whether the token may do what we need, by the names that the control panel has for it (bigcommerce.md 1.5). */
export async function examineShopScopes(api: ScopeApi, shop: StoreConnection): Promise<Finding> {
  const { storeHash } = shop;
  const call = { about: { storeHash } };
  const found = findingsOf('shop_scopes', storeHash);
  const needs: readonly (readonly [scope: string, ask: () => Promise<unknown>])[] = [
    ['Information & settings (read-only)', () => api.getStore(shop, call)],
    ['Orders (modify)', () => api.listOrders(shop, { page: 1, limit: 1, include: false }, call)],
    ['Orders (modify)', () => api.updateShipment(shop, noSuchId, noSuchId, { comments: '' }, call)],
  ];
  const missing = new Set<string>();
  for (const [scope, ask] of needs) {
    try {
      await ask();
    } catch (error) {
      if (isAppError(error) && error.status === 403) missing.add(scope);
      // "There is none such" comes after the question whether we may.
      else if (!isAppError(error) || error.kind !== 'not_found') return found.notLooked(error, shopAway);
    }
  }
  if (missing.size === 0) return found.right('The access token has the scopes that we need.');
  return found.wrong(
    'scope_missing',
    `The access token lacks ${[...missing].join(' and ')}.`,
    `Scopes of an API account cannot be changed: make a new one with Orders (modify) and Information & settings (read-only), and connect again: ${connectAgain(storeHash)}.`,
  );
}

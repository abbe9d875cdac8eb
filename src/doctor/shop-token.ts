import { connectAgain } from './connect-again.ts';
import type { BigCommerceApi, StoreConnection } from '../bigcommerce/api.ts';
import { isAppError } from '../errors.ts';
import { findingsOf, type Finding } from './finding.ts';

/** For a shop that could not be asked, for whatever reason. */
export const shopAway =
  'Check BIGCOMMERCE_API_URL (leave it out for the real shops), name service and firewall, and BigCommerce’s status page. Orders are neither read nor told to the shop until it answers; they go on by themselves then.';

/** Whether there is such a shop, and whether it takes our token. */
export async function examineShopToken(api: Pick<BigCommerceApi, 'getTime'>, shop: StoreConnection): Promise<Finding> {
  const { storeHash } = shop;
  const found = findingsOf('shop_token', storeHash);
  try {
    await api.getTime(shop, { about: { storeHash } });
    return found.right(`The shop ${storeHash} takes our access token.`);
  } catch (error) {
    if (isAppError(error) && (error.kind === 'not_found' || (error.status === 401 && /^\d+$/.test(storeHash)))) {
      const number = /^\d+$/.test(storeHash) ? ' It looks like the number of the store, which is another thing.' : '';
      return found.wrong(
        'store_hash_wrong',
        `BigCommerce has no shop with the store hash ${storeHash}.${number}`,
        `Connect the right one: the store hash is what follows /stores/ in the API path that the API account shows, and store- in the shop's permanent address.`,
      );
    }
    if (isAppError(error) && error.status === 401) {
      return found.wrong(
        'token_refused',
        `The shop ${storeHash} does not accept our access token: it was taken back, or is another shop's.`,
        `Make a new API account in the shop and connect it again: ${connectAgain(storeHash)}.`,
      );
    }
    return found.notLooked(error, shopAway);
  }
}

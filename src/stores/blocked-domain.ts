import type { BigCommerceApi, StoreConnection, WireBlockedDomain } from '../bigcommerce/api.ts';
import { isAppError } from '../errors.ts';

/** What the shop says of our address; undefined also where it does not say: hooks are looked at all the same. */
export async function askForBlock(
  api: Pick<BigCommerceApi, 'listBlockedDomains'>,
  shop: StoreConnection,
  publicUrl: string,
): Promise<WireBlockedDomain | undefined> {
  try {
    return blockOf(await api.listBlockedDomains(shop, { about: { storeHash: shop.storeHash } }), publicUrl);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return undefined;
  }
}

/** The block that concerns our own address, if there is one. Which part of it a block names is not certain: the host counts. */
export const blockOf = (blocked: readonly WireBlockedDomain[], publicUrl: string): WireBlockedDomain | undefined => {
  const { host, hostname } = new URL(publicUrl);
  return blocked.find(({ destination }) => [host, hostname].includes(hostOf(destination)));
};

function hostOf(destination: string): string {
  const url = destination.includes('://') ? destination : `https://${destination}`;
  return URL.canParse(url) ? new URL(url).host : destination;
}

/** How long a block goes on. */
export function inMinutes({ time_left: seconds }: WireBlockedDomain): string {
  if (seconds === null) return 'some minutes';
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  return minutes === 1 ? 'a minute' : `${minutes} minutes`;
}

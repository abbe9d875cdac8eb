import { scopeMissing } from '../bigcommerce/errors.ts';
import type { Scope } from '../bigcommerce/scopes.ts';
import { isAppError } from '../errors.ts';
import type { SystemHealth } from '../health/system-health.ts';
import type { SystemAccount } from '../health/system-account.ts';

/** What a step needs to be allowed at a shop. */
export type ShopAccess = Exclude<Scope['id'], 'other'>;

/** Each has its row beside the account's: what needs a scope that is missing waits, and everything else goes on. */
export const shopAccess = (storeHash: string, access: ShopAccess): SystemAccount => ({
  system: `bigcommerce_${access}`,
  account: storeHash,
});

/**
 * Asks a shop behind two rows: that of the account, and that of the scope which the question needs. A scope that turns out to be
 * missing closes its own row alone; that one object is closed to us closes nothing.
 */
export async function guardShop<T>(
  health: Pick<SystemHealth, 'admit' | 'guard' | 'works' | 'close'>,
  storeHash: string,
  access: ShopAccess,
  work: () => Promise<T>,
): Promise<T> {
  const scope = shopAccess(storeHash, access);
  await health.admit(scope);
  try {
    const result = await health.guard({ system: 'bigcommerce', account: storeHash }, work);
    await health.works(scope);
    return result;
  } catch (error) {
    if (isAppError(error) && error.kind === 'forbidden' && error.code === scopeMissing) {
      await health.close(scope, error.code);
    }
    throw error;
  }
}

/** Where a sealed value lives, as it was sealed for (src/stores/secrets.ts). Never changes: what was sealed opens there alone. */

export type StoreSecret = 'access_token' | 'client_secret' | 'webhook_secrets';
export type AccountSecret = 'client_secret' | 'gateway_secret' | 'tracking_client_secret';

export const storePlace = (storeHash: string, column: StoreSecret): string => `stores/${storeHash}/${column}`;
export const accountPlace = (clientId: string, column: AccountSecret): string =>
  `carrier_accounts/posti/${clientId}/${column}`;

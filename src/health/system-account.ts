/** A system and the account we use it with: a BigCommerce store's hash, or the id of a Posti account. */
export interface SystemAccount {
  /**
   * Posti's tracking is a system of its own: another host, and an access that an account may lack. So are the scopes of a
   * shop's access token (src/stores/shop-access.ts).
   */
  readonly system:
    | 'bigcommerce'
    | 'bigcommerce_orders_read'
    | 'bigcommerce_orders_modify'
    | 'bigcommerce_information'
    | 'posti'
    | 'posti_tracking';
  readonly account: string;
}

/** All rows of a shop. */
export const shopSystems = [
  'bigcommerce',
  'bigcommerce_orders_read',
  'bigcommerce_orders_modify',
  'bigcommerce_information',
] as const satisfies readonly SystemAccount['system'][];

/** V2's link to a sub-resource: the full address, and the path inside the store. */
export interface Link {
  url: string;
  resource: string;
}

/** Links of one store: `link('/orders/100/products')`. */
export function linksOf(baseUrl: string, storeHash: string): (resource: string) => Link {
  return (resource) => ({ url: `${baseUrl}/stores/${storeHash}/v2${resource}`, resource });
}

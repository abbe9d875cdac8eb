import type { WireMetafield } from '../bigcommerce/api.ts';

/** The pickup point's id in an order's metafields; undefined where the field is missing or empty. */
export function pickupPointIn(metafields: readonly WireMetafield[], key: string): string | undefined {
  const value = metafields.find((field) => field.key === key)?.value.trim();
  return value === '' ? undefined : value?.slice(0, 20);
}

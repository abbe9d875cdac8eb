import type { Settings } from './settings.ts';

/** The namespaces that have to be read for an order of a store with these settings; usually none. */
export function namespacesToRead({ pickupPoint, warehouseChoice }: Settings): string[] {
  const named = [pickupPoint.metafield, warehouseChoice.metafield].flatMap((it) => (it ? [it.namespace] : []));
  return [...new Set(named)];
}

/** Their keys. */
export function keysToRead({ pickupPoint, warehouseChoice }: Settings): string[] {
  const named = [pickupPoint.metafield, warehouseChoice.metafield].flatMap((it) => (it ? [it.key] : []));
  return [...new Set(named)];
}

import type { WireMetafield } from '../bigcommerce/api.ts';
import type { Settings } from '../settings/settings.ts';
import type { Order } from './order.ts';

/** What apps of the shop keep in an order's metafields for us. */
export type FromMetafields = Pick<Order, 'pickupPointInMetafield' | 'warehouseInMetafield'>;

/** Whether a field says something else than what was read of its order; not where the settings do not name it. */
export function saysSomethingElse(field: WireMetafield, read: FromMetafields, settings: Settings): boolean {
  const now = fromMetafields([field], settings);
  const { pickupPoint, warehouseChoice } = settings;
  return (
    (isNamed(field, pickupPoint.metafield) && now.pickupPointInMetafield !== read.pickupPointInMetafield) ||
    (isNamed(field, warehouseChoice.metafield) && now.warehouseInMetafield !== read.warehouseInMetafield)
  );
}

/** Reads the fields that the settings name; those that are missing or empty are left out. */
export function fromMetafields(fields: readonly WireMetafield[], settings: Settings): FromMetafields {
  const point = valueIn(fields, settings.pickupPoint.metafield, 20);
  const warehouse = valueIn(fields, settings.warehouseChoice.metafield, 40);
  return {
    ...(point === undefined ? {} : { pickupPointInMetafield: point }),
    ...(warehouse === undefined ? {} : { warehouseInMetafield: warehouse }),
  };
}

type Named = { readonly namespace: string; readonly key: string } | null;

const isNamed = ({ namespace, key }: WireMetafield, wanted: Named): boolean =>
  namespace === wanted?.namespace && key === wanted.key;

function valueIn(fields: readonly WireMetafield[], wanted: Named, longest: number): string | undefined {
  const found = fields.find((field) => isNamed(field, wanted));
  return found?.value.trim().slice(0, longest) || undefined;
}

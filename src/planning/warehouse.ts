import type { Problem } from '../domain/problem.ts';
import { sameCode } from '../settings/codes.ts';
import type { Settings, Warehouse } from '../settings/settings.ts';
import { filledField } from '../orders/form-fields.ts';
import type { Order, ShippingAddress } from '../orders/order.ts';

/**
 * The warehouse that the goods to an address leave from: the one that a person named for the shipment, else the one that
 * the order names (in a form field of the address, else in its metafield), else the storefront's, else the store's first.
 * A code that the store does not have is a problem, never a guess.
 *
 * All goods of an order to one address leave from one warehouse: lines are not divided between warehouses.
 */
export function chooseWarehouse(
  order: Order,
  address: ShippingAddress,
  settings: Settings,
  byAPerson?: string,
): Warehouse | Problem {
  const { warehouses, warehouseChoice, storefronts } = settings;
  const [first] = warehouses;
  if (!first) return warehouseMissing;
  const named =
    byAPerson ??
    filledField(address, warehouseChoice.formFields) ??
    (warehouseChoice.metafield ? order.warehouseInMetafield : undefined) ??
    storefronts[String(order.channelId)]?.warehouse;
  if (named === undefined) return first;
  return (
    warehouses.find(({ code }) => sameCode(code, named)) ??
    warehouseUnknown(
      named,
      warehouses.map(({ code }) => code),
    )
  );
}

/** Whether the order leaves from somewhere else than it would where nobody chose. */
export const isDefault = (warehouse: Warehouse, { warehouses }: Settings): boolean => warehouse === warehouses[0];

const warehouseMissing: Problem = {
  code: 'warehouse_missing',
  field: 'settings.warehouses',
  problem: 'The store has no warehouse yet: no sender address and no contract number.',
  remedy: `Set them: npm run lahetti -- settings set <store> warehouses='[{"code":"main","contractNumber":"6…","sender":{…}}]'`,
};

const warehouseUnknown = (named: string, known: readonly string[]): Problem => ({
  code: 'warehouse_unknown',
  field: 'warehouse',
  problem: `The order is to leave from the warehouse "${named}", which the store does not have. It has: ${known.join(', ')}.`,
  remedy:
    'Correct the code in the shop, add the warehouse to `warehouses` in the settings, or name one for this shipment (change --warehouse).',
});

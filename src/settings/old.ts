/**
 * Settings as they were kept before a store could have several warehouses: one `warehouse` with a sender and a contract
 * number. It is the first of `warehouses` now, the default. Versions that are kept are never rewritten, so that this is
 * done wherever settings are read; it also lets `warehouse` stay a short way to set the default one.
 *
 * Takes anything, changes nothing of it, and leaves what it does not understand to the schema.
 */
export function inTodaysForm(given: unknown): unknown {
  if (!isObject(given) || !Object.hasOwn(given, 'warehouse')) return given;
  const { warehouse, ...rest } = given;
  if (warehouse === null || warehouse === undefined) return rest;
  const [first, ...others] = Array.isArray(rest['warehouses']) ? (rest['warehouses'] as unknown[]) : [];
  const before = isObject(first) ? first : { code: codeOfTheFirst };
  return { ...rest, warehouses: [isObject(warehouse) ? { ...before, ...warehouse } : warehouse, ...others] };
}

/** What the one warehouse of old settings is called now. */
export const codeOfTheFirst = 'main';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

import { findService, type Service } from './catalogue.ts';
import type { Problem } from '../domain/problem.ts';

export interface UnitToSend {
  readonly sku: string;
  /** Longest side first; null where it is not known. */
  readonly sizeMillimetres: readonly [number, number, number] | null;
}

/**
 * The units that are too large for the service, whichever way they are turned; none means that each would fit alone. How
 * several fit into one parcel is not looked at: packers know, and Posti measures.
 */
export function checkSizes(
  { service: id, addons }: { readonly service: string; readonly addons: readonly string[] },
  units: readonly UnitToSend[],
): Problem[] {
  const service = findService(id);
  const limit = service && limitOf(service, addons.includes('SPTR'));
  if (!service || !limit) return [];
  return units.flatMap(({ sku, sizeMillimetres: size }): Problem[] => {
    if (!size || size.every((side, i) => side <= limit[i]!)) return [];
    const oversized = service.oversizedMillimetres;
    const withSptr = oversized && limit !== oversized && size.every((side, i) => side <= oversized[i]!);
    return [
      {
        code: 'service_size_exceeded',
        field: 'lines',
        problem: `One unit of ${sku} is ${centimetres(size)}; ${service.id} ${service.names.en} takes at most ${centimetres(limit)}.`,
        remedy: withSptr
          ? 'Choose the add-on SPTR (oversized) or another service, or correct the size of the product.'
          : 'Choose another service, or correct the size of the product.',
      },
    ];
  });
}

/** Whether one unit fits into no locker of the service, whichever way it is turned. */
export function isTooLargeForLockers(
  { service: id }: { readonly service: string },
  units: readonly UnitToSend[],
): boolean {
  const limit = findService(id)?.lockerMillimetres;
  return limit !== undefined && units.some(({ sizeMillimetres: size }) => size?.some((side, i) => side > limit[i]!));
}

/** Whether all that is sent is one unit that is smaller than the least parcel: a packer has to take a larger box. */
export function isSmallerThanLeast(
  { service: id }: { readonly service: string },
  units: readonly (UnitToSend & { readonly quantity: number })[],
): boolean {
  const least = findService(id)?.minSizeMillimetres;
  const [only, another] = units;
  if (!least || !only || another || only.quantity > 1) return false;
  return only.sizeMillimetres?.some((side, i) => side < least[i]!) ?? false;
}

/** Null where no source says how large it may be. */
const limitOf = (service: Service, oversized: boolean): readonly [number, number, number] | null =>
  oversized ? (service.oversizedMillimetres ?? null) : service.maxSizeMillimetres;

const centimetres = (size: readonly number[]): string => `${size.map((side) => side / 10).join(' × ')} cm`;

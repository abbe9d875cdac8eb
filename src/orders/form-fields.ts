import type { Address } from './order.ts';

/** The value of the first of these form fields that is filled, or null. Their names' upper and lower case do not matter. */
export function filledField(address: Pick<Address, 'formFields'>, names: readonly string[]): string | null {
  for (const name of names) {
    const field = Object.entries(address.formFields).find(([key]) => comparable(key) === comparable(name));
    const value = field?.[1].trim();
    if (value) return value;
  }
  return null;
}

const comparable = (name: string): string => name.trim().toLowerCase();

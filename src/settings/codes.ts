/** Whether two codes of warehouses mean the same one: people write them by hand. */
export const sameCode = (a: string, b: string): boolean => comparable(a) === comparable(b);

const comparable = (code: string): string => code.normalize('NFC').trim().toLowerCase();

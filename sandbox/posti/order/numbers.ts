import type { Service } from './services.ts';

/** The tracking number of the parcel with this serial number: JJFI + contract + eleven digits, or S10 (posti.md 9). */
export function parcelNumber(service: Service, contract: string, serial: number): string {
  if (service.numbers === 'JJFI') return `JJFI${contract}${String(serial).padStart(11, '0')}`;
  const digits = String(serial % 100_000_000).padStart(8, '0');
  return `${service.numbers}${digits}${s10CheckDigit(digits)}FI`;
}

/** The check digit of an S10 number: weights 8 6 4 2 3 5 9 7, modulo 11 (posti.md 9; 47312482 → 9, 12345678 → 5). */
export function s10CheckDigit(digits: string): number {
  const weights = [8, 6, 4, 2, 3, 5, 9, 7];
  const sum = weights.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  const rest = 11 - (sum % 11);
  return rest === 10 ? 0 : rest === 11 ? 5 : rest;
}

/** As printed: `JJFI 654321 00000 000042`, the last six a group of their own (posti.md 9). */
export function groupedNumber(parcelNo: string): string[] {
  const jjfi = /^(JJFI)(\d{6})(\d{5})(\d{6})$/.exec(parcelNo);
  if (jjfi) return jjfi.slice(1);
  const s10 = /^([A-Z]{2})(\d{3})(\d{3})(\d{3})([A-Z]{2})$/.exec(parcelNo);
  return s10 ? s10.slice(1) : [parcelNo];
}

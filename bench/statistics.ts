/** The value at this share (0 to 1) of the sorted values, by the nearest rank. @throws RangeError for no values */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new RangeError('There is nothing to take a percentile of.');
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** `81 (79–95)`: median, least and greatest. */
export function spread(values: readonly number[], digits = 0): string {
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  return `${rounded(median(values), digits)} (${rounded(least, digits)}–${rounded(greatest, digits)})`;
}

export const rounded = (value: number, digits = 0): string => value.toFixed(digits);

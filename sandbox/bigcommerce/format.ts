/** Money and measures as V2 writes them: text with 4 decimals (bigcommerce.md 0.3). */
export function decimal4(value: number | string): string {
  return Number(value).toFixed(4);
}

/** Ten-thousandths, for sums without floating point. */
export function tenThousandths(value: string): number {
  return Math.round(Number(value) * 10_000);
}

export function fromTenThousandths(value: number): string {
  return (value / 10_000).toFixed(4);
}

/** RFC-2822 with a numeric zone, as V2 and its Last-Modified header write dates: `Thu, 18 Jun 2026 14:23:09 +0000`. */
export function rfc2822(ms: number): string {
  return new Date(ms).toUTCString().replace('GMT', '+0000');
}

/** ISO-8601 to the second with `+00:00`, as V3 writes dates. */
export function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`;
}

export function unixSeconds(ms: number): number {
  return Math.floor(ms / 1000);
}

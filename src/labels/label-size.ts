import type { LabelSize } from '../carriers/port.ts';

/** Of a label's page, in millimetres. */
const pageOf: Readonly<Record<LabelSize, { readonly width: number; readonly height: number }>> = {
  A5: { width: 148, height: 210 },
  '107x225': { width: 107, height: 225 },
};
const toleranceMm = 3;

/**
 * The size that a label was made in, by the medium that was ordered (posti.md 4.4), or by its page where a person brought
 * the file; null for a size that we do not order.
 *
 * There is no other: 107 × 225 mm is narrower than an A5 page and higher than one, so that neither fits on the other as it
 * is, and made smaller, the bars of its number leave what scanners are promised (posti.md 10: 0.42–0.50 mm).
 */
export function labelSizeOf(
  media: string,
  page: { readonly widthMm: number; readonly heightMm: number },
): LabelSize | null {
  if (media === 'laser-a5') return 'A5';
  if (media === 'thermo-225') return '107x225';
  // On its side, it is the same paper.
  const narrow = Math.min(page.widthMm, page.heightMm);
  const long = Math.max(page.widthMm, page.heightMm);
  const fits = (size: LabelSize) =>
    Math.abs(narrow - pageOf[size].width) <= toleranceMm && Math.abs(long - pageOf[size].height) <= toleranceMm;
  return (['A5', '107x225'] as const).find(fits) ?? null;
}

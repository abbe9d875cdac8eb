import { PDF, PdfArray, PdfName, PdfNumber } from '@libpdf/core';
import { createCanvas, points } from './canvas.ts';
import { drawLabel, type LabelPage } from './layout.ts';
import { createTypeface } from './typeface.ts';

/** Media of posti.md 4.4 and the page we draw for each, in mm. Sheets with several places get pages of one label. */
const pages: Record<string, { width: number; height: number }> = {
  'laser-a5': { width: 148, height: 210 },
  'laser-2a5': { width: 148, height: 210 },
  'laser-a4': { width: 148, height: 210 },
  'laser-ste': { width: 107, height: 251 },
  'thermo-se': { width: 107, height: 251 },
  'thermo-225': { width: 107, height: 225 },
  'thermo-190': { width: 107, height: 225 },
  'thermo-165': { width: 107, height: 225 },
  'thermo-brev3': { width: 107, height: 225 },
};

export const isMedia = (media: string): boolean => Object.hasOwn(pages, media);

/** Draws labels, one page for each parcel. */
export type DrawLabels = (media: string, labels: LabelPage[]) => Promise<Uint8Array>;

export function createLabelPrinter(): DrawLabels {
  const started = createTypeface();
  // Whoever asks for a label hears of the failure; nobody else needs to.
  started.catch(() => {});

  return async (media, labels) => {
    const typeface = await started;
    const size = pages[media];
    if (size === undefined) throw new RangeError(`There is no label medium "${media}".`);
    const pdf = await PDF.load(typeface.blank);
    const first = pdf.getPage(0);
    const fonts = first?.dict.get('Resources');
    if (!first || !fonts) throw new Error('The blank page has lost its fonts.');
    const [width, height] = [points(size.width), points(size.height)];
    first.dict.set(PdfName.MediaBox, PdfArray.of(...[0, 0, width, height].map((number) => PdfNumber.of(number))));

    labels.forEach((label, i) => {
      const page = i === 0 ? first : pdf.addPage({ width, height });
      // All pages share the fonts of the first.
      page.dict.set('Resources', fonts);
      const canvas = createCanvas(page, typeface, size);
      drawLabel(canvas, label);
      canvas.finish();
    });
    pdf.setTitle('Simulated Posti label');
    // The fonts are compressed already; the few kilobytes of drawing aren't worth the time that deflating them takes.
    return pdf.save({ compressStreams: false });
  };
}

import { PDF, PdfArray, PdfName, PdfNumber, type PDFPage } from '@libpdf/core';
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
    const box = [0, 0, points(size.width), points(size.height)].map((number) => PdfNumber.of(number));
    const sheets: PDFPage[] = [];
    for (let i = 0; i < labels.length; i++) {
      const [sheet] = await pdf.copyPagesFrom(pdf, [0]);
      if (sheet) sheets.push(sheet);
    }
    pdf.removePage(0);
    labels.forEach((label, i) => {
      const sheet = sheets[i];
      if (sheet === undefined) return;
      sheet.dict.set(PdfName.MediaBox, PdfArray.of(...box));
      const canvas = createCanvas(sheet, typeface, size);
      drawLabel(canvas, label);
      canvas.finish();
    });
    pdf.setTitle('Simulated Posti label');
    return pdf.save();
  };
}

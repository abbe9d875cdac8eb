import { ops, PDF, PdfArray, PdfName, PdfNumber, type PDFPage } from '@libpdf/core';
import type { LabelFile } from '../books.ts';
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
export type DrawLabels = (media: string, labels: LabelPage[], file?: LabelFile) => Promise<Uint8Array>;

export function createLabelPrinter(): DrawLabels {
  const started = createTypeface();
  // Whoever asks for a label hears of the failure; nobody else needs to.
  started.catch(() => {});

  return async (media, labels, file = 'plain') => {
    const typeface = await started;
    const size = pages[media];
    if (size === undefined) throw new RangeError(`There is no label medium "${media}".`);
    const pdf = await PDF.load(typeface.blank);
    const first = pdf.getPage(0);
    const fonts = first?.dict.get('Resources');
    if (!first || !fonts) throw new Error('The blank page has lost its fonts.');
    const [width, height] = [points(size.width), points(size.height)];
    first.dict.set(PdfName.MediaBox, boxOf([0, 0, width, height]));

    labels.forEach((label, i) => {
      const page = i === 0 ? first : pdf.addPage({ width, height });
      // All pages share the fonts of the first.
      page.dict.set('Resources', fonts);
      const before = file === 'turned' ? layOnItsSide(page, { width, height }) : [];
      const canvas = createCanvas(page, typeface, size, before);
      drawLabel(canvas, label);
      canvas.finish();
    });
    pdf.setTitle('Simulated Posti label');
    // The fonts are compressed already; the few kilobytes of drawing aren't worth the time that deflating them takes.
    const bytes = await pdf.save({ compressStreams: false });
    return file === 'late header' ? Buffer.concat([beforeTheHeader, bytes]) : bytes;
  };
}

/** Readers take a header within the first 1,024 bytes. */
const beforeTheHeader = Buffer.from('\r\n-- label --\r\n'.padEnd(200, ' ') + '\r\n');

const boxOf = (numbers: readonly number[]): PdfArray => PdfArray.of(...numbers.map((number) => PdfNumber.of(number)));

/**
 * The page lies on its side, away from 0, and viewers turn it by 90 degrees. Gives what has to be drawn before all else, so
 * that the label stands upright then.
 */
function layOnItsSide(
  page: PDFPage,
  { width, height }: { width: number; height: number },
): readonly ReturnType<typeof ops.concatMatrix>[] {
  const [left, bottom] = [10, 20];
  page.dict.set(PdfName.MediaBox, boxOf([left, bottom, left + height, bottom + width]));
  page.dict.set('Rotate', PdfNumber.of(90));
  return [ops.concatMatrix(0, 1, -1, 0, left + height, bottom)];
}

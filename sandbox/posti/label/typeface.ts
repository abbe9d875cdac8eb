import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PDF, type EmbeddedFont } from '@libpdf/core';

export type Weight = 'regular' | 'bold';

/** A PDF with one empty page whose fonts are cut to size once, so that drawing a label needn't embed them again. */
export interface Typeface {
  /** Page 0 of this file has the two fonts in its resources. */
  blank: Uint8Array;
  /** Resource name of a font on that page. */
  resource: Record<Weight, string>;
  /** Glyph numbers, two bytes each. Characters that the labels don't have are replaced by '?'. */
  glyphs(text: string, weight: Weight): Uint8Array;
  /** Width in points. */
  width(text: string, weight: Weight, size: number): number;
}

/**
 * Western and Cyrillic (posti.md 2, character set), and the punctuation of names and addresses. How far either goes, no
 * source says: all Latin and Cyrillic letters that the font has, those of Vietnamese, Kazakh and Ukrainian among them.
 */
const repertoire = [
  range(0x20, 0x7e),
  range(0xa0, 0x24f),
  range(0x400, 0x525),
  range(0x1e00, 0x1efb),
  '–—‘’‚“”„•…€№™',
].join('');

/** Embedding takes 150 ms and 700 kB, which a booking can't afford; cutting the fonts once makes it 55 kB and no time. */
export async function createTypeface(): Promise<Typeface> {
  const resolve = createRequire(import.meta.url).resolve;
  const read = (name: string) => new Uint8Array(readFileSync(resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)));
  const pdf = PDF.create();
  const page = pdf.addPage({ width: 100, height: 100 });
  const fonts: Record<Weight, EmbeddedFont> = {
    regular: pdf.embedFont(read('DejaVuSansCondensed')),
    bold: pdf.embedFont(read('DejaVuSansCondensed-Bold')),
  };
  const printable = new Set(repertoire);
  const clean = (text: string) =>
    Array.from(text.normalize('NFC'), (character) => (printable.has(character) ? character : '?')).join('');
  // Cutting keeps the glyph numbers, so those of the whole font stay good on the blank page.
  for (const font of Object.values(fonts)) font.encodeTextToGids(repertoire);

  return {
    resource: { regular: page.registerFont(fonts.regular), bold: page.registerFont(fonts.bold) },
    blank: await pdf.save({ subsetFonts: true }),
    glyphs: (text, weight) => {
      const gids = fonts[weight].encodeTextToGids(clean(text));
      return Uint8Array.from(gids.flatMap((gid) => [gid >> 8, gid & 0xff]));
    },
    width: (text, weight, size) => fonts[weight].getTextWidth(clean(text), size),
  };
}

function range(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)).join('');
}

import { ops, PdfString, type PDFPage } from '@libpdf/core';
import type { Bars } from './code128.ts';
import type { Typeface, Weight } from './typeface.ts';

type Operator = ReturnType<typeof ops.fill>;

const POINTS_PER_MM = 72 / 25.4;
export const points = (mm: number) => mm * POINTS_PER_MM;

export interface TextStyle {
  size: number;
  weight?: Weight;
  align?: 'left' | 'center' | 'right';
  grey?: boolean;
}

/** Draws on one page in millimetres from its top left corner; font sizes are points. */
export interface Canvas {
  readonly widthMm: number;
  readonly heightMm: number;
  text(text: string, x: number, baseline: number, style: TextStyle): void;
  /** Breaks between words, and within a word that is wider than the line. Text beyond `maxLines` ends in "…". */
  wrap(text: string, width: number, style: TextStyle, maxLines: number): string[];
  line(x1: number, y1: number, x2: number, y2: number): void;
  box(x: number, y: number, width: number, height: number): void;
  /** Bars centred in `width`, with modules as wide as fit up to 0.5 mm (posti.md 10: X 0.42–0.50 mm). */
  barcode(bars: Bars, x: number, y: number, width: number, height: number): void;
  /** Hands all that was drawn to the page. */
  finish(): void;
}

/**
 * @param size of the page in mm
 * @param before what holds for all that is drawn, like a matrix: drawn by itself it would be taken back at its end
 */
export function createCanvas(
  page: PDFPage,
  typeface: Typeface,
  size: { width: number; height: number },
  before: readonly Operator[] = [],
): Canvas {
  const operators: Operator[] = [...before];
  const up = (y: number) => points(size.height - y);
  const widthOf = (text: string, style: TextStyle) =>
    typeface.width(text, style.weight ?? 'regular', style.size) / POINTS_PER_MM;

  return {
    widthMm: size.width,
    heightMm: size.height,
    text: (text, x, baseline, style) => {
      const weight = style.weight ?? 'regular';
      const shift = { left: 0, center: 0.5, right: 1 }[style.align ?? 'left'];
      const grey = style.grey === true ? 0.45 : 0;
      operators.push(
        ops.beginText(),
        ops.setNonStrokingGray(grey),
        ops.setFont(typeface.resource[weight], style.size),
        ops.setTextMatrix(1, 0, 0, 1, points(x - shift * widthOf(text, style)), up(baseline)),
        ops.showText(PdfString.fromBytes(typeface.glyphs(text, weight))),
        ops.endText(),
      );
    },
    wrap: (text, width, style, maxLines) => wrapWords(text, (part) => widthOf(part, style) <= width, maxLines),
    line: (x1, y1, x2, y2) =>
      void operators.push(
        ops.setLineWidth(0.6),
        ops.moveTo(points(x1), up(y1)),
        ops.lineTo(points(x2), up(y2)),
        ops.stroke(),
      ),
    box: (x, y, width, height) =>
      void operators.push(
        ops.setLineWidth(0.6),
        ops.rectangle(points(x), up(y + height), points(width), points(height)),
        ops.stroke(),
      ),
    barcode: ({ modules, bars }, x, y, width, height) => {
      const module = Math.min(0.5, width / modules);
      const left = x + (width - module * modules) / 2;
      operators.push(ops.setNonStrokingGray(0));
      for (const bar of bars) {
        operators.push(
          ops.rectangle(points(left + bar.at * module), up(y + height), points(bar.width * module), points(height)),
        );
      }
      operators.push(ops.fill());
    },
    finish: () => page.drawOperators(operators),
  };
}

function wrapWords(text: string, fits: (part: string) => boolean, maxLines: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = '';
    for (const character of word) {
      if (line !== '' && !fits(line + character)) {
        lines.push(line);
        line = '';
      }
      line += character;
    }
  }
  if (line !== '') lines.push(line);
  if (lines.length <= maxLines) return lines;
  let last = lines[maxLines - 1] ?? '';
  while (last !== '' && !fits(`${last}…`)) last = last.slice(0, -1);
  return [...lines.slice(0, maxLines - 1), `${last}…`];
}

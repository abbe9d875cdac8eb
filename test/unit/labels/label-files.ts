import { createLabelPrinter } from '../../../sandbox/posti/label/label-pdf.ts';
import { aSheet } from './corpus/write-pdf.ts';
import { labelPages } from '../../../sandbox/posti/label/label-pages.ts';

const draw = createLabelPrinter();
const sender = { name: 'Öljynen Oy', address1: 'Tehtaankatu 1', zipcode: '00150', city: 'HELSINKI', country: 'FI' };

export const trackingNumber = (i: number): string => `JJFI654321${String(i).padStart(11, '0')}`;

/** A label as the stand-in Posti draws it: the i-th parcel of an invented shop, one page. */
export const aLabel = (i: number, media = 'laser-a5'): Promise<Uint8Array> =>
  draw(
    media,
    labelPages({
      ...{ id: `b${i}`, clientId: 'shop', contract: '654321', service: 'PO2103', addons: ['FRAG'], sender, media },
      receiver: { ...sender, name: `Asiakas ${i}` },
      parcels: [{ parcelNo: trackingNumber(i), weightKg: 1.5, addedScans: [] }],
      ...{ labelId: `l${i}`, createdAt: '2026-10-01T09:00:00.000Z', answered: 'whole', labelInAnswer: true },
      ...{ labelFetched: false, script: 'default' },
    }),
  );

/** A viewer has to draw its fields, so that it can not be merged. */
export const withFieldsThatViewersDraw: Uint8Array = aSheet({
  catalog: '/AcroForm << /Fields [] /NeedAppearances true >>',
});

/** A page whose contents are a list, the same for all words, of one stream that writes them. */
export function pdfThatLeadsTo(words: string): Uint8Array {
  const stream = `BT /F1 12 Tf 50 50 Td (${words}) Tj ET`;
  return plainPdf([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Resources << /Font << /F1 6 0 R >> >> /Contents 4 0 R >>',
    '[5 0 R]',
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]);
}

/** These objects, numbered from 1, with a cross-reference table. */
function plainPdf(objects: readonly string[]): Uint8Array {
  let text = '%PDF-1.7\n';
  const starts = objects.map((object, i) => {
    const start = text.length;
    text += `${i + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(start).padStart(10, '0')} 00000 n \n`;
  });
  const count = objects.length + 1;
  text += `xref\n0 ${count}\n0000000000 65535 f \n${starts.join('')}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
  return new TextEncoder().encode(text);
}

import { same, type CorpusFile } from './case.ts';
import { aSheet, helvetica, writePdf, drawing } from './write-pdf.ts';

const page = (name: string, entries: string, more: Parameters<typeof aSheet>[0] = {}): CorpusFile =>
  same(name, aSheet({ words: name, media: '', page: entries, ...more }));
const media = '/MediaBox [0 0 120 80]';

/** Page boxes and rotation. */
export const boxes: readonly CorpusFile[] = [
  page('media inherited', '', { pages: media }),
  page('crop inherited', media, { pages: '/CropBox [5 5 80 70]' }),
  page('both inherited', '', { pages: `${media} /CropBox [5 5 80 70]` }),
  page('own before inherited', '/MediaBox [0 0 100 80]', { pages: '/MediaBox [0 0 300 300]' }),
  page('origin shifted', '/MediaBox [-20 -10 120 80]'),
  page('origin far away', '/MediaBox [1000 2000 1120 2080]', {
    content: { dict: '', data: `q 1 0 0 1 1000 2000 cm ${drawing('far')} Q` },
  }),
  page('corners swapped', '/MediaBox [120 80 0 0]'),
  page('one corner swapped', '/MediaBox [0 80 120 0]'),
  page('crop swapped', `${media} /CropBox [80 70 5 5]`),
  page('crop larger than media', `${media} /CropBox [-50 -50 500 500]`),
  page('crop partly outside', `${media} /CropBox [60 40 500 500]`),
  page('crop beside media', `${media} /CropBox [300 300 400 400]`),
  page('crop of fractions', `${media} /CropBox [5.25 5.75 80.125 70.5]`),
  page('box by reference', '/MediaBox 6 0 R', { more: ['[0 0 120 80]'] }),
  page('corner by reference', '/MediaBox [0 0 6 0 R 80]', { more: ['120'] }),
  page('no box at all', '/Rotate 0'),
  page('box of three numbers', '/MediaBox [0 0 120]'),
  page('box without area', '/MediaBox [0 0 0 0]'),
  page('boxes for the press', `${media} /TrimBox [5 5 110 70] /BleedBox [2 2 115 75] /ArtBox [10 10 100 60]`),
  page('unit of 2', `${media} /UserUnit 2`),
  page('unit of 0.5', `${media} /UserUnit .5`),
  page('unit of the branch', media, { pages: '/UserUnit 3' }),
  ...[90, 180, 270, 360, 450, -90, -270].map((turn) => page(`turned by ${turn}`, `${media} /Rotate ${turn}`)),
  ...['45', '89', '90.0', '100', '(90)'].map((turn) => page(`turned by an odd ${turn}`, `${media} /Rotate ${turn}`)),
  page('turned by the branch', media, { pages: '/Rotate 90' }),
  page('turned back', `${media} /Rotate 0`, { pages: '/Rotate 90' }),
  page('turned by reference', `${media} /Rotate 6 0 R`, { more: ['270'] }),
  page('turned and cropped', `${media} /Rotate 90 /CropBox [10 20 90 70]`),
  page('turned, cropped and shifted', '/MediaBox [-30 -20 120 80] /Rotate 270 /CropBox [-10 -5 90 70] /UserUnit 1.5'),
  same(
    'all from the top of three branches',
    writePdf([
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Kids [6 0 R] /Count 1 /MediaBox [0 0 120 80] /Rotate 90 >>',
      '<< /Type /Page /Parent 7 0 R /Contents 4 0 R >>',
      { dict: '', data: drawing('three') },
      helvetica,
      '<< /Type /Pages /Parent 2 0 R /Kids [7 0 R] /Count 1 /CropBox [0 0 100 70] >>',
      '<< /Type /Pages /Parent 6 0 R /Kids [3 0 R] /Count 1 /Resources << /Font << /F1 5 0 R >> >> >>',
    ]),
  ),
];

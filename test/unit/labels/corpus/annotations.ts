import { refused, same, type CorpusFile } from './case.ts';
import { aSheet, type Body, type Sheet } from './write-pdf.ts';

const appearance: Body = {
  dict: '/Type /XObject /Subtype /Form /BBox [0 0 50 30] /Resources << /Font << /F1 5 0 R >> >>',
  data: '0.9 g 0 0 50 30 re f 0 g BT /F1 8 Tf 3 10 Td (drawn) Tj ET',
};
const other: Body = { dict: '/Type /XObject /Subtype /Form /BBox [0 0 50 30]', data: '0 g 0 0 50 30 re f' };
/** An annotation (6), its appearance (7), another (8), and further objects. */
const sheet = (entries: string, more: Sheet & { readonly objects?: readonly Body[] } = {}): Uint8Array =>
  aSheet({
    page: '/Annots [6 0 R]',
    ...more,
    more: [`<< /Type /Annot /Rect [40 20 90 50] ${entries} >>`, appearance, other, ...(more.objects ?? [])],
  });
const over = (name: string, ...file: Parameters<typeof sheet>): CorpusFile =>
  same(`annotation: ${name}`, sheet(...file));
const field = (name: string, entries: string, form = '', objects: readonly Body[] = []): CorpusFile =>
  same(
    `field: ${name}`,
    sheet(`/Subtype /Widget /T (${name}) ${entries}`, { catalog: `/AcroForm << /Fields [6 0 R] ${form} >>`, objects }),
  );
const drawnByViewer = (name: string, entries: string, form = ''): CorpusFile => ({
  ...field(name, entries, form),
  refused: 'form',
});

/** Annotations and form fields. */
export const annotations: readonly CorpusFile[] = [
  over('a stamp', '/Subtype /Stamp /F 4 /AP << /N 7 0 R >>'),
  over('a stamp by reference', '/Subtype /Stamp /F 4 /AP 9 0 R', { objects: ['<< /N 7 0 R >>'] }),
  over('a list elsewhere', '/Subtype /Stamp /F 4 /AP << /N 7 0 R >>', {
    page: '/Annots 9 0 R',
    objects: ['[6 0 R null]'],
  }),
  over('one that stands in the page', '/Subtype /Stamp', {
    page: '/Annots [<< /Subtype /Stamp /Rect [10 40 60 70] /F 4 /AP << /N 8 0 R >> >>]',
  }),
  over('one that is hidden', '/Subtype /Stamp /F 2 /AP << /N 7 0 R >>'),
  over('one for the screen alone', '/Subtype /Stamp /F 0 /AP << /N 7 0 R >>'),
  over('one for paper alone', '/Subtype /Stamp /F 36 /AP << /N 7 0 R >>'),
  over('one that leads back to its page', '/Subtype /Stamp /F 4 /P 3 0 R /AP << /N 7 0 R >>'),
  over(
    'a link with a border',
    '/Subtype /Link /Border [0 0 2] /C [1 0 0] /A << /S /URI /URI (https://example.com/) >>',
  ),
  over('a link to a page', '/Subtype /Link /Border [0 0 0] /Dest [3 0 R /Fit]'),
  over('a mark without its appearance', '/Subtype /Highlight /QuadPoints [40 50 90 50 40 20 90 20] /C [1 1 0] /F 4'),
  over('a square without its appearance', '/Subtype /Square /C [1 0 0] /IC [.9 .9 .5] /BS << /W 2 >> /F 4'),
  over(
    'words with their reply',
    '/Subtype /FreeText /DA (/Helv 8 Tf 0 g) /Contents (words) /F 4 /AP << /N 7 0 R >> /Popup 9 0 R',
    { objects: ['<< /Type /Annot /Subtype /Popup /Parent 6 0 R /Rect [0 0 10 10] >>'] },
  ),
  over('a state of two', '/Subtype /Stamp /F 4 /AS /On /AP << /N << /On 8 0 R /Off 7 0 R >> >>'),
  field('text', '/FT /Tx /V (words) /DA (/F1 8 Tf) /F 4 /AP << /N 7 0 R >>'),
  field('text of a parent', '/Parent 9 0 R /F 4 /AP << /N 7 0 R >>', '', [
    '<< /FT /Tx /T (p) /V (words) /Kids [6 0 R] >>',
  ]),
  field('ticked', '/FT /Btn /V /Yes /AS /Yes /F 4 /AP << /N << /Yes 8 0 R /Off 7 0 R >> >>'),
  field('not ticked', '/FT /Btn /V /Off /AS /Off /F 4 /AP << /N << /Yes 8 0 R /Off 7 0 R >> >>'),
  field(
    'pushed',
    '/FT /Btn /Ff 65536 /F 4 /MK << /CA (Print) >> /A << /S /JavaScript /JS (this.print\\(\\)) >> /AP << /N 7 0 R /D 8 0 R >>',
  ),
  field('signed', '/FT /Sig /F 132 /AP << /N 7 0 R >>', '/SigFlags 3'),
  field('hidden', '/FT /Tx /F 2'),
  same(
    'field: an invisible signature',
    aSheet({
      catalog: '/AcroForm << /Fields [6 0 R] >>',
      page: '/Annots [6 0 R]',
      more: ['<< /Type /Annot /Subtype /Widget /FT /Sig /T (s) /Rect [0 0 0 0] /F 132 >>'],
    }),
  ),
  drawnByViewer('without its appearance', '/FT /Tx /V (words) /F 4'),
  drawnByViewer('that the viewer draws', '/FT /Tx /V (words) /F 4 /AP << /N 7 0 R >>', '/NeedAppearances true'),
  drawnByViewer('of XFA', '/FT /Tx /V (words) /F 4 /AP << /N 7 0 R >>', '/XFA (<x/>)'),
  drawnByViewer('ticked without a state', '/FT /Btn /V /Yes /F 4 /AP << /N << /Yes 8 0 R >> >>'),
  refused(
    'other_files',
    'annotation: a file',
    sheet('/Subtype /FileAttachment /FS << /Type /Filespec /F (a.txt) >> /AP << /N 7 0 R >>'),
  ),
  refused('other_files', 'annotation: a film', sheet('/Subtype /RichMedia /AP << /N 7 0 R >>')),
];

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';
import { refused, same, type CorpusFile } from './case.ts';
import { aSheet, drawing, type Body, type Sheet } from './write-pdf.ts';

const page = (name: string, sheet: Sheet): CorpusFile => same(name, aSheet({ words: name, ...sheet }));
const drawn = (name: string, data: string, sheet: Sheet = {}): CorpusFile =>
  page(name, { content: { dict: '', data }, ...sheet });
const form = (dict: string, data: string): Body => ({ dict: `/Type /XObject /Subtype /Form ${dict}`, data });
const usesForm = { resources: '/XObject << /X1 6 0 R >>', content: { dict: '', data: '/X1 Do' } };
const bars = '0 g 0 0 2 40 re 5 0 1 40 re 8 0 4 40 re 15 0 1.5 40 re f';
const tiny = '0 g 0 0 500000 10000000 re 1250000 0 250000 10000000 re 2000000 0 1000000 10000000 re f';

const hex = (text: string): string => `${Buffer.from(text, 'latin1').toString('hex')}>`;
function ascii85(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4) {
    const chunk = Buffer.alloc(4);
    const count = Math.min(4, bytes.length - at);
    chunk.set(bytes.subarray(at, at + count));
    let value = chunk.readUInt32BE(0);
    const digits = Array.from({ length: 5 }, () => {
      const digit = value % 85;
      value = Math.floor(value / 85);
      return String.fromCharCode(33 + digit);
    }).reverse();
    text += value === 0 && count === 4 && chunk.readUInt32BE(0) === 0 ? 'z' : digits.slice(0, count + 1).join('');
  }
  return `${text}~>`;
}
const runs = (text: string): string =>
  text.replaceAll(/[^]{1,128}/g, (run) => `${String.fromCharCode(run.length - 1)}${run}`) + '\x80';
const flate = (text: string) => deflateSync(Buffer.from(text, 'latin1'));
const typeface = () => readFileSync(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf'));

/** Numbers, forms, fonts, filters and pictures. */
export const content = (): readonly CorpusFile[] => [
  page('bars through a matrix of 0.000004', {
    ...usesForm,
    more: [form('/BBox [0 0 10000000 10000000] /Matrix [0.000004 0 0 0.000004 10 20]', tiny)],
  }),
  page('bars through a matrix of .000004', {
    ...usesForm,
    more: [form('/BBox [0 0 10000000. +10000000] /Matrix [.000004 -.0 +.0 .000004 +10. 20]', tiny)],
  }),
  page('a matrix of 4e-6', {
    ...usesForm,
    more: [form('/BBox [0 0 10000000 10000000] /Matrix [4e-6 0 0 4e-6 10 20]', tiny)],
  }),
  page('numbers with signs and without digits', {
    ...usesForm,
    more: [form('/BBox [-.0 +.0 +100. 00080] /Matrix [+.5 0 -.0 +.5 00010 10.00000]', bars)],
  }),
  page('numbers that are none', { ...usesForm, more: [form('/BBox [0 0 100 80] /Matrix [1 --0 0 1 10 1-0]', bars)] }),
  page('a number of twenty digits', {
    ...usesForm,
    more: [form('/BBox [0 0 100 80] /Matrix [1.00000000000000000001 0 0 1 10 12345678901234567890e0]', bars)],
  }),
  page('a very small step of a pattern', {
    resources: '/Pattern << /P1 6 0 R >>',
    content: { dict: '', data: '/Pattern cs /P1 scn 10 10 90 60 re f' },
    more: [
      {
        dict: '/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1000000 1000000] /XStep 2000000 /YStep 1500000 /Resources << >> /Matrix [.000004 0 0 .000004 0 0]',
        data: '0 g 0 0 1000000 1000000 re f',
      },
    ],
  }),
  drawn('a line width of 0.0001', '0.0001 w 10 10 m 100 70 l S 1.5 w [.5 .25] 0 d 10 70 m 100 10 l S'),

  page('a form without resources', { ...usesForm, more: [form('/BBox [0 0 120 80]', drawing('of the page'))] }),
  page('a form with its own', {
    ...usesForm,
    more: [
      form('/BBox [0 0 120 80] /Resources << /Font << /F1 7 0 R >> >>', drawing('own')),
      '<< /Type /Font /Subtype /Type1 /BaseFont /Courier-Bold >>',
    ],
  }),
  page('forms in forms', {
    ...usesForm,
    more: [
      form('/BBox [0 0 120 80] /Resources << /XObject << /X2 7 0 R >> >>', 'q .5 0 0 .5 5 5 cm /X2 Do Q /X2 Do'),
      form('/BBox [0 0 60 60] /Matrix [1 0 0 1 10 10]', bars),
    ],
  }),
  page('a form of which two are alike', {
    resources: '/XObject << /X1 6 0 R /X2 7 0 R >>',
    content: { dict: '', data: '/X1 Do 1 0 0 1 40 0 cm /X2 Do' },
    more: [form('/BBox [0 0 60 60]', bars), form('/BBox [0 0 60 60]', bars)],
  }),
  page('a form that draws itself', {
    ...usesForm,
    more: [form('/BBox [0 0 120 80] /Resources << /XObject << /X1 6 0 R >> >>', `${bars} 0.5 0 0 0.5 30 10 cm /X1 Do`)],
  }),
  page('groups and masks', {
    resources: '/XObject << /X1 6 0 R >> /ExtGState << /G1 7 0 R /G2 << /ca .4 /BM /Multiply >> >>',
    content: { dict: '', data: '0.7 g 0 0 60 80 re f q /G1 gs /X1 Do Q /G2 gs 0.2 0.4 0.9 rg 40 20 60 30 re f' },
    page: '/Group << /S /Transparency /CS /DeviceRGB /I true >>',
    more: [
      form('/BBox [0 0 120 80] /Group << /S /Transparency >>', bars),
      '<< /Type /ExtGState /SMask << /Type /Mask /S /Luminosity /G 8 0 R /BC [0] >> >>',
      form('/BBox [0 0 120 80] /Group << /S /Transparency /CS /DeviceGray >>', '1 g 0 0 12 80 re f'),
    ],
  }),
  page('shadings', {
    resources:
      '/Shading << /S1 << /ShadingType 2 /ColorSpace /DeviceRGB /Coords [10 0 110 0] /Function 6 0 R /Extend [true false] >> >>',
    content: { dict: '', data: '/S1 sh' },
    more: ['<< /FunctionType 2 /Domain [0 1] /C0 [1 0 .0005] /C1 [0 1 1] /N 1 >>'],
  }),

  ...['Times-Roman', 'Courier', 'Helvetica-BoldOblique', 'Symbol', 'ZapfDingbats'].map((name) =>
    page(`the standard font ${name}`, {
      resources: '/Font << /F1 6 0 R >>',
      contents: '4 0 R',
      more: [`<< /Type /Font /Subtype /Type1 /BaseFont /${name} >>`],
      words: 'Abc 123',
    }),
  ),
  drawn(
    'fonts by number and by name',
    'BT /F1 9 Tf 10 12 Td (\\101\\102 \\(x\\) \\\n y) Tj 0 20 Td <414243> Tj /Lo#6eg 12 Tf 0 20 Td [(W) -200 (V) .5 (a)] TJ ET',
    {
      resources:
        '/Font << /F1 5 0 R /Long << /Type /Font /Subtype /Type1 /BaseFont /Times#2DRoman /Encoding << /Type /Encoding /Differences [65 /adieresis /B] >> >> >>',
    },
  ),
  page('a font of drawings', {
    resources: '/Font << /F1 6 0 R >>',
    content: { dict: '', data: 'BT /F1 20 Tf 10 20 Td (ab) Tj ET' },
    more: [
      '<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [.001 0 0 .001 0 0] /CharProcs << /a 7 0 R /b 8 0 R >> /Encoding << /Type /Encoding /Differences [97 /a /b] >> /FirstChar 97 /LastChar 98 /Widths [1000 1000] /Resources << >> >>',
      { dict: '', data: '1000 0 0 0 750 750 d1 0 0 750 750 re f' },
      { dict: '', data: '1000 0 0 0 1000 1000 d1 0 0 m 375 750 l 750 0 l f' },
    ],
  }),
  page('an embedded font', {
    resources: '/Font << /F1 6 0 R >>',
    content: { dict: '', data: 'BT /F1 14 Tf 10 20 Td (JJFI 0123) Tj ET' },
    more: [
      '<< /Type /Font /Subtype /TrueType /BaseFont /DejaVuSansMono /FirstChar 32 /LastChar 126 /Widths 8 0 R /Encoding /WinAnsiEncoding /FontDescriptor 7 0 R >>',
      '<< /Type /FontDescriptor /FontName /DejaVuSansMono /Flags 33 /FontBBox [-558 -375 718 1042] /ItalicAngle 0 /Ascent 928 /Descent -236 /CapHeight 729 /StemV 80 /FontFile2 9 0 R >>',
      `[${'602 '.repeat(95)}]`,
      { dict: '/Filter /FlateDecode', data: deflateSync(typeface()) },
    ],
  }),

  page('contents in a list', {
    contents: '[4 0 R 6 0 R]',
    more: [{ dict: '', data: '0.5 g 40 20 m 60 60 l 80 20 l f' }],
  }),
  page('contents in a list elsewhere', {
    contents: '6 0 R',
    more: ['[4 0 R 7 0 R]', { dict: '', data: '0.5 g 40 20 m 60 60 l 80 20 l f' }],
  }),
  page('contents cut between two words', {
    content: { dict: '', data: '0 g 10 30 2 40' },
    contents: '[4 0 R 6 0 R 7 0 R]',
    more: [
      { dict: '', data: 're f q 1 0 0 1' },
      { dict: '', data: `40 0 cm ${bars} Q` },
    ],
  }),
  page('an empty part of the contents', { contents: '[6 0 R 4 0 R]', more: [{ dict: '', data: '' }] }),
  page('packed contents', { content: { dict: '/Filter /FlateDecode', data: flate(drawing('packed')) } }),
  page('contents in a list of one filter', {
    content: { dict: '/Filter [/FlateDecode] /DecodeParms [null]', data: flate(drawing('packed')) },
  }),
  page('contents in hexadecimal', { content: { dict: '/Filter /ASCIIHexDecode', data: hex(drawing('hex')) } }),
  page('contents in two filters', {
    content: { dict: '/Filter [/ASCII85Decode /FlateDecode]', data: ascii85(flate(drawing('two'))) },
  }),
  page('contents in runs', { content: { dict: '/Filter /RunLengthDecode', data: runs(drawing('runs')) } }),
  page('a filter by its short name', { content: { dict: '/Filter /Fl', data: flate(drawing('short')) } }),
  page('a filter by reference', {
    content: { dict: '/Filter 6 0 R', data: flate(drawing('reference')) },
    more: ['/FlateDecode'],
  }),
  page('a length by reference', {
    content: { dict: '', data: drawing('length'), length: '6 0 R' },
    more: [String(drawing('length').length)],
  }),
  page('no line before the end of a stream', { endOfStream: '' }),
  page('two lines before the end of a stream', { endOfStream: '\r\n\r\n' }),

  page('a picture', {
    ...usesForm,
    content: { dict: '', data: 'q 100 0 0 60 10 10 cm /X1 Do Q' },
    more: [
      {
        dict: '/Type /XObject /Subtype /Image /Width 4 /Height 4 /BitsPerComponent 1 /ColorSpace /DeviceGray /Decode [1 0]',
        data: '\xa0\x50\xa0\x50',
      },
    ],
  }),
  page('a picture with a mask and a predictor', {
    ...usesForm,
    content: { dict: '', data: '0.9 0.2 0.1 rg 0 0 120 80 re f q 100 0 0 60 10 10 cm /X1 Do Q' },
    more: [
      {
        dict: '/Type /XObject /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 /ColorSpace [/Indexed /DeviceRGB 3 <000000FF000000FF000000FF>] /Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 2 >> /SMask 7 0 R',
        data: deflateSync(Buffer.from([0, 0, 1, 2, 2, 2])),
      },
      {
        dict: '/Type /XObject /Subtype /Image /Width 2 /Height 2 /BitsPerComponent 8 /ColorSpace /DeviceGray',
        data: '\xff\x80\x40\xc0',
      },
    ],
  }),
  page('a stencil', {
    ...usesForm,
    content: { dict: '', data: '0 0 1 rg q 100 0 0 60 10 10 cm /X1 Do Q' },
    more: [
      {
        dict: '/Type /XObject /Subtype /Image /ImageMask true /Width 8 /Height 2 /BitsPerComponent 1',
        data: '\xaa\x55',
      },
    ],
  }),
  drawn('a picture within the contents', 'q 100 0 0 60 10 10 cm BI /W 2 /H 2 /BPC 8 /CS /G ID \x00\xff\x80\x40 EI Q'),
  page('names with other characters', {
    resources: '/XObject << /Br#c3#a4nd#28 6 0 R >>',
    content: { dict: '', data: '/Br#c3#a4nd#28 Do' },
    more: [form('/BBox [0 0 120 80]', bars)],
  }),
  page('remarks between values', {
    resources: '/XObject <</X1%no 9 0 R\n6%>>\r0 R>>%end\n',
    content: { dict: '', data: '/X1 Do % (\n' },
    more: [form('/BBox[0 0 120 80]/Matrix[1 0 0 1 10 10]', bars)],
  }),
  page('texts with brackets, lines and keywords', {
    resources: '/ProcSet [(endobj) (a \\( b) (c (d) e) <2829> (\\\\)] /X << /Y (6 0 R >> endstream) >>',
  }),
  page('colours', {
    resources:
      '/ColorSpace << /C1 [/Separation /Black /DeviceCMYK 6 0 R] /C2 [/CalGray << /WhitePoint [.9505 1 1.089] /Gamma 1.8 >>] >>',
    content: {
      dict: '',
      data: '/C1 cs .7 scn 10 10 40 60 re f /C2 cs .3 scn 60 10 20 60 re f 0 0 0 1 k 90 10 20 60 re f',
    },
    more: ['<< /FunctionType 2 /Domain [0 1] /C0 [0 0 0 0] /C1 [0 0 0 1] /N 1 >>'],
  }),

  refused('other_files', 'contents in another file', aSheet({ content: { dict: '/F (other.bin)', data: '' } })),
  refused(
    'other_files',
    'a page of another file',
    aSheet({ ...usesForm, more: [form('/BBox [0 0 120 80] /Ref << /F (other.pdf) /Page 0 >>', bars)] }),
  ),
  refused(
    'damaged',
    'a length that is too short',
    aSheet({ content: { dict: '', data: drawing('short'), length: '20' } }),
  ),
  refused(
    'damaged',
    'a length that is too long',
    aSheet({ content: { dict: '', data: drawing('long'), length: '2000' } }),
  ),
  refused('damaged', 'a length that is missing', aSheet({ content: { dict: '', data: drawing('x'), length: 'null' } })),
  refused(
    'damaged',
    'a filter that is said twice',
    aSheet({ content: { dict: '/Filter /FlateDecode /Filter /ASCIIHexDecode', data: hex(drawing('x')) } }),
  ),
  refused('damaged', 'a font that is missing', aSheet({ resources: '/Font << /F1 77 0 R >>' })),
  refused('blank_page', 'nothing on the page', aSheet({ contents: 'null' })),
];

import { refused, same, type CorpusFile } from './case.ts';
import { aSheet, drawing, objectsOf, withUpdate, writePdf, type Body, type Sheet } from './write-pdf.ts';

const file = (name: string, sheet: Sheet): CorpusFile => same(`file: ${name}`, aSheet({ words: name, ...sheet }));
const damaged = (name: string, pdf: Uint8Array): CorpusFile => refused('damaged', `file: ${name}`, pdf);
const edited = (pdf: Uint8Array, from: RegExp | string, to: string): Uint8Array =>
  Buffer.from(Buffer.from(pdf).toString('latin1').replace(from, to), 'latin1');
const withFont: Sheet = {
  resources: '/Font << /F1 6 0 R >>',
  more: ['<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>'],
};
const changed = (words: string): ReadonlyMap<number, Body> => new Map([[4, { dict: '', data: drawing(words) }]]);
const plain = aSheet({ words: 'plain' });

/** How files are put together: tables, streams, updates, and what stands before and after. */
export const structure: readonly CorpusFile[] = [
  file('a table', {}),
  file('a list in a stream', { xref: 'stream' }),
  file('a list in a stream with a predictor', { xref: 'predicted' }),
  file('packed objects', { xref: 'packed', ...withFont }),
  file('packed objects of which one is a length', {
    xref: 'packed',
    content: { dict: '', data: drawing('x'), length: '6 0 R' },
    more: [String(drawing('x').length)],
  }),
  file('version 1.3', { version: '1.3' }),
  file('version 2.0', { version: '2.0' }),
  file('words before it', { before: 'HTTP/1.1 200 OK\r\n\r\n' }),
  file('a thousand bytes before it', { before: ' '.repeat(1000) }),
  file('words after it', { after: '\n<!-- sent by a gateway -->\n' }),
  file('zeros after it', { after: '\0'.repeat(500) }),
  file('a script when it is opened', {
    catalog:
      '/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> /AA << >> /Names << /JavaScript << /Names [(a) 6 0 R] >> >>',
    more: ['<< /S /JavaScript /JS (app.alert\\(2\\)) >>'],
  }),
  file('not to be scaled', { catalog: '/ViewerPreferences << /PrintScaling /None >>' }),
  file('its colours', {
    catalog: '/OutputIntents [<< /Type /OutputIntent /S /GTS_PDFX /OutputConditionIdentifier (FOGRA39) >>]',
  }),
  file('an object that leads to another', {
    resources: '/Font 6 0 R',
    more: ['<< /F1 7 0 R >>', '<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>'],
  }),
  same('file: changed', withUpdate(aSheet({ words: 'before' }), changed('after'))),
  same(
    'file: changed twice',
    withUpdate(withUpdate(aSheet({ words: 'before' }), changed('between')), changed('after')),
  ),
  same(
    'file: with an object set free',
    withUpdate(aSheet({ words: 'free', ...withFont, resources: '' }), new Map([[6, null]])),
  ),
  same(
    'file: with an object that was free before',
    withUpdate(
      aSheet({ resources: '/Font << /F1 8 0 R >>' }),
      new Map([[8, '<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>']]),
    ),
  ),
  same('file: a number that is none', edited(plain, '0 0 120 80', '0 0 120x 80')),
  same('file: lines of both kinds', edited(plain, /endobj\n/g, 'endobj\r')),
  same(
    'file: a page of another generation',
    edited(
      edited(
        edited(plain, '\n4 0 obj', '\n4 7 obj'),
        /(0{5}\d{5} )00000( n \n)(?=\d{10} \d{5} n \ntrailer)/,
        '$100007$2',
      ),
      '/Contents 4 0 R',
      '/Contents 4 7 R',
    ),
  ),
  refused(
    'encrypted',
    'file: encrypted',
    aSheet({ trailer: '/Encrypt << /Filter /Standard /V 1 /R 2 /O (o) /U (u) /P -4 >>' }),
  ),
  refused('other_files', 'file: a collection', aSheet({ catalog: '/Collection << /Type /Collection >>' })),
  refused(
    'other_files',
    'file: a file that a picture leads to',
    aSheet({
      resources: '/XObject << /X1 6 0 R >>',
      more: [
        { dict: '/Type /XObject /Subtype /Form /BBox [0 0 1 1] /AF [7 0 R]', data: '' },
        '<< /Type /Filespec /F (a) /EF << /F 8 0 R >> >>',
        { dict: '/Type /EmbeddedFile', data: 'a' },
      ],
    }),
  ),
  refused(
    'unsupported',
    'file: printed by another box',
    aSheet({ catalog: '/ViewerPreferences << /PrintArea /MediaBox >>' }),
  ),
  refused('unsupported', 'file: objects hidden from old readers', hybrid()),
  damaged('cut off', plain.subarray(0, 500)),
  damaged('without its end', edited(plain, /startxref[^]*/, '')),
  damaged('its end far away', edited(plain, /$/, ' '.repeat(2000))),
  damaged('a table somewhere else', edited(plain, /startxref\n\d+/, 'startxref\n15')),
  damaged('objects somewhere else', edited(plain, 'xref\n0', 'xref\n1')),
  damaged('lines that are too short', edited(plain, / n \n/g, ' n\n')),
  damaged('one object more than it says', edited(plain, '\n5 0 obj', '\n9 0 obj')),
  damaged('words within the objects', edited(plain, '\n4 0 obj', '\nxx\n4 0 obj')),
  damaged('no catalog', edited(plain, '/Root 1 0 R', '/Root 9 0 R')),
  damaged('a bracket too few', edited(plain, /\[0 0 120 80\]/, '[0 0 120 80 ')),
  damaged('a word where a value should be', edited(plain, '0 0 120 80', '0 0 120 xR')),
  damaged(
    'a list in a circle',
    edited(
      plain,
      'trailer\n<< ',
      `trailer\n<< /Prev ${/startxref\n(\d+)/.exec(Buffer.from(plain).toString('latin1'))![1]} `,
    ),
  ),
  damaged('two thousand bytes before it', aSheet({ before: ' '.repeat(2000) })),
  damaged('not a PDF', Buffer.from('<html><body>Error</body></html>')),
];

/** A table that calls an object free, and a stream that has it. */
function hybrid(): Uint8Array {
  const objects = objectsOf({ words: 'hybrid' });
  const pdf = Buffer.from(
    writePdf([...objects, { dict: '/Type /XRef /W [1 2 2] /Size 9 /Index [8 1]', data: '\x01\x00\x0f\x00\x00' }]),
  );
  const text = pdf.toString('latin1');
  const start = /startxref\n(\d+)/.exec(text)![1]!;
  const stream = text.indexOf('6 0 obj');
  return Buffer.from(
    `${text}xref\n8 1\n0000000000 65535 f \ntrailer\n<< /Size 9 /Root 1 0 R /Prev ${start} /XRefStm ${stream} >>\nstartxref\n${text.length}\n%%EOF\n`,
    'latin1',
  );
}

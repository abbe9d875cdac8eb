import { deflateSync } from 'node:zlib';

/** An object as it stands in the file, or a stream: its dictionary without the length, and what it carries. */
export type Body = string | { readonly dict: string; readonly data: string | Uint8Array; readonly length?: string };

export interface Writing {
  /** `table`: as all files before 2003. `stream`: a cross-reference stream. `packed`: that, and objects in object streams. */
  readonly xref?: 'table' | 'stream' | 'predicted' | 'packed';
  readonly before?: string;
  readonly after?: string;
  /** Further entries of the trailer. */
  readonly trailer?: string;
  /** Changes the finished text, before its table of objects is written. */
  readonly endOfStream?: string;
  readonly version?: string;
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** These objects, numbered from 1, the first of which is the catalog. Written by hand: a library would not write what is odd. */
export function writePdf(objects: readonly Body[], writing: Writing = {}): Uint8Array {
  const { xref = 'table', before = '', after = '', trailer = '', version = '1.7' } = writing;
  const parts: Buffer[] = [latin1(`%PDF-${version}\n%\xe2\xe3\xcf\xd3\n`)];
  let length = parts[0]!.length;
  const add = (part: Buffer) => {
    parts.push(part);
    length += part.length;
  };
  const rows: (readonly [type: number, second: number, third: number])[] = [[0, 0, 65535]];
  const packNumber = objects.length + 1;
  const packed: string[] = [];
  const index: number[] = [];
  objects.forEach((body, i) => {
    if (xref === 'packed' && typeof body === 'string') {
      rows.push([2, packNumber, index.length / 2]);
      index.push(i + 1, packed.join('').length);
      packed.push(`${body}\n`);
      return;
    }
    rows.push([1, length, 0]);
    add(objectOf(i + 1, body, writing));
  });
  if (xref === 'table') {
    const entries = rows.map(([type, offset, generation]) =>
      [String(offset).padStart(10, '0'), String(generation).padStart(5, '0'), type === 0 ? 'f \n' : 'n \n'].join(' '),
    );
    const start = length;
    const end = `trailer\n<< /Size ${rows.length} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`;
    add(latin1(`xref\n0 ${rows.length}\n${entries.join('')}${end}`));
  } else {
    if (xref === 'packed') {
      const head = `${index.join(' ')}\n`;
      rows.push([1, length, 0]);
      const dict = `/Type /ObjStm /N ${index.length / 2} /First ${head.length} /Filter /FlateDecode`;
      add(objectOf(packNumber, { dict, data: deflateSync(latin1(head + packed.join(''))) }, writing));
    }
    const start = length;
    rows.push([1, start, 0]);
    const bytes = Buffer.alloc(rows.length * 7);
    rows.forEach(([type, second, third], i) => {
      bytes.writeUInt8(type, i * 7);
      bytes.writeUInt32BE(second, i * 7 + 1);
      bytes.writeUInt16BE(third, i * 7 + 5);
    });
    const data = deflateSync(xref === 'predicted' ? predictedUp(bytes, 7) : bytes);
    const params = xref === 'predicted' ? '/DecodeParms << /Predictor 12 /Columns 7 >>' : '';
    const dict = `/Type /XRef /W [1 4 2] /Size ${rows.length} /Root 1 0 R /Filter /FlateDecode ${params} ${trailer}`;
    add(objectOf(rows.length - 1, { dict, data }, {}));
    add(latin1(`startxref\n${start}\n%%EOF\n`));
  }
  return Buffer.concat([latin1(before), ...parts, latin1(after)]);
}

function objectOf(number: number, body: Body, { endOfStream = '\n' }: Writing): Buffer {
  if (typeof body === 'string') return latin1(`${number} 0 obj\n${body}\nendobj\n`);
  const data = typeof body.data === 'string' ? latin1(body.data) : Buffer.from(body.data);
  const head = latin1(`${number} 0 obj\n<< ${body.dict} /Length ${body.length ?? data.length} >>\nstream\n`);
  return Buffer.concat([head, data, latin1(`${endOfStream}endstream\nendobj\n`)]);
}

/** Each row as the difference to the one above (PNG's filter 2). */
function predictedUp(bytes: Buffer, columns: number): Buffer {
  const rows: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += columns) {
    const row = Buffer.alloc(columns + 1);
    row[0] = 2;
    for (let i = 0; i < columns; i++) row[i + 1] = (bytes[at + i]! - (at > 0 ? bytes[at + i - columns]! : 0)) & 255;
    rows.push(row);
  }
  return Buffer.concat(rows);
}

/** A change behind a file: new and changed objects with a table of their own (ISO 32000-1, 7.5.6). */
export function withUpdate(pdf: Uint8Array, changes: ReadonlyMap<number, Body | null>): Uint8Array {
  const parts: Buffer[] = [Buffer.from(pdf)];
  let length = pdf.length;
  const previous = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(Buffer.from(pdf).toString('latin1'))![1]!;
  const entries = [...changes].map(([number, body]) => {
    // Null sets it free.
    if (body === null) return `${number} 1\n0000000000 00001 f \n`;
    const part = objectOf(number, body, {});
    parts.push(part);
    length += part.length;
    return `${number} 1\n${String(length - part.length).padStart(10, '0')} 00000 n \n`;
  });
  const trailer = `trailer\n<< /Size 90 /Root 1 0 R /Prev ${previous} >>\nstartxref\n${length}\n%%EOF\n`;
  return Buffer.concat([...parts, latin1(`xref\n${entries.join('')}${trailer}`)]);
}

export interface Sheet extends Writing {
  readonly words?: string;
  /** Further entries of the catalog, of the branch and of the page. */
  readonly catalog?: string;
  readonly pages?: string;
  readonly page?: string;
  readonly resources?: string;
  /** In place of what is drawn otherwise. */
  readonly content?: Body;
  readonly media?: string;
  /** In place of the page's reference to its contents. */
  readonly contents?: string;
  /** Further objects, from number 6. */
  readonly more?: readonly Body[];
}

export const helvetica = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';

/** Bars, a corner that shows which way is up, and words. */
export const drawing = (words: string): string =>
  `0 g 10 30 2 40 re 15 30 1 40 re 18 30 4 40 re 25 30 1.5 40 re f 0.8 g 100 60 15 15 re f 0 g 1 w 4 4 112 72 re S BT /F1 9 Tf 10 12 Td (${words}) Tj ET`;

/** A file of one small page. Objects: 1 catalog, 2 branch, 3 page, 4 contents, 5 font. */
export function aSheet(sheet: Sheet): Uint8Array {
  return writePdf(objectsOf(sheet), sheet);
}

export function objectsOf(sheet: Sheet): Body[] {
  const { words = 'Label', catalog = '', pages = '', page = '', media = '/MediaBox [0 0 120 80]' } = sheet;
  const { resources = '', content = { dict: '', data: drawing(words) }, contents = '4 0 R', more = [] } = sheet;
  return [
    `<< /Type /Catalog /Pages 2 0 R ${catalog} >>`,
    `<< /Type /Pages /Kids [3 0 R] /Count 1 ${pages} >>`,
    `<< /Type /Page /Parent 2 0 R ${media} /Resources << /Font << /F1 5 0 R >> ${resources} >> /Contents ${contents} ${page} >>`,
    content,
    helvetica,
    ...more,
  ];
}

import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createLabelChecker } from '../../../src/labels/checker.ts';
import { checkLabel, notExamined } from '../../../src/labels/label-check.ts';
import { mergeLabels } from '../../../src/labels/merge.ts';
import { aSheet, objectsOf, writePdf, type Body, type Sheet } from './corpus/write-pdf.ts';

const a5 = '/MediaBox [0 0 419.53 595.28]';
const sheet = (more: Sheet = {}) => aSheet({ media: a5, ...more });
/** What an engineer is told; undefined where it was merged. */
const whyNot = (...files: Uint8Array[]): string | undefined => {
  const outcome = mergeLabels(files.map((pdf, id) => ({ id, pdf })));
  return 'broken' in outcome ? outcome.broken[0]!.why : undefined;
};
const latin1 = (text: string) => Buffer.from(text, 'latin1');

/** A file that is nothing but its cross-reference stream. */
const onlyAList = (dict: string, rows: Buffer): Uint8Array => {
  const data = deflateSync(rows);
  const head = '%PDF-1.7\n';
  return Buffer.concat([
    latin1(
      `${head}1 0 obj\n<< /Type /XRef /Root 1 0 R /Filter /FlateDecode /Length ${data.length} ${dict} >>\nstream\n`,
    ),
    data,
    latin1(`\nendstream\nendobj\nstartxref\n${head.length}\n%%EOF\n`),
  ]);
};
const packs = (count: number, megabytes: number): Body[] =>
  Array.from({ length: count }, () => ({
    dict: '/Type /ObjStm /N 0 /First 0 /Filter /FlateDecode',
    data: deflateSync(Buffer.alloc(megabytes * 1024 * 1024, 32)),
  }));

/** Objects 6 and on stand in packs of their own, each of which is blown up by so many MB. */
const withPacks = (count: number, megabytes: number): Uint8Array => {
  const before = objectsOf({
    media: a5,
    page: `/Group [${Array.from({ length: count }, (_, i) => `${100 + i} 0 R`).join(' ')}]`,
  });
  const parts: Buffer[] = [latin1('%PDF-1.7\n')];
  const length = () => parts.reduce((sum, part) => sum + part.length, 0);
  const rows: [number, number, number, number][] = [];
  const add = (number: number, body: Body) => {
    rows.push([number, 1, length(), 0]);
    if (typeof body === 'string') parts.push(latin1(`${number} 0 obj\n${body}\nendobj\n`));
    else {
      const data = Buffer.from(body.data as Uint8Array);
      parts.push(
        latin1(`${number} 0 obj\n<< ${body.dict} /Length ${data.length} >>\nstream\n`),
        data,
        latin1('\nendstream\nendobj\n'),
      );
    }
  };
  before.forEach((body, i) =>
    add(i + 1, typeof body === 'string' ? body : { ...body, data: latin1(body.data as string) }),
  );
  for (let i = 0; i < count; i++) {
    const head = `${100 + i} 0 `;
    const data = Buffer.concat([latin1(`${head}true`), Buffer.alloc(megabytes * 1024 * 1024, 32)]);
    add(50 + i, { dict: `/Type /ObjStm /N 1 /First ${head.length} /Filter /FlateDecode`, data: deflateSync(data) });
    rows.push([100 + i, 2, 50 + i, 0]);
  }
  const start = length();
  rows.push([200, 1, start, 0]);
  const bytes = Buffer.alloc(rows.length * 7);
  rows.forEach(([, type, second, third], i) => {
    bytes.writeUInt8(type, i * 7);
    bytes.writeUInt32BE(second, i * 7 + 1);
    bytes.writeUInt16BE(third, i * 7 + 5);
  });
  const index = rows.map(([number]) => `${number} 1`).join(' ');
  const data = deflateSync(bytes);
  parts.push(
    latin1(
      `200 0 obj\n<< /Type /XRef /W [1 4 2] /Size 201 /Index [${index}] /Root 1 0 R /Filter /FlateDecode /Length ${data.length} >>\nstream\n`,
    ),
    data,
    latin1(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`),
  );
  return Buffer.concat(parts);
};

describe('a small file that would take very long', () => {
  test.each([
    [
      'whose list of objects has entries without bytes',
      onlyAList(`/W [0 0 0] /Size 9 /Index [${'0 100000 '.repeat(20)}]`, Buffer.alloc(0)),
      'entries of no width',
    ],
    [
      'whose list names more objects than it has entries for',
      onlyAList('/W [1 2 1] /Size 9 /Index [0 90000]', Buffer.alloc(40)),
      'is cut off',
    ],
    [
      'whose list names the same objects again and again',
      onlyAList(`/W [0 1 0] /Size 9 /Index [${'0 90000 '.repeat(3)}]`, Buffer.alloc(270_000)),
      'too many objects',
    ],
    ['that has a number of many digits which is none', sheet({ page: `/UserUnit ${'1'.repeat(40_000)}x` }), 'nothing'],
  ])('a small file that would take very long is given up at once: %s', (_what, pdf, why) => {
    if (why === 'nothing') expect(whyNot(pdf)).toBeUndefined();
    else expect(whyNot(pdf)).toContain(why);
  });

  test('a small file whose objects stand in each other’s texts is given up at once', () => {
    const count = 60;
    const more = Array.from({ length: count }, () => '(');
    // Written by hand: each object is a text that has all the following in it.
    const text = writePdf([
      ...objectsOf({ media: a5, page: `/Group [${more.map((_, i) => `${i + 6} 0 R`).join(' ')}]` }),
      ...more,
    ]);
    const closed = Buffer.from(text).toString('latin1');
    const nested = latin1(closed.replace('xref\n0', `${') endobj '.repeat(count)}\nxref\n0`));
    const moved = latin1(
      nested
        .toString('latin1')
        .replace(/startxref\n(\d+)/, (_, at: string) => `startxref\n${Number(at) + ') endobj '.length * count + 1}`),
    );
    expect(whyNot(moved)).toContain('stand within each other');
  });

  test('a small file with a thousand layers and their states is merged as usual', () => {
    const layers = Array.from({ length: 1_000 }, (_, i) => `${i + 6} 0 R`).join(' ');
    const more = Array.from({ length: 1_000 }, (_, i) => `<< /Type /OCG /Name (${i}) >>`);
    const pdf = sheet({ catalog: `/OCProperties << /OCGs [${layers}] /D << /ON [${layers}] >> >>`, more });
    expect(whyNot(pdf)).toBeUndefined();
  });
});

describe('what is unpacked', () => {
  test('the unpacked data of one file is bounded in total, whatever the size of each part', () => {
    expect(whyNot(withPacks(2, 10))).toBeUndefined();
    expect(whyNot(withPacks(4, 10))).toContain('unpacks to more than 32 MB');
  });

  test('the unpacked data of one stack of files is bounded, too', () => {
    const pdf = withPacks(2, 15);
    expect(whyNot(...Array<Uint8Array>(9).fill(pdf))).toContain('the labels unpack to more than');
  });

  test('the unpacked data is no more than is needed for the check of a label', () => {
    expect(checkLabel(sheet({ more: packs(3, 20) })).doubts).toEqual([]);
  });
});

describe('what is written', () => {
  test('the merged file is no multiple of what its pages share', () => {
    const count = 300;
    const kids = Array.from({ length: count }, (_, i) => `${i + 4} 0 R`).join(' ');
    const pdf = writePdf([
      '<< /Type /Catalog /Pages 2 0 R >>',
      `<< /Type /Pages /Kids [${kids}] /Count ${count} ${a5} /Resources << /Properties << /A (${'x'.repeat(20_000)}) >> >> >>`,
      { dict: '', data: '0 0 9 9 re f' },
      ...Array.from({ length: count }, () => '<< /Type /Page /Parent 2 0 R /Contents 3 0 R >>'),
    ]);
    const outcome = mergeLabels([{ id: 1, pdf }]);
    expect('merged' in outcome && outcome.merged.pdf.length).toBeLessThan(4 * pdf.length + 1_000_000);
  });

  test('the merged file is bounded where pages share their annotations', () => {
    const count = 300;
    const kids = Array.from({ length: count }, (_, i) => `${i + 5} 0 R`).join(' ');
    const pdf = writePdf([
      '<< /Type /Catalog /Pages 2 0 R >>',
      `<< /Type /Pages /Kids [${kids}] /Count ${count} ${a5} >>`,
      { dict: '', data: '0 0 9 9 re f' },
      `<< /Type /Annot /Subtype /Square /Rect [0 0 9 9] /Contents (${'x'.repeat(20_000)}) >>`,
      ...Array.from({ length: count }, () => '<< /Type /Page /Parent 2 0 R /Contents 3 0 R /Annots [4 0 R] >>'),
    ]);
    expect(whyNot(pdf)).toContain('far more');
  });

  test('the merged file has no annotation twice', () => {
    const more = ['<< /Type /Annot /Subtype /Square /Rect [0 0 9 9] >>'];
    expect(whyNot(sheet({ page: '/Annots [6 0 R 6 0 R]', more }))).toContain('an annotation is there twice');
  });
});

describe('a file that takes too long', () => {
  test('a file that takes too long is doubted for that, and the next file is checked', async () => {
    const hasty = createLabelChecker({ limitMs: 1 });
    expect(await hasty.check(sheet())).toEqual(notExamined);
    await hasty.close();
    const checker = createLabelChecker();
    expect(await checker.check(sheet())).toEqual({ sizes: ['A5'], doubts: [] });
    await checker.close();
  });

  test('a file that takes too long makes no request wait longer than its time limit', async () => {
    const checker = createLabelChecker({ patienceMs: 0 });
    expect(await checker.check(sheet())).toEqual(notExamined);
    await checker.close();
  });
});

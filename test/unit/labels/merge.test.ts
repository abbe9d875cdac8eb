import { PDF } from '@libpdf/core';
import { afterAll, describe, expect, test } from 'vitest';
import { labelSizeOf } from '../../../src/labels/label-size.ts';
import { mergeLabels, type LabelFile, type MergeOutcome } from '../../../src/labels/merge.ts';
import { createLabelMerger } from '../../../src/labels/merger.ts';
import { aLabel, pdfThatLeadsTo, trackingNumber } from './label-files.ts';

const labels = async (ids: readonly number[], media?: string): Promise<LabelFile[]> =>
  Promise.all(ids.map(async (id) => ({ id, pdf: await aLabel(id, media) })));

const mergedOf = (outcome: MergeOutcome) => {
  if ('broken' in outcome) throw new Error(`Labels are broken: ${JSON.stringify(outcome.broken)}`);
  return outcome.merged;
};
const textsOf = async (pdf: Uint8Array) =>
  (await PDF.load(pdf)).getPages().map((page) => page.extractText().text.replaceAll(/\s/g, ''));

describe('labels merged into one PDF', () => {
  test('merged labels are all there, in the given order, each with its own number and name', async () => {
    const order = [7, 3, 9, 1, 3];
    const texts = await textsOf(mergedOf(mergeLabels(await labels(order))).pdf);
    expect(texts).toHaveLength(5);
    for (const [position, id] of order.entries()) {
      expect(texts[position]).toContain(trackingNumber(id));
      expect(texts[position]).toContain(`Asiakas${id}`);
    }
  });

  test('merged labels share equal parts: a hundred take little more room than their drawings', async () => {
    const files = await labels(Array.from({ length: 100 }, (_, i) => i));
    const { pdf } = mergedOf(mergeLabels(files));
    const apart = files.reduce((sum, file) => sum + file.pdf.length, 0);
    expect(pdf.length).toBeLessThan(apart / 5);
  });

  test('merged labels keep their page sizes, also side by side', async () => {
    const outcome = mergeLabels([...(await labels([1])), ...(await labels([2], 'thermo-225'))]);
    const { pages } = mergedOf(outcome);
    expect(pages.map(({ widthMm, heightMm }) => `${Math.round(widthMm)}x${Math.round(heightMm)}`)).toEqual([
      '148x210',
      '107x225',
    ]);
  });

  test('merged labels that are equal byte by byte but refer to different objects stay apart', async () => {
    const files = ['Eka', 'Toka', 'Eka'].map((words, id) => ({ id, pdf: pdfThatLeadsTo(words) }));
    expect(await textsOf(mergedOf(mergeLabels(files)).pdf)).toEqual(['Eka', 'Toka', 'Eka']);
  });

  test('merged labels whose objects refer to themselves are merged all the same', async () => {
    const source = await PDF.load(await aLabel(4));
    const page = source.getPage(0)!;
    page.addLinkAnnotation({ rect: { x: 0, y: 0, width: 10, height: 10 }, uri: 'https://example.com/' });
    const annotations = page.getAnnotations();
    expect(annotations).not.toHaveLength(0);
    annotations[0]!.dict.set('P', page.ref);
    const outcome = mergeLabels([{ id: 4, pdf: await source.save() }, ...(await labels([5]))]);
    const texts = await textsOf(mergedOf(outcome).pdf);
    expect(texts[0]).toContain(trackingNumber(4));
    expect(texts[1]).toContain(trackingNumber(5));
  });
});

describe('a file that is no whole label', () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  const half = async () => (await aLabel(1)).subarray(0, 30_000);
  const pageless = async () => {
    const pdf = PDF.create();
    return pdf.save();
  };
  const blank = async () => {
    const pdf = PDF.create();
    pdf.addPage({ width: 420, height: 595 });
    return pdf.save();
  };

  test.each([
    ['is cut off', half],
    ['only begins like a PDF', () => Promise.resolve(encode('%PDF-1.7 and then nothing of the kind'))],
    ['has no page', pageless],
    ['has an empty page', blank],
    ['has no bytes', () => Promise.resolve(new Uint8Array())],
  ])('a file that is no whole label is named because it %s, and nothing is merged without it', async (_why, file) => {
    const outcome = mergeLabels([...(await labels([1])), { id: 66, pdf: await file() }, ...(await labels([2]))]);
    expect(outcome).toMatchObject({ broken: [{ id: 66 }] });
    expect(outcome).not.toHaveProperty('merged');
  });
});

describe('the thread that merges', () => {
  const merger = createLabelMerger();
  afterAll(() => merger.close());

  test('the merging thread gives the same file as merging in place, and names broken labels', async () => {
    const files = await labels([1, 2, 3]);
    const texts = await textsOf(mergedOf(await merger.merge(files)).pdf);
    expect(texts.map((text, i) => text.includes(trackingNumber(i + 1)))).toEqual([true, true, true]);
    // The files are still the caller's.
    expect(files[0]!.pdf.length).toBeGreaterThan(10_000);
    expect(await merger.merge([...files, { id: 9, pdf: new Uint8Array(8) }])).toMatchObject({ broken: [{ id: 9 }] });
  });

  test('the merging thread takes one stack at a time, and refuses when too many wait', async () => {
    const small = createLabelMerger({ waitingLimit: 1 });
    const files = await labels([1]);
    const asked = await Promise.allSettled(Array.from({ length: 4 }, () => small.merge(files)));
    expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    expect(asked[3]).toMatchObject({ reason: { code: 'labels_busy', kind: 'throttled' } });
    expect(await small.merge(files)).toHaveProperty('merged');
    await small.close();
  });

  test('the merging thread is ended when it takes too long, and the next stack gets a new one', async () => {
    const hasty = createLabelMerger({ limitMs: 1 });
    const files = await labels(Array.from({ length: 20 }, (_, i) => i));
    await expect(hasty.merge(files)).rejects.toMatchObject({ code: 'labels_not_merged', kind: 'retryable' });
    await expect(hasty.merge(files)).rejects.toMatchObject({ code: 'labels_not_merged' });
    await hasty.close();
  });
});

test.each([
  ['laser-a5', [148, 210], 'A5'],
  ['thermo-225', [107, 225], '107x225'],
  // Found by a person and uploaded: its page says.
  ['application/pdf', [148.3, 209.6], 'A5'],
  ['application/pdf', [106.9, 225.4], '107x225'],
  ['application/pdf', [210, 297], null],
])('a label of the medium %s with a page of %s mm is of the size %s', (media, [widthMm, heightMm], size) => {
  expect(labelSizeOf(media, { widthMm: widthMm!, heightMm: heightMm! })).toBe(size);
});

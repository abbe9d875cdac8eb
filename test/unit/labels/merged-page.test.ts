import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mergeLabels, type MergeOutcome } from '../../../src/labels/merge.ts';
import type { CorpusFile } from './corpus/case.ts';
import { corpus } from './corpus/corpus.ts';
import { aLabel } from './label-files.ts';
import { startRenderers, type Picture, type Renderers } from './rendered.ts';

const files: readonly CorpusFile[] = [
  ...corpus(),
  { name: 'label: A5, as the stand-in Posti draws it', pdf: await aLabel(1) },
  { name: 'label: 107 × 225 mm, as the stand-in Posti draws it', pdf: await aLabel(2, 'thermo-225') },
];
const outcomeOf = ({ pdf }: CorpusFile) => mergeLabels([{ id: 1, pdf }]);
const textOf = (outcome: MergeOutcome): string =>
  'merged' in outcome ? Buffer.from(outcome.merged.pdf).toString('latin1') : '';
const pagesIn = (outcome: MergeOutcome): number => textOf(outcome).split('/Type /Page\n').length - 1;

/** With the place of their first page in a file of all of them. */
const mergeable: readonly (CorpusFile & { readonly from: number; readonly to: number })[] = (() => {
  let to = 0;
  return files
    .filter(({ refused }) => refused === undefined)
    .map((file) => {
      const from = to;
      to += pagesIn(outcomeOf(file));
      return { ...file, from, to };
    });
})();
const mergeAll = () => mergeLabels(mergeable.map(({ pdf }, id) => ({ id, pdf })));

/** Two pictures are the same if and only if these are. */
const seen = ({ width, height, pixels }: Picture): string =>
  `${width} x ${height}, ${createHash('sha1').update(pixels).digest('hex')}`;

describe('a merged page', () => {
  let renderers: Renderers;
  beforeAll(async () => {
    renderers = await startRenderers();
  });
  afterAll(() => renderers.close());

  // All in one stack: what one file brings along must not change another's page.
  describe.each(['pdfium', 'pdfjs'] as const)('drawn by %s at 300 dpi', (renderer) => {
    const drawn = async (pdf: Uint8Array) => (await renderers[renderer](pdf, 300)).map(seen);
    let merged: string[];
    beforeAll(async () => {
      const outcome = mergeAll();
      if ('broken' in outcome) throw new Error(`Not merged: ${outcome.broken.map(({ why }) => why).join(', ')}`);
      merged = await drawn(outcome.merged.pdf);
    }, 120_000);

    test.each(mergeable)(
      'a merged page is, dot by dot, the page of the file alone: $name',
      async ({ pdf, from, to }) => {
        const alone = await drawn(pdf);
        expect(alone.length).toBeGreaterThan(0);
        expect(merged.slice(from, to)).toEqual(alone);
      },
    );

    test('a merged page is followed by no other', () => {
      expect(merged).toHaveLength(mergeable.at(-1)!.to);
    });
  });
});

describe('a file whose pages would not be sure to look the same', () => {
  test.each(files.filter(({ refused }) => refused !== undefined))(
    'a file whose pages might look different is refused with the reason: $name',
    (file) => {
      expect(outcomeOf(file)).toMatchObject({ broken: [{ id: 1, trouble: file.refused }] });
    },
  );
});

describe('what is no part of the page', () => {
  test('a merged page leaves out scripts, actions, form fields, structure, and former versions of the file', () => {
    const text = textOf(mergeAll());
    expect(text).toContain('/Type /Page\n');
    expect(text).not.toMatch(/JavaScript|OpenAction|\/AA\b|AcroForm|\/Widget|StructTreeRoot|\(before\)|\(between\)/);
  });
});

describe('the size of a page', () => {
  const sizeOf = (name: string) => {
    const outcome = outcomeOf(files.find((file) => file.name === name)!);
    const page = 'merged' in outcome ? outcome.merged.pages[0] : undefined;
    const points = (mm = 0) => Math.round((mm / 25.4) * 7200) / 100;
    return [points(page?.widthMm), points(page?.heightMm)];
  };
  test.each([
    ['media inherited', [120, 80]],
    ['crop inherited', [75, 65]],
    ['origin shifted', [140, 90]],
    ['corners swapped', [120, 80]],
    ['one corner swapped', [120, 80]],
    ['crop swapped', [75, 65]],
    ['crop larger than media', [120, 80]],
    ['crop partly outside', [60, 40]],
    ['box by reference', [120, 80]],
    ['unit of 2', [240, 160]],
    ['unit of the branch', [120, 80]],
    ['turned by 90', [80, 120]],
    ['turned by 180', [120, 80]],
    ['turned by -90', [80, 120]],
    ['turned by the branch', [80, 120]],
    ['turned back', [120, 80]],
    ['turned, cropped and shifted', [112.5, 150]],
    ['all from the top of three branches', [70, 100]],
    ['no box at all', [612, 792]],
  ])('the size of a page is what a viewer shows: %s', (name, size) => {
    expect(sizeOf(name)).toEqual(size);
  });
});

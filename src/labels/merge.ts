import { PDF } from '@libpdf/core';
import { createSharingCopier, Entangled, type SharingCopier } from './shared-objects.ts';

export interface LabelFile {
  readonly id: number;
  readonly pdf: Uint8Array;
}

export interface MergedLabels {
  /** All pages of all labels, in the order of the labels. */
  readonly pdf: Uint8Array;
  /** Of the first page of each label, in the same order. */
  readonly pages: readonly { readonly id: number; readonly widthMm: number; readonly heightMm: number }[];
}

/** Ids of the labels whose files can't be read: then there is no merged file, because one short would not be noticed. */
export type MergeOutcome =
  { readonly merged: MergedLabels } | { readonly broken: readonly { readonly id: number; readonly why: string }[] };

/**
 * One PDF of many. Reads strictly: the parser's lenient way makes a whole page of half a file, and what is missing would
 * be seen at the printer at best.
 */
export async function mergeLabels(files: readonly LabelFile[]): Promise<MergeOutcome> {
  const target = PDF.create();
  const copier = createSharingCopier(target);
  const pages: MergedLabels['pages'][number][] = [];
  const broken: { id: number; why: string }[] = [];
  for (const { id, pdf } of files) {
    try {
      const first = await addLabel(pdf, target, copier);
      pages.push({ id, widthMm: millimetres(first.width), heightMm: millimetres(first.height) });
    } catch (error) {
      broken.push({ id, why: error instanceof Error ? error.message : 'unreadable' });
    }
  }
  if (broken.length > 0) return { broken };
  target.setTitle(files.length === 1 ? 'Label' : `${files.length} labels`);
  // What is large in a label, fonts and pictures, is compressed already.
  return { merged: { pdf: await target.save({ compressStreams: false }), pages } };
}

async function addLabel(
  pdf: Uint8Array,
  target: PDF,
  copier: SharingCopier,
): Promise<{ readonly width: number; readonly height: number }> {
  const source = await PDF.load(pdf, { lenient: false });
  const first = source.getPage(0);
  if (!first) throw new Error('The file has no page.');
  if (source.isEncrypted) throw new Error('The file is encrypted.');
  if (!first.dict.has('Contents')) throw new Error('The first page is empty.');
  try {
    copier.addPages(source, pdf);
  } catch (error) {
    if (!(error instanceof Entangled)) throw error;
    await target.copyPagesFrom(
      source,
      source.getPages().map((_, i) => i),
    );
  }
  return first;
}

const millimetres = (points: number): number => (points / 72) * 25.4;

import { createPageAppender } from './append-pages.ts';
import { NotMergeable, type MergeTrouble } from './merge-trouble.ts';

export interface LabelFile {
  readonly id: number;
  readonly pdf: Uint8Array;
}

export interface MergedLabels {
  /** All pages of all labels, in the order of the labels. */
  readonly pdf: Uint8Array;
  /** Of the first page of each label, as a viewer shows it, in the same order. */
  readonly pages: readonly { readonly id: number; readonly widthMm: number; readonly heightMm: number }[];
}

export interface NotMerged {
  readonly id: number;
  readonly trouble: MergeTrouble;
  /** Where in the file, for an engineer. */
  readonly why: string;
}

/** Labels whose pages would not look the same in a merged file: then there is none, because one short would not be noticed. */
export type MergeOutcome = { readonly merged: MergedLabels } | { readonly broken: readonly NotMerged[] };

/**
 * One PDF of many, each page of which looks as it does in its own file. Reads strictly: a lenient reader makes a whole page
 * of half a file, and what is missing would be seen at the printer at best.
 */
export function mergeLabels(files: readonly LabelFile[]): MergeOutcome {
  const appender = createPageAppender();
  const pages: MergedLabels['pages'][number][] = [];
  const broken: NotMerged[] = [];
  for (const { id, pdf } of files) {
    try {
      pages.push({ id, ...appender.add(pdf) });
    } catch (error) {
      // One file that is too much for us is not the trouble of the others.
      const trouble = error instanceof NotMergeable ? error.trouble : 'unsupported';
      broken.push({ id, trouble, why: error instanceof Error ? error.message : 'unreadable' });
    }
  }
  if (broken.length > 0) return { broken };
  return { merged: { pdf: appender.finish(files.length === 1 ? 'Label' : `${files.length} labels`), pages } };
}
